import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdvisoryRecord, AffectedPackage } from './advisory.ts';
import { flawsIn } from './flaws-in.ts';
import type { Component } from './inventory.ts';
import { verdictsIn } from './verdicts-in.ts';

const component = (over: Partial<Component> & Pick<Component, 'upstream'>): Component => ({
  purl: `${over.upstream}@${over.version ?? '2.0'}`,
  version: '2.0',
  scheme: 'pypi',
  stream: '',
  edge: 'contains',
  package: '',
  patched: [],
  ...over,
});
const record = (
  id: string,
  affected: readonly AffectedPackage[],
  over: Partial<AdvisoryRecord> = {},
): AdvisoryRecord => ({
  id,
  source: 'osv',
  aliases: [],
  summary: '',
  published: null,
  modified: '2026-03-01T00:00:00Z',
  withdrawn: null,
  severities: [],
  affected,
  exploitedSince: null,
  epss: null,
  malicious: false,
  ...over,
});
const says = (name: string, over: Partial<AffectedPackage> = {}): AffectedPackage => ({
  package: name,
  stream: null,
  scheme: name.startsWith('pkg:apk') ? 'apk' : 'pypi',
  ranges: [{ introduced: '0', fixed: '3.0', lastAffected: null }],
  versions: [],
  ...over,
});

const REQUESTS = 'pkg:pypi/requests';
const OWNER = 'pkg:apk/alpine/py3-requests';
const module = component({ upstream: REQUESTS, ownedBy: 'py3-requests' });
const owner = component({ upstream: OWNER, scheme: 'apk', version: '2.0-r3', edge: 'is', package: 'py3-requests' });
const ghsa = record('GHSA-1', [says(REQUESTS)], { aliases: ['CVE-2026-1'] });
const until = (fixed: string): Partial<AffectedPackage> => ({
  ranges: [{ introduced: '0', fixed, lastAffected: null }],
});
const denied: Partial<AffectedPackage> = { ranges: [], verdict: 'not-affected' };
const secdb = (id: string, over: Partial<AffectedPackage>, name = OWNER): AdvisoryRecord =>
  record(id, [says(name, over)], { source: 'secdb alpine 3.20 main' });

interface Case {
  readonly components?: readonly Component[];
  readonly records: readonly AdvisoryRecord[];
  /** Of the first record that speaks of the first component. */
  readonly expected: readonly [verdict: string, overruled: string | null];
}

