import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../../../test/support/literals.ts';
import { historyOf, ledgerOf, type Told } from '../../../test/support/promise-story.ts';
import { obligations } from './obligations.ts';
import type { Standing } from './standing.ts';

/** What nobody can determine, and who may say that something is not affected (docs/decisions/0008). March 2026, UTC. */

const CVE = 'CVE-2026-0001';
const day = (of: number): string => `2026-03-${String(of).padStart(2, '0')}T10:00:00Z`;

type Held = Extract<Told, { type: 'image-confirmed' }>['contains'];
type Said = Partial<Extract<Told, { type: 'advisory-recorded' }>>;

const declared: Told = { type: 'line-declared', at: '2026-01-01T00:00:00Z', line: 'web:1', arches: ['amd64'] };
const holds = (at: string, contains: Held): Told => {
  return { type: 'image-confirmed', at, line: 'web:1', arch: 'amd64', contains };
};
const lib = (version: string, stream = '1'): Held => ({ lib: { stream, version } });
const range = { upstream: 'lib', stream: '1', fixed: '1.0.1' } as const;
const says = (at: string, more: Said = {}): Told => {
  return { type: 'advisory-recorded', id: CVE, severity: 'high', at, affected: [range], ...more };
};
const undetermined = { affected: [{ ...range, fixed: null, verdict: 'undetermined' }] } as const;
const denied = { affected: [{ ...range, fixed: null, verdict: 'not-affected' }] } as const;
const released: readonly Told[] = [
  { type: 'looked', upstream: 'lib', stream: '1', at: '2026-03-01T09:00:00Z', versions: [] },
  { type: 'looked', upstream: 'lib', stream: '1', at: day(1), versions: ['1.0.1'], publishedAt: { '1.0.1': day(1) } },
];
/** High, due on 3 March at 10:00. */
const due: readonly Told[] = [
  declared,
  holds('2026-01-02T00:00:00Z', lib('1.0.0')),
  says('2026-03-01T09:00:00Z'),
  ...released,
];
const vendor = { id: 'GHSA-aaaa', source: 'vendor', aliases: [CVE] } as const;

/** A module in a package of a distribution that lists only what it fixed. */
const owned: Held = {
  lib: { stream: '1', version: '1.0.0', ownedBy: 'py3-lib' },
  'py3-lib': { stream: '1', version: '1.0.0', isInstalled: true },
};
const mended: Held = {
  lib: { stream: '1', version: '1.0.0', ownedBy: 'py3-lib' },
  'py3-lib': { stream: '1', version: '1.0.5', isInstalled: true },
};
const ofOwner = (over: object = {}) => ({
  ...vendor,
  affected: [{ upstream: 'py3-lib', stream: '1', fixed: '1.0.5', ...over }],
});

interface Case {
  readonly story: readonly Told[];
  readonly now: string;
  readonly expected: Standing | null;
}

