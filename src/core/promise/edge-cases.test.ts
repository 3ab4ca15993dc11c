import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../../../test/support/literals.ts';
import { historyOf, ledgerOf, policyWith, type Told } from '../../../test/support/promise-story.ts';
import { obligations } from './obligations.ts';
import type { Obligation, Standing } from './standing.ts';

/** Every edge case of the promise by its number, with both sides of its boundary. Times are March 2026, UTC. */

interface Case {
  readonly edge: number;
  readonly name: string;
  readonly story: readonly Told[];
  readonly now: string;
  readonly expect: Expected | 'nothing' | Readonly<Record<string, Expected>>;
}

/** What is not named is not compared. */
interface Expected {
  readonly standing: Standing;
  readonly t0?: string | null;
  readonly due?: string | null;
  readonly t1?: string | null;
  readonly missedAt?: string | null;
  readonly marginSeconds?: number | null;
  readonly claims?: number;
  readonly discoveredAt?: string;
}

const CVE = 'CVE-2026-0001';
const HIGH = { type: 'advisory-recorded', id: CVE, severity: 'high' } as const;
const AFFECTED = { upstream: 'lib', stream: '1', fixed: '1.0.1' } as const;

/** `day(1, '10:00')` is 1 March, 10:00. */
function day(of: number, time = '10:00'): string {
  return `2026-03-${String(of).padStart(2, '0')}T${time.length === 5 ? `${time}:00` : time}Z`;
}

function declared(more: Partial<Told & { type: 'line-declared' }> = {}): Told {
  return { type: 'line-declared', at: '2026-01-01T00:00:00Z', line: 'web:1', arches: ['amd64'], ...more };
}

function confirmed(at: string, version: string, more: Partial<Told & { type: 'image-confirmed' }> = {}): Told {
  const contains = { lib: { stream: '1', version } };
  return { type: 'image-confirmed', at, line: 'web:1', arch: 'amd64', contains, ...more };
}

function advised(more: Partial<Told & { type: 'advisory-recorded' }> = {}): Told {
  return { ...HIGH, at: day(1, '09:00'), affected: [AFFECTED], ...more };
}

/** A look without the version, then one with it and the registry's date. */
function released(at: string, version = '1.0.1', more: { upstream?: string; stream?: string } = {}): readonly Told[] {
  const looked = { type: 'looked', upstream: 'lib', stream: '1', ...more } as const;
  const before = instant(at).subtract({ hours: 1 }).toString();
  return [
    { ...looked, at: before, versions: [] },
    { ...looked, at, versions: [version], publishedAt: { [version]: at } },
  ];
}

