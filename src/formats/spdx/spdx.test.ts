import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describedImage, richInventory } from '../../../test/support/described-image.ts';
import { digestOf } from '../../core/digest.ts';
import { spdxOf } from './encode-spdx.ts';
import { licenseExpression } from './license-text.ts';
import { readSpdx } from './read-spdx.ts';

test('spdxOf() has what SPDX 2.3 requires of every entry, and ids that are unique and point somewhere', () => {
  const document = spdxOf(describedImage());
  const ids = document.packages.map((one) => one.SPDXID);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^SPDXRef-[A-Za-z0-9.-]+$/);
  const known = new Set([...ids, 'SPDXRef-DOCUMENT']);
  for (const { spdxElementId, relatedSpdxElement } of document.relationships) {
    assert.ok(known.has(spdxElementId) && known.has(relatedSpdxElement));
  }
  assert.match(document.creationInfo.created, /^2026-08-02T11:00:00Z$/);
  assert.match(document.documentNamespace, /^urn:suture:image:sha256-[0-9a-f]{64}$/);
  for (const one of document.packages) assert.equal(one.downloadLocation, 'NOASSERTION');
});

test('spdxOf() gives each edge its relationship, in the direction that the standard names', () => {
  const { packages, relationships } = spdxOf(describedImage());
  const name = new Map(packages.map((one) => [one.SPDXID, one.name]));
  const said = relationships.map(
    (one) => `${name.get(one.spdxElementId) ?? 'document'} ${one.relationshipType} ${name.get(one.relatedSpdxElement)}`,
  );
  const image = 'registry.example:5000/team/hello';
  assert.deepEqual(said, [
    `document DESCRIBES ${image}`,
    `${image} CONTAINS hello`,
    `${image} CONTAINS libhello`,
    `${image} CONTAINS tool`,
    'hello STATIC_LINK stdlib',
    'go BUILD_TOOL_OF hello',
    'uthash BUILD_DEPENDENCY_OF libhello',
    'tool CONTAINS lib',
    `${image} OTHER orphan`,
  ]);
});

test('readSpdx() finds again exactly what the inventory holds', () => {
  const read = readSpdx(JSON.parse(JSON.stringify(spdxOf(describedImage()))));
  assert.deepEqual(read?.packages, ['hello 1.0.1-r0', 'libhello 1.0.1-r0', 'tool 2:0.1+git']);
  assert.deepEqual(
    read?.purls,
    richInventory.components.map((one) => one.purl).toSorted((a, b) => (a < b ? -1 : 1)),
  );
  assert.equal(`sha256:${read?.imageSha256}`, digestOf('an image'));
  for (const other of [null, {}, { spdxVersion: 'SPDX-2.3' }, []]) assert.equal(readSpdx(other), undefined);
});

test('spdxOf() gives the same bytes for the same image, and another namespace for another one', () => {
  assert.deepEqual(spdxOf(describedImage()), spdxOf(describedImage()));
  const other = spdxOf(describedImage({ digest: digestOf('another image') }));
  assert.notEqual(other.documentNamespace, spdxOf(describedImage()).documentNamespace);
});

test('licenseExpression() takes what looks like an expression and nothing else', () => {
  for (const good of [
    'MIT',
    'Apache-2.0 OR MIT',
    '(GPL-2.0-only WITH Classpath-exception-2.0) AND BSD-3-Clause',
    'GPL-2.0+',
  ]) {
    assert.equal(licenseExpression(good), good);
  }
  for (const bad of ['', 'see COPYING', 'MIT OR', 'OR MIT', 'MIT and BSD', 'MIT, BSD', 'Public Domain']) {
    assert.equal(licenseExpression(bad), null, bad);
  }
});
