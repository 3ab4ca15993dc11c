import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AdvisoryRecord, VexProduct, VexStatement } from './advisory.ts';
import type { ImageIdentity } from './vex-product.ts';
import { applyVex, findingsStated, type VexFinding, type VexSource, type VexTier } from './vex.ts';

const [INDEX, MANIFEST, OTHER] = ['1', '2', '3'].map((digit) => `sha256:${digit.repeat(64)}`) as [
  string,
  string,
  string,
];
const image: ImageIdentity = {
  digests: [INDEX, MANIFEST],
  repository: 'registry.example/team/hello',
  tag: '1.0',
  architecture: 'amd64',
};
const NET = 'pkg:golang/golang.org/x/net@v0.23.0';
const finding: VexFinding = {
  image,
  component: NET,
  within: ['pkg:golang/example.com/hello@v1.2.3'],
  ids: ['CVE-2026-1', 'GHSA-1'],
  verdict: 'affected',
};

const oci = (version: string, query = ''): string => `pkg:oci/hello${version}${query}`;
const product = (ids: string | readonly string[], ...subcomponents: readonly string[]): VexProduct => ({
  ids: [ids].flat(),
  subcomponents: subcomponents.map((each) => [each]),
});
const says = (over: Partial<VexStatement> = {}): VexStatement => ({
  status: 'not_affected',
  justification: 'vulnerable_code_not_in_execute_path',
  note: '',
  products: [product(MANIFEST, NET)],
  author: 'us',
  statedAt: '2026-03-01T00:00:00Z',
  ...over,
});
const documentOf = (
  statements: readonly VexStatement[],
  over: Partial<AdvisoryRecord> & { name?: string } = {},
): VexSource => {
  const { name = 'own:1', ...record } = over;
  const plain: AdvisoryRecord = {
    id: 'CVE-2026-1',
    source: `openvex ${name}`,
    aliases: [],
    summary: '',
    published: null,
    modified: '2026-03-01T00:00:00Z',
    withdrawn: null,
    severities: [],
    affected: [],
    exploitedSince: null,
    epss: null,
    malicious: false,
  };
  return { id: name, records: [{ ...plain, statements, ...record }] };
};
/** `own:1`, `supplier:2`: the documents here say whose they are. */
const rule = { tiers: ({ id }: VexSource): VexTier => (/^[a-z-]+/.exec(id)?.[0] ?? 'third-party') as VexTier };
const stateOf = (documents: readonly VexSource[], over: Partial<VexFinding> = {}) =>
  applyVex([{ ...finding, ...over }], documents, rule)[0];

const NETLESS = 'pkg:golang/golang.org/x/net';
const url = '?repository_url=registry.example/team/hello';
const products: readonly (readonly [string, VexProduct, 'suppressed' | 'open', string?])[] = [
  ['the digest of the manifest', product(MANIFEST, NET), 'suppressed'],
  ['the digest of the index', product(INDEX, NET), 'suppressed'],
  ['another digest', product(OTHER, NET), 'open'],
  ['a purl with our digest', product(oci(`@${MANIFEST.replace(':', '%3A')}`, url), NET), 'suppressed'],
  [
    'a purl with our digest, and the tag of another day',
    product(oci(`@${MANIFEST}`, `${url}&tag=0.9`), NET),
    'suppressed',
  ],
  [
    'a purl with our digest in another repository',
    product(oci(`@${MANIFEST}`, '?repository_url=other.example/hello'), NET),
    'open',
  ],
  ['a purl with our digest for another architecture', product(oci(`@${MANIFEST}`, '?arch=arm64'), NET), 'open'],
  ['our tag, and another digest', product(oci(`@${OTHER}`, `${url}&tag=1.0`), NET), 'open'],
  ['our name beside another digest', product([oci('', url), OTHER], NET), 'open'],
  ['a purl without version', product(oci('', url), NET), 'suppressed'],
  [
    'a purl without version, of what the repository lies in',
    product(oci('', '?repository_url=registry.example/team'), NET),
    'suppressed',
  ],
  [
    'a purl without version of another repository',
    product(oci('', '?repository_url=registry.example/other/hello'), NET),
    'open',
  ],
  ['our tag', product(oci('', `${url}&tag=1.0`), NET), 'suppressed'],
  ['another tag', product(oci('', `${url}&tag=1.1`), NET), 'open'],
  ['another name', product('pkg:oci/bye', NET), 'open'],
  ['a reference', product('registry.example/team/hello:1.0', NET), 'suppressed'],
  ['a reference with another tag', product('registry.example/team/hello:1.1', NET), 'open'],
  ['the whole image', product(MANIFEST), 'suppressed'],
  ['another component in it', product(MANIFEST, 'pkg:golang/golang.org/x/text@v0.1.0'), 'open'],
  ['the component in another version', product(MANIFEST, `${NETLESS}@v0.22.0`), 'open'],
  ['the component in any version', product(MANIFEST, NETLESS), 'suppressed'],
  ['the component without the v of Go', product(MANIFEST, `${NETLESS}@0.23.0`), 'suppressed'],
  ['the component with a qualifier that ours lacks', product(MANIFEST, `${NET}?goos=windows`), 'open'],
  ['the component by its supplier', product(NET), 'suppressed', 'supplier:1'],
  ['the component by somebody else', product(NET), 'open', 'third-party:1'],
  ['our digest by somebody else', product(MANIFEST, NET), 'suppressed', 'third-party:1'],
  ['what it lies in, by the supplier', product('pkg:golang/example.com/hello', NETLESS), 'suppressed', 'supplier:1'],
  ['what it does not lie in', product('pkg:golang/example.com/bye', NETLESS), 'open', 'supplier:1'],
];

