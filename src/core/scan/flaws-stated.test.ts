import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advisory, affectedBelow, component, recordSource } from '../../../test/support/literal-scan.ts';
import type { VexProduct, VexStatement } from '../match/advisory.ts';
import type { VexFinding, VexSource } from '../match/vex.ts';
import type { ImageIdentity } from '../match/vex-product.ts';
import { defaultPolicy } from '../promise/policy.ts';
import { flawsStated, imageComponent, type StatedPlace } from './flaws-stated.ts';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const image: ImageIdentity = {
  digests: [DIGEST],
  repository: 'registry.example/team/hello',
  tag: '1.0',
  architecture: 'amd64',
};
const flask = component('pkg:pypi/flask@1.0.0');
const places: readonly StatedPlace[] = [
  { image, component: flask.purl, within: [], about: flask },
  { image, component: null, within: [], about: imageComponent({ image }) },
];
const severity = { source: 'ghsa', type: 'CVSS_V3.1', vector: null, score: 9.8, level: 'critical' } as const;
const source = recordSource(
  [
    advisory('GHSA-1', [affectedBelow('pkg:npm/other', null)], { aliases: ['CVE-2026-1'], severities: [severity] }),
    advisory('CVE-2026-1', [], { source: 'kev', exploitedSince: '2026-02-01T00:00:00Z' }),
  ],
  { 'CVE-2026-1': 0.5 },
);

function stated(id: string, product: VexProduct, status: VexStatement['status'] = 'affected'): VexSource {
  const says = { justification: null, note: '', author: 'us', statedAt: '2026-03-01T00:00:00Z' };
  return { id: 'own', records: [{ ...advisory(id, []), statements: [{ status, products: [product], ...says }] }] };
}

const ask = (document: VexSource, known: readonly VexFinding[] = []) =>
  flawsStated(places, {
    known,
    documents: [document],
    source,
    rule: { policy: defaultPolicy },
    tiers: () => 'supplier',
  }).map(({ flaw }) => flaw);

const ofFlask: VexProduct = { ids: ['pkg:pypi/flask'], subcomponents: [] };

test('flawsStated() rates by all records that bear a name of it, whatever package they are about', () => {
  const [flaw] = ask(stated('GHSA-1', ofFlask));
  assert.deepEqual(
    [flaw?.vulnerability, flaw?.ids, flaw?.rating.level, flaw?.exploitedSince, flaw?.epss, flaw?.said],
    ['CVE-2026-1', ['CVE-2026-1', 'GHSA-1'], 'critical', '2026-02-01T00:00:00Z', 0.5, []],
  );
  assert.equal(ask(stated('CVE-2026-2', ofFlask))[0]?.rating.by, null);
});

test('flawsStated() is not what is found already under a name that only a record gives it', () => {
  const known = { image, component: flask.purl, within: [], ids: ['CVE-2026-1'], verdict: 'affected' } as const;
  assert.deepEqual(ask(stated('GHSA-1', ofFlask), [known]), []);
});

test('flawsStated() of an image as a whole is one of the image', () => {
  const [flaw, ...others] = ask(stated('CVE-2026-2', { ids: [DIGEST], subcomponents: [] }, 'under_investigation'));
  assert.deepEqual(
    [flaw?.component.purl, flaw?.verdict, others],
    [
      `pkg:oci/hello@${encodeURIComponent(DIGEST)}?arch=amd64&repository_url=registry.example/team/hello`,
      'indeterminate',
      [],
    ],
  );
});
