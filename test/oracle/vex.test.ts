import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VexProduct } from '../../src/core/match/advisory.ts';
import { purlParts } from '../../src/core/match/purl-covers.ts';
import type { ImageIdentity } from '../../src/core/match/vex-product.ts';
import { applyVex, type VexFinding, type VexSource, type VexTier } from '../../src/core/match/vex.ts';
import { parseFeedJson } from '../../src/formats/feed-json.ts';
import { parseOpenvex } from '../../src/formats/openvex/parse-openvex.ts';
import { fixtureFiles } from '../support/fixtures.ts';

const image: ImageIdentity = { digests: [], repository: 'registry.example/some/app', tag: '1', architecture: 'amd64' };

/** The image that a product of type oci names: every version of it, in the repository that it states. */
function imageNamed(id: string): ImageIdentity | undefined {
  const purl = purlParts(id);
  if (purl?.type !== 'oci') return undefined;
  const repository = purl.qualifiers.get('repository_url') ?? `registry.example/${purl.name}`;
  const whole = repository.endsWith(`/${purl.name}`) ? repository : `${repository}/${purl.name}`;
  return { ...image, repository: whole, architecture: purl.qualifiers.get('arch') ?? 'amd64' };
}

function hasVersion(purl: string): boolean {
  return typeof purlParts(purl)?.version === 'string';
}

/** What a product is about, as somebody would find it: the thing inside in its own version, in some version of the product. */
function placesOf({ ids, subcomponents }: VexProduct): readonly Pick<VexFinding, 'image' | 'component' | 'within'>[] {
  const [product = ''] = ids;
  const named = imageNamed(product);
  const versioned = (purl: string): string => (hasVersion(purl) ? purl : `${purl.replace(/[?#].*/, '')}@1.2.3`);
  const inside = subcomponents.flatMap(([first]) => (first === undefined ? [] : [versioned(first)]));
  if (named !== undefined) {
    const components = inside.length === 0 ? ['pkg:generic/any@1'] : inside;
    return components.map((component) => ({ image: named, component, within: [] }));
  }
  if (inside.length === 0) return [{ image, component: versioned(product), within: [] }];
  return inside.map((component) => ({ image, component, within: [versioned(product)] }));
}

test('applyVex() applies the statements of VEX Hub to what they are about, and not to other versions', (t) => {
  const files = fixtureFiles(t, 'advisories/vexhub');
  if (files === undefined) return;
  const counts = { statements: 0, places: 0, decided: 0, overtaken: 0, open: 0, others: 0 };
  for (const [name, bytes] of files) {
    if (!/^pkg\/.*\.json$/.test(name) || name.endsWith('manifest.json')) continue;
    const { records, source } = parseOpenvex(parseFeedJson(bytes, name), { name });
    const documents: readonly VexSource[] = [{ id: source, records }];
    const by = (tier: VexTier) => ({ tiers: () => tier });
    const stated = records.flatMap(({ id, aliases, statements = [] }) =>
      statements.map(({ status, products }) => ({ status, products, ids: [id, ...aliases] })),
    );
    counts.statements += stated.length;
    const findings = stated.flatMap(({ status, products, ids }) =>
      products.flatMap((product) =>
        placesOf(product).map((place) => ({ ...place, ids, verdict: 'affected' as const, status, product })),
      ),
    );
    counts.places += findings.length;
    for (const { by: word, finding } of applyVex(findings, documents, by('supplier'))) {
      assert.ok(word !== null, `${name} ${finding.ids[0]}: a statement applies to what it names`);
      // A later statement of the same document may have taken its place.
      if (word.status === finding.status) counts.decided += 1;
      else counts.overtaken += 1;
    }
    for (const { state, finding } of applyVex(findings, documents, by('third-party'))) {
      if (finding.image === image) assert.equal(state, 'open', 'nobody else speaks of a component everywhere');
      if (state === 'open') counts.open += 1;
    }
    const others = findings
      .filter(({ product: { subcomponents } }) =>
        subcomponents.some(([first]) => first !== undefined && hasVersion(first)),
      )
      .map((each) => ({ ...each, component: `${each.component?.replace(/@[^@]*$/, '')}@99.9.9` }));
    counts.others += others.length;
    const closed = applyVex(others, documents, by('supplier')).filter(({ state }) => state !== 'open');
    assert.deepEqual(closed, [], 'a version that is not named is not silenced');
  }
  t.diagnostic(JSON.stringify(counts));
  assert.equal(counts.statements, 15_304);
  assert.equal(counts.decided + counts.overtaken, counts.places);
});