const cases: Readonly<Record<string, Case>> = {
  'nobody else says anything': { records: [ghsa], expected: ['affected', null] },
  'its distribution fixed it under the old number': {
    records: [ghsa, secdb('CVE-2026-1', until('2.0-r3'))],
    expected: ['not-affected', 'owner'],
  },
  'its distribution fixes it in the next revision': {
    records: [ghsa, secdb('CVE-2026-1', until('2.0-r4'))],
    expected: ['affected', null],
  },
  'its distribution says that it is not affected': {
    records: [ghsa, secdb('CVE-2026-1', denied)],
    expected: ['not-affected', 'owner'],
  },
  'its distribution speaks of another vulnerability': {
    records: [ghsa, secdb('CVE-2026-2', denied)],
    expected: ['affected', null],
  },
  'its distribution says that nobody knows': {
    records: [ghsa, secdb('CVE-2026-1', { ranges: [], verdict: 'undetermined' })],
    expected: ['affected', null],
  },
  'its distribution has it in a range that begins later': {
    records: [ghsa, secdb('CVE-2026-1', { ranges: [{ introduced: '2.1', fixed: null, lastAffected: null }] })],
    expected: ['affected', null],
  },
  'a distribution speaks of a package that owns nothing of it': {
    components: [component({ ...module, ownedBy: 'app' }), owner],
    records: [ghsa, secdb('CVE-2026-1', denied)],
    expected: ['affected', null],
  },
  'the owner under its origin': {
    components: [module, { ...owner, alsoNamed: ['pkg:apk/alpine/requests-src'] }],
    records: [ghsa, secdb('CVE-2026-1', denied, 'pkg:apk/alpine/requests-src')],
    expected: ['not-affected', 'owner'],
  },
  'a record about the same package says that it is not affected': {
    records: [ghsa, record('CVE-2026-1', [says(REQUESTS, denied)], { source: 'vendor' })],
    expected: ['not-affected', 'denied'],
  },
  'such a record has another name for it, which only a third one ties to it': {
    records: [
      ghsa,
      record('PYSEC-1', [says(REQUESTS, denied)], { source: 'vendor' }),
      record('CVE-2026-1', [says(REQUESTS, until('1.0'))], { aliases: ['PYSEC-1'], source: 'nvd' }),
    ],
    expected: ['not-affected', 'denied'],
  },
  'a patch of ours': {
    components: [{ ...module, patched: ['CVE-2026-1'] }],
    records: [ghsa],
    expected: ['not-affected', 'patched'],
  },
  'undetermined, and denied by another record': {
    records: [
      record('GHSA-1', [says(REQUESTS, { ranges: [], verdict: 'undetermined' })], { aliases: ['CVE-2026-1'] }),
      record('CVE-2026-1', [says(REQUESTS, denied)], { source: 'vendor' }),
    ],
    expected: ['not-affected', 'denied'],
  },
  undetermined: {
    records: [record('GHSA-1', [says(REQUESTS, { ranges: [], verdict: 'undetermined' })])],
    expected: ['indeterminate', null],
  },
};

const on = (records: readonly AdvisoryRecord[]) => (name: string) =>
  records.filter((each) => each.affected.some((affected) => affected.package === name));

for (const [situation, { components = [module, owner], records, expected }] of Object.entries(cases)) {
  test(`verdictsIn() is ${expected.join(', ')}: ${situation}`, () => {
    const inventory = { packages: [], components };
    const { verdicts } = verdictsIn(inventory, on(records));
    const first = verdicts.find((each) => each.component === components[0] && each.record.id === 'GHSA-1');
    assert.deepEqual([first?.verdict, first?.overruled?.kind ?? null], expected);
    const names = new Set(records.flatMap((each) => each.affected.map((affected) => affected.package)));
    const byPackage = new Map(
      [...names].map((name) => [name, new Map(on(records)(name).map((each) => [`${each.source} ${each.id}`, each]))]),
    );
    const flaws = flawsIn(inventory, byPackage);
    const ids = (verdict: string) =>
      new Set(verdicts.filter((each) => each.verdict === verdict).map((each) => each.record.id));
    assert.deepEqual(flaws, {
      affected: ids('affected'),
      undetermined: ids('indeterminate').difference(ids('affected')),
    });
  });
}

test('verdictsIn() looks a subpackage up under its own name and under its origin', () => {
  const libssl = component({
    upstream: 'pkg:apk/alpine/openssl',
    alsoNamed: ['pkg:apk/alpine/libssl3'],
    scheme: 'apk',
    edge: 'is',
    package: 'libssl3',
  });
  const records = [
    record('CVE-2026-3', [says('pkg:apk/alpine/libssl3')]),
    record('CVE-2026-4', [says('pkg:apk/alpine/openssl')]),
  ];
  const { verdicts } = verdictsIn({ packages: [], components: [libssl] }, on(records));
  assert.deepEqual(
    verdicts.map((each) => [each.record.id, each.verdict, each.component.package]),
    [
      ['CVE-2026-4', 'affected', 'libssl3'],
      ['CVE-2026-3', 'affected', 'libssl3'],
    ],
  );
});

test('verdictsIn() names what no record speaks of', () => {
  const stranger = component({ upstream: 'pkg:pypi/stranger' });
  const { verdicts, unknown } = verdictsIn({ packages: [], components: [stranger, module] }, on([ghsa]));
  assert.deepEqual([verdicts.length, unknown], [1, [stranger]]);
});
