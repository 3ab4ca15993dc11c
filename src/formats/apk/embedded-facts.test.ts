import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEmbeddedFacts, parseEmbeddedFacts } from './embedded-facts.ts';
import type { Component } from '../../core/match/inventory.ts';

const edges = ['is', 'contains', 'static', 'header', 'compiled-by'] as const;
const components: readonly Component[] = edges.map((edge, i) => ({
  purl: `pkg:golang/example.org/m${i}@v1.${i}.0`,
  version: `v1.${i}.0`,
  scheme: 'go',
  upstream: `pkg:golang/example.org/m${i}`,
  stream: '1',
  edge,
  package: 'app',
  patched: i === 0 ? ['CVE-1'] : [],
}));
const document = { name: 'app', version: '1-r0', license: 'MIT', builtAt: 1_700_000_000, components };

test('parseEmbeddedFacts() gives back every component with its edge', () => {
  assert.deepEqual(parseEmbeddedFacts(encodeEmbeddedFacts(document), 'app', 'x'), components);
});

test('encodeEmbeddedFacts() is an SPDX 2.3 document whose elements all exist', () => {
  const spdx = JSON.parse(Buffer.from(encodeEmbeddedFacts(document)).toString());
  assert.equal(spdx.spdxVersion, 'SPDX-2.3');
  assert.equal(spdx.creationInfo.created, '2023-11-14T22:13:20Z');
  const ids = new Set(['SPDXRef-DOCUMENT', ...spdx.packages.map((one: { SPDXID: string }) => one.SPDXID)]);
  assert.equal(ids.size, components.length + 2);
  for (const { spdxElementId, relatedSpdxElement } of spdx.relationships)
    assert.ok(ids.has(spdxElementId) && ids.has(relatedSpdxElement));
});

test('parseEmbeddedFacts() passes over documents of other makers and refuses damaged ones of ours', () => {
  const text = Buffer.from(encodeEmbeddedFacts(document)).toString();
  assert.deepEqual(parseEmbeddedFacts(Buffer.from('{"spdxVersion":"SPDX-2.3","packages":[]}'), 'app', 'x'), []);
  assert.deepEqual(parseEmbeddedFacts(Buffer.from('not even JSON'), 'app', 'x'), []);
  for (const bad of [
    text.slice(0, -20),
    text.replace('compiled-by', 'unheard-of'),
    text.replaceAll('"purl"', '"cpe23Type"'),
    text.replaceAll('versionInfo', 'v'),
  ]) {
    assert.throws(() => parseEmbeddedFacts(Buffer.from(bad), 'app', 'x'), { code: 'E0404' });
  }
});