const EXPOSED: readonly Told[] = [declared(), confirmed('2026-01-02T00:00:00Z', '1.0.0')];
const TWO_ARCHITECTURES: readonly Told[] = [
  declared({ arches: ['amd64', 'arm64'] }),
  confirmed('2026-01-02T00:00:00Z', '1.0.0'),
  advised(),
  ...released(day(1)),
];
/** High, released on 1 March at 10:00: due on 3 March at 10:00. */
const DUE_DAY_3: readonly Told[] = [...EXPOSED, advised(), ...released(day(1))];
const KNOWN_START: Told = {
  type: 'policy-adopted',
  at: '2026-01-01T00:00:00Z',
  from: '2026-01-01T00:00:00Z',
  policy: policyWith({ start: 'release-and-known' }),
};
const shippedThen = (at: string): readonly Told[] => [
  ...EXPOSED,
  ...released(day(1)),
  confirmed(at, '1.0.1'),
  advised({ at: day(26) }),
];
const statement = (type: 'statement-made' | 'statement-withdrawn', at: string): Told => ({
  type,
  at,
  id: CVE,
  line: 'web:1',
});
/** Met on day 2, ended otherwise on day 4, brought back on day 6. */
const broughtBack = (end: Told): readonly Told[] => [
  ...DUE_DAY_3,
  confirmed(day(2), '1.0.1'),
  end,
  confirmed(day(6), '1.0.0'),
];
/** Supported until day 10; late since day 3; its release withdrawn, on day 5 unless said otherwise. */
const lateThenYanked = (at = day(5)): readonly Told[] => [
  ...DUE_DAY_3.slice(1),
  declared({ supportUntil: day(10) }),
  { type: 'release-withdrawn', at, upstream: 'lib', version: '1.0.1' },
];
const adopted = (at: string, from: string, high: number): Told => ({
  type: 'policy-adopted',
  at,
  from,
  policy: policyWith({ promise: { high } }),
});
const twoPolicies = (at: string, from: string): readonly Told[] => [
  adopted('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 172_800),
  ...DUE_DAY_3,
  adopted(at, from, 1_728_000),
];
const waiver: Told = {
  type: 'exception-granted',
  at: day(1, '20:00'),
  kind: 'waiver',
  id: CVE,
  line: 'web:1',
  until: day(21),
};
const waived = (at: string, until = day(21)): Told => ({ ...waiver, at, until });
/** One architecture fixed late on day 4, then a waiver, while the other one is open. */
const waivedBetween: readonly Told[] = [
  ...TWO_ARCHITECTURES,
  confirmed('2026-01-02T00:00:00Z', '1.0.0', { arch: 'arm64' }),
  confirmed(day(4), '1.0.1'),
  waived(day(5)),
];
const xz = (malicious: boolean): readonly Told[] => [
  declared(),
  { type: 'looked', at: '2026-01-01T00:00:00Z', upstream: 'lib', stream: '1', versions: ['1.4.6'] },
  confirmed('2026-02-25T00:00:00Z', '1.6.1'),
  advised({ malicious, affected: [{ upstream: 'lib', stream: '1', introduced: '1.6.0', fixed: null }] }),
];
const inStream = (stream: string, version: string): Partial<Told & { type: 'image-confirmed' }> => ({
  contains: { lib: { stream, version } },
});
const STREAM_31: readonly Told[] = [
  declared(),
  confirmed('2026-01-02T00:00:00Z', '', inStream('3.1', '3.1.4')),
  advised({
    affected: [
      { upstream: 'lib', stream: '3.1', fixed: null },
      { upstream: 'lib', stream: '3.2', fixed: '3.2.7' },
    ],
  }),
  ...released(day(1), '3.2.7', { stream: '3.2' }),
];
const streamEnds = (until: string): Told => ({
  type: 'stream-ended',
  at: day(1, '11:00'),
  upstream: 'lib',
  stream: '3.1',
  until,
});
const held = (...versions: readonly string[]): Partial<Told & { type: 'image-confirmed' }> => ({
  contains: { lib: versions.map((version, index) => ({ stream: '1', version, package: `package-${index}` })) },
});
const patched = { contains: { lib: { stream: '1', version: '1.0.0', patched: [CVE] } } };
const verified = (
  at: string,
  version: string,
  result: 'lacks' | 'contains' | 'patch-equivalent' | 'patch-differs',
): Told => ({
  type: 'fix-verified',
  at,
  upstream: 'lib',
  version,
  id: CVE,
  result,
});
const reRated = (at: string, severity: 'high' | 'medium'): Told => advised({ at, severity });
const tagged = (form: 'git-tag' | 'tarball'): readonly Told[] => {
  const looked = { type: 'looked', upstream: 'lib', stream: '1' } as const;
  return [
    ...EXPOSED,
    advised({ at: day(1, '07:00') }),
    { type: 'package-built', at: '2026-01-01T00:00:00Z', upstream: 'lib', name: 'lib', form },
    { ...looked, form: 'git-tag', at: day(1, '08:00'), versions: [] },
    { ...looked, form: 'tarball', at: day(1, '08:00'), versions: [] },
    { ...looked, form: 'git-tag', at: day(1, '09:00'), versions: ['1.0.1'], publishedAt: { '1.0.1': day(1, '09:00') } },
    { ...looked, form: 'tarball', at: day(1, '11:00'), versions: ['1.0.1'], publishedAt: { '1.0.1': day(1, '11:00') } },
  ];
};
const authored = (at: string): readonly Told[] => {
  const looked = { type: 'looked', upstream: 'lib', stream: '1' } as const;
  return [
    ...EXPOSED,
    advised({ at: day(1, '07:00') }),
    { ...looked, at: day(1, '08:00'), versions: [] },
    { ...looked, at: day(1, '10:00'), versions: ['1.0.1'], authoredAt: { '1.0.1': at } },
  ];
};
const MEDIUM = [...EXPOSED, reRated(day(1, '09:00'), 'medium'), ...released(day(1))];
const ghsa = (more: Partial<Told & { type: 'advisory-recorded' }> = {}): Told => advised({ id: 'GHSA-aaaa', ...more });
const own = (published: string, at: string): readonly Told[] => [
  ...EXPOSED,
  advised({ at, id: 'OWN-1', source: 'own', published, affected: [{ ...AFFECTED, fixed: null }] }),
];

const CASES: readonly Case[] = [
  {
    edge: 1,
    name: 'shipped before the advisory',
    story: shippedThen(day(1, '12:00')),
    now: day(27),
    expect: { standing: 'met', t0: day(1), marginSeconds: 165_599 },
  },
  {
    edge: 1,
    name: 'clean exactly at T0',
    story: shippedThen(day(1, '09:59:59')),
    now: day(27),
    expect: { standing: 'fixed-early', t0: day(1), due: null },
  },
  {
    edge: 1,
    name: 'clean one second after T0',
    story: shippedThen(day(1)),
    now: day(27),
    expect: { standing: 'met', t1: day(1, '10:00:01') },
  },
  {
    edge: 1,
    name: 'release-and-known: nothing held it when it became known',
    story: [KNOWN_START, ...shippedThen(day(1, '12:00'))],
    now: day(27),
    expect: { standing: 'fixed-early', t0: day(26) },
  },
  {
    edge: 2,
    name: 'no release yet',
    story: [...EXPOSED, advised(), ...released(day(22))],
    now: day(22, '09:59:59'),
    expect: { standing: 'waiting', t0: null },
  },
  {
    edge: 2,
    name: 'the release three weeks later',
    story: [...EXPOSED, advised(), ...released(day(22))],
    now: day(22),
    expect: { standing: 'on-track', t0: day(22), due: day(24) },
  },
  {
    edge: 3,
    name: 'a git recipe: the tag',
    story: tagged('git-tag'),
    now: day(1, '12:00'),
    expect: { standing: 'on-track', t0: day(1, '09:00') },
  },
  {
    edge: 3,
    name: 'a tarball recipe: the tarball',
    story: tagged('tarball'),
    now: day(1, '12:00'),
    expect: { standing: 'on-track', t0: day(1, '11:00') },
  },
  {
    edge: 3,
    name: 'a tarball recipe before the tarball',
    story: tagged('tarball'),
    now: day(1, '10:59:59'),
    expect: { standing: 'waiting' },
  },
  {
    edge: 4,
    name: 'a tag dated back to last week',
    story: authored('2026-02-22T00:00:00Z'),
    now: day(1, '12:00'),
    expect: { standing: 'on-track', t0: day(1, '08:00') },
  },
  {
    edge: 4,
    name: 'a tag dated between our looks is a lower bound',
    story: authored(day(1, '08:30')),
    now: day(1, '12:00'),
    expect: { standing: 'on-track', t0: day(1, '08:30') },
  },
  {
    edge: 5,
    name: 'only a candidate has the fix',
    story: [
      ...EXPOSED,
      advised({ affected: [{ ...AFFECTED, fixed: '1.0.1-rc.1' }] }),
      ...released(day(1), '1.0.1-rc.1'),
    ],
    now: day(9),
    expect: { standing: 'waiting' },
  },
  {
    edge: 5,
    name: 'the final release',
    story: [
      ...EXPOSED,
      advised({ affected: [{ ...AFFECTED, fixed: '1.0.1-rc.1' }] }),
      ...released(day(1), '1.0.1-rc.1'),
      ...released(day(8), '1.0.1'),
    ],
    now: day(9),
    expect: { standing: 'on-track', t0: day(8) },
  },
  {
    edge: 6,
    name: 'yanked at the deadline',
    story: [...DUE_DAY_3, { type: 'release-withdrawn', at: day(3), upstream: 'lib', version: '1.0.1' }],
    now: day(4),
    expect: { standing: 'waiting', t0: null, missedAt: null },
  },
  {
    edge: 6,
    name: 'yanked one second late: the miss stays',
    story: [...DUE_DAY_3, { type: 'release-withdrawn', at: day(3, '10:00:01'), upstream: 'lib', version: '1.0.1' }],
    now: day(4),
    expect: { standing: 'waiting', t0: null, missedAt: day(3) },
  },
  {
    edge: 6,
    name: 'the release after the yanked one',
    story: [
      ...DUE_DAY_3,
      { type: 'release-withdrawn', at: day(1, '15:00'), upstream: 'lib', version: '1.0.1' },
      ...released(day(2), '1.0.2'),
    ],
    now: day(2),
    expect: { standing: 'on-track', t0: day(2) },
  },
  {
    edge: 6,
    name: 'shipped before the yank, rolled back after it: waiting',
    story: [
      ...DUE_DAY_3,
      confirmed(day(1, '12:00'), '1.0.1'),
      { type: 'release-withdrawn', at: day(1, '15:00'), upstream: 'lib', version: '1.0.1' },
      confirmed(day(1, '18:00'), '1.0.0'),
    ],
    now: day(9),
    expect: { standing: 'waiting', missedAt: null },
  },
  {
    edge: 7,
    name: 'the newest release is the attack: the older one, from its disclosure',
    story: xz(true),
    now: day(2),
    expect: { standing: 'on-track', t0: day(1, '09:00'), due: day(3, '09:00') },
  },
  {
    edge: 7,
    name: 'an ordinary flaw: an older release is no fix',
    story: xz(false),
    now: day(2),
    expect: { standing: 'waiting' },
  },
  {
    edge: 8,
    name: 'nothing was built: exactly at the deadline',
    story: DUE_DAY_3,
    now: day(3),
    expect: { standing: 'on-track', missedAt: null },
  },
  {
    edge: 8,
    name: 'nothing was built: just after the deadline',
    story: DUE_DAY_3,
    now: day(3, '10:00:00.001'),
    expect: { standing: 'overdue', missedAt: day(3) },
  },
  {
    edge: 9,
    name: 'one architecture of two',
    story: [
      ...TWO_ARCHITECTURES,
      confirmed('2026-01-02T00:00:00Z', '1.0.0', { arch: 'arm64' }),
      confirmed(day(2), '1.0.1'),
    ],
    now: day(3),
    expect: { standing: 'on-track', t1: null },
  },
  {
    edge: 9,
    name: 'the last architecture',
    story: [
      ...TWO_ARCHITECTURES,
      confirmed('2026-01-02T00:00:00Z', '1.0.0', { arch: 'arm64' }),
      confirmed(day(2), '1.0.1'),
      confirmed(day(3, '09:00'), '1.0.1', { arch: 'arm64' }),
    ],
    now: day(4),
    expect: { standing: 'met', t1: day(3, '09:00:01'), marginSeconds: 3599 },
  },
  {
    edge: 10,
    name: 'raised on day 5',
    story: [...MEDIUM, reRated(day(6), 'high')],
    now: day(7),
    expect: { standing: 'on-track', due: day(8) },
  },
  {
    edge: 10,
    name: 'raised on day 13: the first deadline comes sooner',
    story: [...MEDIUM, reRated(day(14), 'high')],
    now: day(14),
    expect: { standing: 'on-track', due: day(15) },
  },
  {
    edge: 11,
    name: 'lowered at the deadline',
    story: [...DUE_DAY_3, reRated(day(3), 'medium')],
    now: day(4),
    expect: { standing: 'on-track', due: day(15), missedAt: null },
  },
  {
    edge: 11,
    name: 'lowered one second late',
    story: [...DUE_DAY_3, reRated(day(3, '10:00:01'), 'medium')],
    now: day(4),
    expect: { standing: 'overdue', due: day(3), missedAt: day(3) },
  },
  {
    edge: 12,
    name: 'an incomplete fix: the second id is its own',
    story: [
      ...DUE_DAY_3,
      confirmed(day(2), '1.0.1'),
      advised({ at: day(5), id: 'CVE-2026-0002', affected: [{ ...AFFECTED, fixed: '1.0.2' }] }),
    ],
    now: day(6),
    expect: { [CVE]: { standing: 'met' }, 'CVE-2026-0002': { standing: 'waiting' } },
  },
  {
    edge: 13,
    name: 'five packages, four fixed',
    story: [
      ...DUE_DAY_3,
      confirmed(day(1, '11:00'), '', held('1.0.0', '1.0.0', '1.0.0', '1.0.0', '1.0.0')),
      confirmed(day(2), '', held('1.0.1', '1.0.1', '1.0.1', '1.0.1', '1.0.0')),
    ],
    now: day(3),
    expect: { standing: 'on-track', claims: 1 },
  },
  {
    edge: 13,
    name: 'five packages, the last one fixed',
    story: [
      ...DUE_DAY_3,
      confirmed(day(1, '11:00'), '', held('1.0.0', '1.0.0')),
      confirmed(day(2), '', held('1.0.1', '1.0.1')),
    ],
    now: day(3),
    expect: { standing: 'met', claims: 1, t1: day(2, '10:00:01') },
  },
  {
    edge: 14,
    name: 'our stream is still maintained',
    story: [...STREAM_31, streamEnds(day(2))],
    now: day(2, '09:59:59'),
    expect: { standing: 'waiting' },
  },
  {
    edge: 14,
    name: 'our stream has ended',
    story: [...STREAM_31, streamEnds(day(2))],
    now: day(2),
    expect: { standing: 'on-track', t0: day(2) },
  },
  {
    edge: 14,
    name: 'our stream had ended before the release',
    story: [...STREAM_31, streamEnds('2026-02-01T00:00:00Z')],
    now: day(2),
    expect: { standing: 'on-track', t0: day(1) },
  },
  {
    edge: 15,
    name: 'a fix in another stream does not start ours',
    story: STREAM_31,
    now: day(9),
    expect: { standing: 'waiting' },
  },
  {
    edge: 15,
    name: 'the fix in our stream a week later',
    story: [
      ...STREAM_31,
      advised({ at: day(8, '09:00'), affected: [{ upstream: 'lib', stream: '3.1', fixed: '3.1.9' }] }),
      ...released(day(8), '3.1.9', { stream: '3.1' }),
    ],
    now: day(9),
    expect: { standing: 'on-track', t0: day(8) },
  },
  {
    edge: 16,
    name: 'a binary that contains the flawed code of its toolchain',
    story: DUE_DAY_3,
    now: day(2),
    expect: { standing: 'on-track' },
  },
  {
    edge: 16,
    name: 'a binary that does not, with evidence',
    story: [...DUE_DAY_3, statement('statement-made', day(2))],
    now: day(2),
    expect: { standing: 'not-affected' },
  },
  {
    edge: 17,
    name: 'fixed dynamically, one static copy left',
    story: [
      ...DUE_DAY_3,
      confirmed(day(1, '11:00'), '', held('1.0.0', '1.0.0')),
      confirmed(day(2), '', held('1.0.1', '1.0.0')),
    ],
    now: day(3, '11:00'),
    expect: { standing: 'overdue', claims: 1 },
  },
  {
    edge: 17,
    name: 'the last static copy is clean',
    story: [
      ...DUE_DAY_3,
      confirmed(day(1, '11:00'), '', held('1.0.0', '1.0.0')),
      confirmed(day(2), '', held('1.0.1', '1.0.1')),
    ],
    now: day(3, '11:00'),
    expect: { standing: 'met' },
  },
  {
    edge: 18,
    name: 'sealed until Thursday: not recorded, not there',
    story: [...EXPOSED, advised({ at: day(2), recordedAt: day(5) })],
    now: day(5, '09:59:59'),
    expect: 'nothing',
  },
  {
    edge: 18,
    name: 'released on Thursday',
    story: [...EXPOSED, advised({ at: day(2), recordedAt: day(5) })],
    now: day(5),
    expect: { standing: 'waiting', discoveredAt: day(5) },
  },
  {
    edge: 19,
    name: 'stated not affected at the deadline',
    story: [...DUE_DAY_3, statement('statement-made', day(3))],
    now: day(9),
    expect: { standing: 'not-affected', missedAt: null },
  },
  {
    edge: 19,
    name: 'stated not affected one second late',
    story: [...DUE_DAY_3, statement('statement-made', day(3, '10:00:01'))],
    now: day(9),
    expect: { standing: 'missed', missedAt: day(3), t1: null },
  },
  {
    edge: 19,
    name: 'the statement is withdrawn: its time was not clean',
    story: [...DUE_DAY_3, statement('statement-made', day(2)), statement('statement-withdrawn', day(4))],
    now: day(4),
    expect: { standing: 'overdue', due: day(3), missedAt: day(3) },
  },
  {
    edge: 19,
    name: 'stated not affected while clean: the statement holds for what comes back',
    story: broughtBack(statement('statement-made', day(4))),
    now: day(20),
    expect: { standing: 'not-affected', missedAt: null },
  },
  {
    edge: 19,
    name: 'stated not affected while clean, nothing comes back: met',
    story: [...DUE_DAY_3, confirmed(day(2), '1.0.1'), statement('statement-made', day(4))],
    now: day(20),
    expect: { standing: 'met', t1: day(2, '10:00:01') },
  },
  {
    edge: 19,
    name: 'the statement made while clean is withdrawn: the flaw that came back is late',
    story: [...broughtBack(statement('statement-made', day(4))), statement('statement-withdrawn', day(8))],
    now: day(8),
    expect: { standing: 'overdue', due: day(7, '09:59:59'), missedAt: day(7, '09:59:59') },
  },
  {
    edge: 19,
    name: 'fixed late, stated not affected while clean, brought back: the miss stays',
    story: [...DUE_DAY_3, confirmed(day(4), '1.0.1'), statement('statement-made', day(5)), confirmed(day(6), '1.0.0')],
    now: day(20),
    expect: { standing: 'missed', missedAt: day(3) },
  },
  {
    edge: 19,
    name: 'stated in time, then the record is worded anew: the statement holds for its earlier words too',
    story: [
      ...DUE_DAY_3,
      statement('statement-made', day(3)),
      advised({ at: day(6), affected: [AFFECTED, { ...AFFECTED, upstream: 'other' }] }),
    ],
    now: day(9),
    expect: { standing: 'not-affected', missedAt: null },
  },
  {
    edge: 19,
    name: 'stated one second late, then the record is worded anew: the miss stays',
    story: [
      ...DUE_DAY_3,
      statement('statement-made', day(3, '10:00:01')),
      advised({ at: day(6), affected: [AFFECTED, { ...AFFECTED, upstream: 'other' }] }),
    ],
    now: day(9),
    expect: { standing: 'missed', missedAt: day(3) },
  },
  {
    edge: 20,
    name: 'rejected at the deadline',
    story: [...DUE_DAY_3, advised({ at: day(3), rejected: true })],
    now: day(9),
    expect: { standing: 'void', missedAt: null },
  },
  {
    edge: 20,
    name: 'rejected one second late',
    story: [...DUE_DAY_3, advised({ at: day(3, '10:00:01'), rejected: true })],
    now: day(9),
    expect: { standing: 'missed', missedAt: day(3) },
  },
  {
    edge: 20,
    name: 'rejected while clean: what comes back is void',
    story: broughtBack(advised({ at: day(4), rejected: true })),
    now: day(20),
    expect: { standing: 'void', missedAt: null },
  },
  {
    edge: 21,
    name: 'support ends at T0',
    story: [...DUE_DAY_3.slice(1), declared({ supportUntil: day(1) })],
    now: day(9),
    expect: { standing: 'not-covered', missedAt: null },
  },
  {
    edge: 21,
    name: 'support ends one second after T0',
    story: [...DUE_DAY_3.slice(1), declared({ supportUntil: day(1, '10:00:01') })],
    now: day(2),
    expect: { standing: 'on-track' },
  },
  {
    edge: 21,
    name: 'support shortened later',
    story: [...DUE_DAY_3, declared({ at: day(1, '12:00'), supportUntil: day(1, '09:00') })],
    now: day(2),
    expect: { standing: 'on-track' },
  },
  {
    edge: 21,
    name: 'missed, yanked: waiting until the last second of support, with its miss',
    story: lateThenYanked(),
    now: day(10, '09:59:59'),
    expect: { standing: 'waiting', missedAt: day(3) },
  },
  {
    edge: 21,
    name: 'missed, yanked, support ends: the miss stays',
    story: lateThenYanked(),
    now: day(10),
    expect: { standing: 'missed', t0: day(1), due: day(3), t1: null, missedAt: day(3) },
  },
  {
    edge: 21,
    name: 'yanked at the deadline, support ends: nothing was missed',
    story: lateThenYanked(day(3)),
    now: day(10),
    expect: { standing: 'not-covered', missedAt: null },
  },
  {
    edge: 21,
    name: 'missed, yanked, support ends, another release: not due, the miss stays',
    story: [...lateThenYanked(), ...released(day(12), '1.0.2')],
    now: day(20),
    expect: { standing: 'missed', t0: day(1), missedAt: day(3) },
  },
  {
    edge: 21,
    name: 'missed, yanked, support ends, another release, taken: the miss stays with its margin',
    story: [...lateThenYanked(), ...released(day(12), '1.0.2'), confirmed(day(13), '1.0.2')],
    now: day(20),
    expect: { standing: 'missed', t0: day(1), missedAt: day(3), marginSeconds: -172_800 },
  },
  {
    edge: 21,
    name: 'yanked at the deadline, support ends, another release, taken: not covered',
    story: [...lateThenYanked(day(3)), ...released(day(12), '1.0.2'), confirmed(day(13), '1.0.2')],
    now: day(20),
    expect: { standing: 'not-covered', missedAt: null },
  },
  {
    edge: 22,
    name: 'two ids, two histories, the worst counts',
    story: [
      ...DUE_DAY_3,
      ghsa({ affected: [{ ...AFFECTED, fixed: '1.0.2' }] }),
      ...released(day(2), '1.0.2'),
      ghsa({ at: day(2, '12:00'), affected: [{ ...AFFECTED, fixed: '1.0.2' }], aliases: [CVE] }),
      confirmed(day(2, '20:00'), '1.0.1'),
      confirmed(day(4, '09:59:00'), '1.0.2'),
    ],
    now: day(9),
    expect: { [CVE]: { standing: 'met', t0: day(2), marginSeconds: 59 } },
  },
  {
    edge: 22,
    name: 'a merge does not lower',
    story: [
      ...DUE_DAY_3,
      ghsa({
        at: day(2),
        severities: [{ source: 'vendor', type: 'label', vector: null, score: null, level: 'low' }],
        aliases: [CVE],
      }),
    ],
    now: day(2),
    expect: { [CVE]: { standing: 'on-track', due: day(3) } },
  },
  {
    edge: 22,
    name: 'a merge raises, from the merge on',
    story: [
      ...EXPOSED,
      advised({ severity: 'low' }),
      ...released(day(1)),
      ghsa({ at: day(2), affected: [] }),
      ghsa({ at: day(5), aliases: [CVE], affected: [] }),
    ],
    now: day(5),
    expect: { [CVE]: { standing: 'on-track', due: day(7) } },
  },
  {
    edge: 23,
    name: 'a split: the statement is inherited by both',
    story: [
      ...DUE_DAY_3,
      ghsa({ aliases: [CVE] }),
      statement('statement-made', day(2)),
      { type: 'aliases-corrected', at: day(2, '12:00'), unrelated: [[CVE, 'GHSA-aaaa']] },
    ],
    now: day(9),
    expect: { [CVE]: { standing: 'not-affected' }, 'GHSA-aaaa': { standing: 'not-affected' } },
  },
  {
    edge: 23,
    name: 'a split before the statement: it is about one part',
    story: [
      ...DUE_DAY_3,
      ghsa({ aliases: [CVE] }),
      { type: 'aliases-corrected', at: day(1, '12:00'), unrelated: [[CVE, 'GHSA-aaaa']] },
      statement('statement-made', day(2)),
    ],
    now: day(9),
    expect: { [CVE]: { standing: 'not-affected' }, 'GHSA-aaaa': { standing: 'overdue' } },
  },
  {
    edge: 24,
    name: 'found weeks late',
    story: [...EXPOSED, ...released(day(1)), advised({ at: day(28) })],
    now: day(28),
    expect: { standing: 'overdue', t0: day(1), missedAt: day(3), discoveredAt: day(28) },
  },
  {
    edge: 25,
    name: 'pulled 47:59:59 after T0',
    story: [...DUE_DAY_3, confirmed(day(3, '09:59:59'), '1.0.1')],
    now: day(9),
    expect: { standing: 'met', marginSeconds: 0 },
  },
  {
    edge: 25,
    name: 'pulled 48:00:00 after T0',
    story: [...DUE_DAY_3, confirmed(day(3), '1.0.1')],
    now: day(9),
    expect: { standing: 'missed', marginSeconds: -1, missedAt: day(3) },
  },
  {
    edge: 25,
    name: 'pulled 48:00:00 after T0, asked in that second: already missed',
    story: [...DUE_DAY_3, confirmed(day(3), '1.0.1')],
    now: day(3),
    expect: { standing: 'missed', marginSeconds: -1, missedAt: day(3) },
  },
  {
    edge: 26,
    name: 'the primary endpoint had it in time, others later',
    story: [...DUE_DAY_3, confirmed(day(3, '09:00'), '1.0.1', { recordedAt: day(3, '13:00') })],
    now: day(9),
    expect: { standing: 'met', marginSeconds: 3599 },
  },
  {
    edge: 27,
    name: 'brought back, fixed within what was left',
    story: [
      ...DUE_DAY_3,
      confirmed(day(1, '20:00'), '1.0.1'),
      confirmed(day(2, '16:00'), '1.0.0'),
      confirmed(day(4, '05:59:58'), '1.0.1'),
    ],
    now: day(9),
    expect: { standing: 'met', marginSeconds: 0, due: day(4, '05:59:59') },
  },
  {
    edge: 27,
    name: 'brought back, one second too long',
    story: [
      ...DUE_DAY_3,
      confirmed(day(1, '20:00'), '1.0.1'),
      confirmed(day(2, '16:00'), '1.0.0'),
      confirmed(day(4, '05:59:59'), '1.0.1'),
    ],
    now: day(9),
    expect: { standing: 'missed', marginSeconds: -1 },
  },
  {
    edge: 27,
    name: 'brought back after the record no longer names it',
    story: broughtBack(advised({ at: day(4), affected: [{ ...AFFECTED, introduced: '0.1.0', fixed: '0.9.0' }] })),
    now: day(20),
    expect: { standing: 'not-affected', missedAt: null },
  },
  {
    edge: 28,
    name: 'a new line on day 3',
    story: [declared({ at: day(4) }), confirmed(day(4), '1.0.0'), advised(), ...released(day(1))],
    now: day(5),
    expect: { standing: 'on-track', t0: day(4), due: day(6) },
  },
  {
    edge: 28,
    name: 'a new package on day 3',
    story: [
      declared(),
      confirmed('2026-01-02T00:00:00Z', '', { contains: {} }),
      advised(),
      ...released(day(1)),
      confirmed(day(4), '1.0.0'),
    ],
    now: day(5),
    expect: { standing: 'on-track', t0: day(4) },
  },
  {
    edge: 28,
    name: 'a new architecture on day 3',
    story: [...TWO_ARCHITECTURES, confirmed(day(2), '1.0.1'), confirmed(day(4), '1.0.0', { arch: 'arm64' })],
    now: day(5),
    expect: { standing: 'on-track', t0: day(4) },
  },
  {
    edge: 28,
    name: 'an architecture that is no longer declared',
    story: [...DUE_DAY_3, declared({ at: day(3), arches: ['arm64'] })],
    now: day(5),
    expect: { standing: 'not-covered', missedAt: null },
  },
  {
    edge: 28,
    name: 'no longer declared one second after the deadline',
    story: [...DUE_DAY_3, declared({ at: day(3, '10:00:01'), arches: ['arm64'] })],
    now: day(5),
    expect: { standing: 'missed', missedAt: day(3) },
  },
  {
    edge: 28,
    name: 'no longer declared, then brought back',
    story: broughtBack(declared({ at: day(4), arches: [] })),
    now: day(20),
    expect: { standing: 'not-covered', missedAt: null },
  },
  {
    edge: 29,
    name: 'over the change to summer time',
    story: [...EXPOSED, advised(), ...released(day(28, '22:00'))],
    now: day(29),
    expect: { standing: 'on-track', due: day(30, '22:00') },
  },
  {
    edge: 29,
    name: 'over 29 February',
    story: [...EXPOSED, advised(), ...released('2028-02-28T22:00:00Z')],
    now: '2028-02-29T00:00:00Z',
    expect: { standing: 'on-track', due: '2028-03-01T22:00:00Z' },
  },
  {
    edge: 30,
    name: 'the release contains the fix',
    story: [...DUE_DAY_3, confirmed(day(2), '1.0.1'), verified(day(2, '12:00'), '1.0.1', 'contains')],
    now: day(9),
    expect: { standing: 'met' },
  },
  {
    edge: 30,
    name: 'the release lacks the fix: nothing was ever due',
    story: [...DUE_DAY_3, confirmed(day(2), '1.0.1'), verified(day(2, '12:00'), '1.0.1', 'lacks')],
    now: day(9),
    expect: { standing: 'waiting', missedAt: null },
  },
  {
    edge: 30,
    name: 'the release that truly contains it',
    story: [
      ...DUE_DAY_3,
      confirmed(day(2), '1.0.1'),
      verified(day(2, '12:00'), '1.0.1', 'lacks'),
      ...released(day(8), '1.0.2'),
    ],
    now: day(9),
    expect: { standing: 'on-track', t0: day(8) },
  },
  {
    edge: 31,
    name: 'cherry-picked, not yet confirmed',
    story: [...EXPOSED, advised()],
    now: day(2),
    expect: { standing: 'waiting' },
  },
  {
    edge: 31,
    name: 'cherry-picked and confirmed before any release',
    story: [...EXPOSED, advised(), confirmed(day(2), '', patched)],
    now: day(2),
    expect: { standing: 'fixed-early', t0: null },
  },
  {
    edge: 31,
    name: 'the release has the same patch',
    story: [
      ...EXPOSED,
      advised(),
      confirmed(day(2), '', patched),
      ...released(day(8)),
      verified(day(8), '1.0.0', 'patch-equivalent'),
    ],
    now: day(9),
    expect: { standing: 'fixed-early', t0: day(8) },
  },
  {
    edge: 31,
    name: 'the release has another patch: work by D',
    story: [
      ...EXPOSED,
      advised(),
      confirmed(day(2), '', patched),
      ...released(day(8)),
      verified(day(8), '1.0.0', 'patch-differs'),
    ],
    now: day(9),
    expect: { standing: 'on-track', t0: day(8), due: day(10) },
  },
  {
    edge: 32,
    name: 'our own flaw, confirmed before published',
    story: own(day(5), day(1)),
    now: day(2),
    expect: { standing: 'on-track', t0: day(1), due: day(3) },
  },
  {
    edge: 32,
    name: 'our own flaw, published before confirmed',
    story: own(day(1), day(2)),
    now: day(2),
    expect: { standing: 'on-track', t0: day(1), due: day(3) },
  },
  { edge: 33, name: 'the old major is maintained', story: STREAM_31, now: day(9), expect: { standing: 'waiting' } },
  {
    edge: 33,
    name: 'the old major is not: the first release with the fix',
    story: [...STREAM_31, streamEnds('2020-01-01T00:00:00Z')],
    now: day(2),
    expect: { standing: 'on-track', t0: day(1) },
  },
  {
    edge: 34,
    name: 'the last second of a waiver',
    story: [...DUE_DAY_3, waiver],
    now: day(21, '09:59:59'),
    expect: { standing: 'excluded', due: day(3), missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'the waiver has expired',
    story: [...DUE_DAY_3, waiver],
    now: day(21),
    expect: { standing: 'overdue', due: day(3), missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'met under a waiver stays met',
    story: [...DUE_DAY_3, waiver, confirmed(day(2), '1.0.1')],
    now: day(9),
    expect: { standing: 'met' },
  },
  {
    edge: 34,
    name: 'fixed late under a waiver',
    story: [...DUE_DAY_3, waiver, confirmed(day(4), '1.0.1')],
    now: day(30),
    expect: { standing: 'excluded', missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'waived one second after the deadline: overdue, though the waiver is in force',
    story: [...DUE_DAY_3, waived(day(3, '10:00:01'))],
    now: day(5),
    expect: { standing: 'overdue', missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'waived at the deadline: excluded while it is open',
    story: [...DUE_DAY_3, waived(day(3))],
    now: day(5),
    expect: { standing: 'excluded', missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'waived at the deadline, fixed late: excluded',
    story: [...DUE_DAY_3, waived(day(3)), confirmed(day(5), '1.0.1')],
    now: day(30),
    expect: { standing: 'excluded', missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'waived one second after the deadline, fixed late: missed, though the waiver is in force',
    story: [...DUE_DAY_3, waived(day(3, '10:00:01')), confirmed(day(5), '1.0.1')],
    now: day(6),
    expect: { standing: 'missed', t1: day(5, '10:00:01'), missedAt: day(3), marginSeconds: -172_801 },
  },
  {
    edge: 34,
    name: 'waived after the miss, then rejected: missed',
    story: [...DUE_DAY_3, waived(day(4)), advised({ at: day(5), rejected: true })],
    now: day(6),
    expect: { standing: 'missed', missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'waived in time and again before it expired, fixed late: excluded',
    story: [...DUE_DAY_3, waived(day(2), day(4)), waived(day(3, '12:00'), day(9)), confirmed(day(5), '1.0.1')],
    now: day(30),
    expect: { standing: 'excluded', missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'waived in time and again one second after it expired, fixed late: missed',
    story: [...DUE_DAY_3, waived(day(2), day(4)), waived(day(4, '10:00:01'), day(9)), confirmed(day(5), '1.0.1')],
    now: day(30),
    expect: { standing: 'missed', missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'a waiver dated back to before the miss counts from when it was recorded',
    story: [...DUE_DAY_3, { ...waived(day(2)), recordedAt: day(4) }, confirmed(day(5), '1.0.1')],
    now: day(6),
    expect: { standing: 'missed', missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'waived after the miss, while one architecture of two is still open: overdue',
    story: waivedBetween,
    now: day(6),
    expect: { standing: 'overdue', t1: null, missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'waived, the last architecture fixed: missed',
    story: [...waivedBetween, confirmed(day(7), '1.0.1', { arch: 'arm64' })],
    now: day(8),
    expect: { standing: 'missed', t1: day(7, '10:00:01'), missedAt: day(3) },
  },
  {
    edge: 34,
    name: 'a hold changes no figure',
    story: [...DUE_DAY_3, { ...waiver, kind: 'hold' }],
    now: day(9),
    expect: { standing: 'overdue', due: day(3), missedAt: day(3) },
  },
  { edge: 35, name: 'medium', story: MEDIUM, now: day(2), expect: { standing: 'on-track', due: day(15) } },
  {
    edge: 35,
    name: 'medium and known exploited: the smaller of both',
    story: [...MEDIUM, advised({ source: 'kev', severity: null, exploited: true, affected: [] })],
    now: day(2),
    expect: { standing: 'on-track', due: day(3) },
  },
  {
    edge: 36,
    name: 'a policy adopted at T0 binds',
    story: twoPolicies(day(1), day(1)),
    now: day(4),
    expect: { standing: 'on-track', due: day(21) },
  },
  {
    edge: 36,
    name: 'a policy adopted one second after T0 does not',
    story: twoPolicies(day(1, '10:00:01'), day(1, '10:00:01')),
    now: day(4),
    expect: { standing: 'overdue', due: day(3) },
  },
  {
    edge: 36,
    name: 'a policy dated back to before T0 is in force from when it was recorded: a miss stays',
    story: twoPolicies(day(4), '2026-02-01T00:00:00Z'),
    now: day(4),
    expect: { standing: 'overdue', due: day(3), missedAt: day(3) },
  },
];

for (const { edge, name, story, now, expect } of CASES) {
  test(`obligations(), edge case ${edge}: ${name}`, () => {
    const found = obligations(historyOf(ledgerOf(story, now)), instant(now));
    const wanted =
      expect === 'nothing' ? {} : 'standing' in expect ? { [found[0]?.vulnerability ?? CVE]: expect } : expect;
    const shown = found.map((each) => [each.vulnerability, shownLike(each, wanted[each.vulnerability] as Expected)]);
    assert.deepEqual(Object.fromEntries(shown), wanted);
  });
}

test('the table has every edge case', () => {
  const numbers = new Set(CASES.map(({ edge }) => edge));
  assert.deepEqual(
    [...numbers],
    Array.from({ length: 36 }, (_, index) => index + 1),
  );
});

/** The figures that the expectation names. */
function shownLike(obligation: Obligation, expected: Expected | undefined): Record<string, unknown> {
  const { standing, clock, claims, discoveredAt } = obligation;
  const figures: Record<string, unknown> = { standing, ...clock, claims: claims.length, discoveredAt };
  const texts = Object.entries(figures).map(([name, value]) => [
    name,
    value instanceof Temporal.Instant ? plain(value) : value,
  ]);
  return Object.fromEntries(texts.filter(([name]) => expected === undefined || String(name) in expected)) as Record<
    string,
    unknown
  >;
}

function plain(at: Temporal.Instant): string {
  return at.toString();
}