for (const [situation, stated, state, name = 'own:1'] of products) {
  test(`applyVex() leaves a finding ${state}: a statement about ${situation}`, () => {
    assert.equal(stateOf([documentOf([says({ products: [stated] })], { name })])?.state, state);
  });
}

test('applyVex() knows a vulnerability by all names that finding and documents give it', () => {
  const at = (id: string, aliases: readonly string[] = []) => stateOf([documentOf([says()], { id, aliases })])?.state;
  assert.deepEqual(
    [at('GHSA-1'), at('GO-1', ['CVE-2026-1']), at('GO-1'), at('CVE-2026-2')],
    ['suppressed', 'suppressed', 'open', 'open'],
  );
});

test('applyVex() names who decided, why, where and when', () => {
  assert.deepEqual(stateOf([documentOf([says()])])?.by, {
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
    note: '',
    author: 'us',
    statedAt: '2026-03-01T00:00:00Z',
    document: 'own:1',
    tier: 'own',
  });
});

const affected = says({ status: 'affected', justification: null });
const later = '2026-03-02T00:00:00Z';
const orders: readonly (readonly [string, readonly VexSource[], string])[] = [
  [
    'the later one of two',
    [documentOf([says()]), documentOf([{ ...affected, statedAt: later }], { name: 'own:2' })],
    'own:2',
  ],
  [
    'whatever their order',
    [documentOf([{ ...affected, statedAt: later }], { name: 'own:2' }), documentOf([says()])],
    'own:2',
  ],
  [
    'the higher tier, though earlier',
    [documentOf([says()]), documentOf([{ ...affected, statedAt: later }], { name: 'supplier:1' })],
    'own:1',
  ],
  [
    'the supplier before others',
    [
      documentOf([says({ statedAt: later })], { name: 'third-party:1' }),
      documentOf([affected], { name: 'supplier:1' }),
    ],
    'supplier:1',
  ],
  [
    'at one instant the one that keeps it open',
    [documentOf([says()]), documentOf([affected], { name: 'own:2' })],
    'own:2',
  ],
];

for (const [situation, documents, expected] of orders) {
  test(`applyVex() believes ${situation}`, () => assert.equal(stateOf(documents)?.by?.document, expected));
}

test('applyVex(): fixed on another version of the product silences nothing', () => {
  const fixed = says({ status: 'fixed', justification: null, products: [product(OTHER, NET)], statedAt: later });
  assert.deepEqual(stateOf([documentOf([affected, fixed])])?.by?.status, 'affected');
});

for (const [verdict, state, contradiction] of [
  ['not-affected', 'fixed', null],
  ['affected', 'open', 'us says that it is fixed, and its version is in the affected range'],
  ['indeterminate', 'open', 'us says that it is fixed, and its version shows nothing'],
] as const) {
  test(`applyVex(): said to be fixed, and by its version ${verdict}: ${state}`, () => {
    const outcome = stateOf([documentOf([says({ status: 'fixed', justification: null })])], { verdict });
    assert.deepEqual([outcome?.state, outcome?.contradiction], [state, contradiction]);
  });
}