const cases: Readonly<Record<string, Case>> = {
  'a version without a place starts no clock': {
    story: [declared, holds('2026-01-02T00:00:00Z', lib('main')), says('2026-03-01T09:00:00Z'), ...released],
    now: day(9),
    expected: null,
  },
  'a record that has determined nothing starts no clock': {
    story: [declared, holds('2026-01-02T00:00:00Z', lib('1.0.0')), says(day(1), undetermined), ...released],
    now: day(9),
    expected: null,
  },
  'a version without a place in the same stream does not end what is open': {
    story: [...due, holds(day(2), lib('main'))],
    now: day(4),
    expected: 'overdue',
  },
  'a version with a place does': { story: [...due, holds(day(2), lib('1.0.1'))], now: day(4), expected: 'met' },
  'a version without a place that took the place of what was there does not': {
    story: [...due, says(day(1), { affected: [{ ...range, stream: null }] }), holds(day(2), lib('main', 'main'))],
    now: day(4),
    expected: 'overdue',
  },
  'beside what is clean in the stream, one without a place in another does not keep it open': {
    story: [
      ...due,
      holds(day(2), {
        lib: [
          { stream: '1', version: '1.0.1' },
          { stream: 'main', version: 'main' },
        ],
      }),
    ],
    now: day(4),
    expected: 'met',
  },
  'nothing of it is left': { story: [...due, holds(day(2), {})], now: day(4), expected: 'met' },
  'looked at in the code, and clean: it ends': {
    story: [
      ...due,
      { type: 'fix-verified', at: day(2), upstream: 'lib', version: 'main', id: CVE, result: 'contains' },
      holds(day(2), lib('main')),
    ],
    now: day(4),
    expected: 'met',
  },
  'looked at in the code, and flawed: it is open': {
    story: [
      declared,
      holds('2026-01-02T00:00:00Z', lib('main')),
      says('2026-03-01T09:00:00Z'),
      { type: 'fix-verified', at: day(1), upstream: 'lib', version: 'main', id: CVE, result: 'lacks' },
    ],
    now: day(4),
    expected: 'waiting',
  },
  'a record that becomes undetermined does not end what is open': {
    story: [...due, says(day(2), undetermined)],
    now: day(4),
    expected: 'overdue',
  },
  'a record that takes the flaw off what is held does': {
    story: [...due, says(day(2), { affected: [{ ...range, fixed: '0.9.0' }] })],
    now: day(4),
    expected: 'not-affected',
  },
  'undetermined, then taken off': {
    story: [...due, says(day(2), undetermined), says(day(3), { affected: [{ ...range, fixed: '0.9.0' }] })],
    now: day(4),
    expected: 'not-affected',
  },
  'undetermined, then taken off too late': {
    story: [...due, says(day(2), undetermined), says(day(4), { affected: [{ ...range, fixed: '0.9.0' }] })],
    now: day(5),
    expected: 'missed',
  },
  'another record of the vulnerability denies it in time': {
    story: [...due, says(day(2), { ...vendor, ...denied })],
    now: day(4),
    expected: 'not-affected',
  },
  'another record denies it exactly at the deadline': {
    story: [...due, says(day(3), { ...vendor, ...denied })],
    now: day(4),
    expected: 'not-affected',
  },
  'another record denies it after the miss': {
    story: [...due, says('2026-03-03T10:00:01Z', { ...vendor, ...denied })],
    now: day(4),
    expected: 'missed',
  },
  'another record denied it, and takes that back': {
    story: [...due, says(day(2), { ...vendor, ...denied }), says('2026-03-02T12:00:00Z', { ...vendor, affected: [] })],
    now: day(4),
    expected: 'overdue',
  },
  'a record of another vulnerability denies': {
    story: [...due, says(day(2), { ...vendor, aliases: [], ...denied })],
    now: day(4),
    expected: 'overdue',
  },
  'another record denies it for another stream': {
    story: [...due, says(day(2), { ...vendor, affected: [{ ...denied.affected[0], stream: '2' }] })],
    now: day(4),
    expected: 'overdue',
  },
  'a module whose owner has mended it was never open': {
    story: [declared, holds('2026-01-02T00:00:00Z', mended), says(day(1)), says(day(1), ofOwner()), ...released],
    now: day(4),
    expected: null,
  },
  'a module whose owner mends it: the owner is raised, the module keeps its number': {
    story: [
      declared,
      holds('2026-01-02T00:00:00Z', owned),
      says('2026-03-01T09:00:00Z'),
      says(day(1), ofOwner()),
      ...released,
      holds(day(2), mended),
    ],
    now: day(4),
    expected: 'met',
  },
  'a module whose owner is as it was': {
    story: [
      declared,
      holds('2026-01-02T00:00:00Z', owned),
      says('2026-03-01T09:00:00Z'),
      says(day(1), ofOwner()),
      ...released,
      holds(day(2), owned),
    ],
    now: day(4),
    expected: 'overdue',
  },
};

for (const [situation, { story, now, expected }] of Object.entries(cases)) {
  test(`obligations() is ${expected ?? 'nothing'}: ${situation}`, () => {
    const all = obligations(historyOf(ledgerOf(story, now)), instant(now));
    const standings = all.filter((each) => [each.vulnerability, ...each.aliases].includes(CVE));
    assert.deepEqual(
      standings.map(({ standing }) => standing),
      expected === null ? [] : [expected],
    );
  });
}
