import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../core/digest.ts';
import { encodeIndex, encodeManifest, parseIndex, parseManifest, platformOf } from './manifest.ts';
import { mediaTypes } from './media-types.ts';

const config = { mediaType: mediaTypes.config, digest: digestOf('config'), sizeBytes: 6 };
const layer = { mediaType: mediaTypes.layerGzip, digest: digestOf('layer'), sizeBytes: 5 };

test('encodeManifest() writes equal manifests alike and parseManifest() reads them back', () => {
  const manifest = { config, layers: [layer], annotations: { b: '2', a: '1' } };
  const bytes = encodeManifest(manifest);
  assert.deepEqual(encodeManifest({ ...manifest, annotations: { a: '1', b: '2' } }), bytes);
  assert.equal(
    Buffer.from(bytes).toString(),
    `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"${config.mediaType}","digest":"${config.digest}","size":6},"layers":[{"mediaType":"${layer.mediaType}","digest":"${layer.digest}","size":5}],"annotations":{"a":"1","b":"2"}}`,
  );
  assert.deepEqual(parseManifest(bytes, 'x'), manifest);
});

test('encodeIndex() names the platform of each image', () => {
  const entry = { mediaType: mediaTypes.manifest, digest: digestOf('m'), sizeBytes: 1, platform: platformOf('arm64') };
  const bytes = encodeIndex({ manifests: [entry], annotations: {} });
  assert.deepEqual(JSON.parse(Buffer.from(bytes).toString()).manifests[0].platform, {
    architecture: 'arm64',
    os: 'linux',
    variant: 'v8',
  });
  assert.deepEqual(parseIndex(bytes, 'x').manifests, [entry]);
});

test('parseManifest() refuses what is no manifest', () => {
  const good = JSON.parse(Buffer.from(encodeManifest({ config, layers: [layer], annotations: {} })).toString());
  const bad: readonly unknown[] = [
    null,
    [],
    { ...good, schemaVersion: 1 },
    { ...good, config: undefined },
    { ...good, layers: 'x' },
    { ...good, mediaType: mediaTypes.index },
    { ...good, layers: [{ ...good.layers[0], size: -1 }] },
    { ...good, layers: [{ ...good.layers[0], size: 1.5 }] },
    { ...good, layers: [{ ...good.layers[0], size: 2 ** 60 }] },
    { ...good, layers: [{ ...good.layers[0], digest: 'sha256:00' }] },
    { ...good, layers: [{ ...good.layers[0], digest: `sha256:${'A'.repeat(64)}` }] },
    { ...good, layers: Array.from({ length: 1001 }, () => good.layers[0]) },
    { ...good, annotations: { a: 1 } },
  ];
  for (const value of bad) {
    assert.throws(
      () => parseManifest(Buffer.from(JSON.stringify(value)), 'x'),
      { code: 'E0404' },
      JSON.stringify(value).slice(0, 200),
    );
  }
  assert.throws(() => parseManifest(Buffer.from('{'), 'x'), { code: 'E0404' });
  assert.throws(() => parseManifest(Buffer.from([0xff]), 'x'), { code: 'E0404' });
  assert.throws(() => parseManifest(Buffer.alloc(4 * 2 ** 20 + 1, 0x20), 'x'), { code: 'E0205' });
});