test('applyVex(): under investigation stays open, and a withdrawn document says nothing', () => {
  const investigated = stateOf([documentOf([says({ status: 'under_investigation', justification: null })])]);
  assert.deepEqual([investigated?.state, investigated?.by?.status], ['open', 'under_investigation']);
  assert.equal(stateOf([documentOf([says()], { withdrawn: later })])?.by, null);
});

test('findingsStated() are what is said to be affected and nobody found', () => {
  const place = { image, component: NET, within: [] };
  const ask = (documents: readonly VexSource[], known: readonly VexFinding[] = []) =>
    findingsStated([place], known, { documents, ...rule }).map(({ ids }) => ids);
  assert.deepEqual(ask([documentOf([affected], { aliases: ['GHSA-1'] })]), [['CVE-2026-1', 'GHSA-1']]);
  assert.deepEqual(ask([documentOf([affected])], [finding]), []);
  assert.deepEqual(ask([documentOf([affected, says({ statedAt: later })])]), []);
  assert.deepEqual(ask([documentOf([{ ...affected, products: [product(OTHER)] }])]), []);
});

test('findingsStated(): under investigation is not determined, and what is not affected or fixed is no finding', () => {
  const place = { image, component: NET, within: [] };
  const ask = (status: VexStatement['status']) =>
    findingsStated([place], [], { documents: [documentOf([says({ status })])], ...rule }).map((each) => each.verdict);
  assert.deepEqual((['affected', 'under_investigation', 'fixed', 'not_affected'] as const).map(ask), [
    ['affected'],
    ['indeterminate'],
    [],
    [],
  ]);
});

test('findingsStated(): what is said of the whole image is one of the image, unless a component in it has it', () => {
  const inside = { image, component: NET, within: [] };
  const whole = { image, component: null, within: [] };
  const ask = (products: readonly VexProduct[], known: readonly VexFinding[] = []) =>
    findingsStated([inside, whole], known, { documents: [documentOf([{ ...affected, products }])], ...rule }).map(
      ({ place }) => place.component,
    );
  assert.deepEqual(ask([product(MANIFEST)]), [null]);
  assert.deepEqual(ask([product(MANIFEST), product(MANIFEST, NET)]), [NET]);
  assert.deepEqual(ask([product(MANIFEST)], [finding]), []);
  assert.deepEqual(ask([product(MANIFEST, 'pkg:generic/other')]), []);
});

test('findingsStated(): names that only others know keep it from being found twice', () => {
  const place = { image, component: NET, within: [] };
  const namesOf = (ids: readonly string[]) => [...ids, 'GHSA-1'];
  const documents = [documentOf([affected], { id: 'GO-1' })];
  assert.deepEqual(findingsStated([place], [finding], { documents, namesOf, ...rule }), []);
});

test('findingsStated() and applyVex() go through neither all products for a place nor all places for a product', () => {
  const count = 20_000;
  const purl = (index: number): string => `pkg:npm/part-${index}@1.0.0`;
  const numbers = Array.from({ length: count }, (_, index) => index);
  const places = numbers.map((index) => ({ image, component: purl(index), within: [] }));
  const many = documentOf([{ ...affected, products: numbers.map((index) => product(purl(index))) }]);
  const each = documentOf(
    [
      {
        ...affected,
        products: numbers.map((index) => product(`pkg:oci/other@sha256:${String(index).padStart(64, '0')}`, purl(0))),
      },
    ],
    {
      name: 'own:2',
    },
  );
  const started = performance.now();
  const found = findingsStated(places, [], { documents: [many, each], ...rule });
  assert.equal(found.length, count);
  const findings = found.map(({ place, ids, verdict }) => ({ ...place, ids, verdict }));
  assert.ok(applyVex(findings, [many, each], rule).every(({ state }) => state === 'open'));
  const ms = performance.now() - started;
  assert.ok(ms < 10_000, `${Math.round(ms)} ms: four hundred million comparisons take minutes`);
});

test('applyVex() does not depend on the order of documents', () => {
  const status = fc.constantFrom('not_affected', 'affected', 'fixed', 'under_investigation');
  const statement = fc.record({
    status,
    day: fc.integer({ min: 1, max: 3 }),
    tier: fc.constantFrom('own', 'supplier'),
  });
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 6 }), (all) => {
      const documents = all.map((each, index) =>
        documentOf([says({ status: each.status, statedAt: `2026-03-0${each.day}T00:00:00Z` })], {
          name: `${each.tier}:${index}`,
        }),
      );
      assert.deepEqual(stateOf(documents), stateOf(documents.toReversed()));
    }),
  );
});
