import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestOf } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { artifactManifest } from './artifact-manifest.ts';
import { manifestBytesMax, parseManifestShape } from './manifest-shape.ts';
import { mediaTypes } from './media-types.ts';

const digest = digestOf('x');
const config = { mediaType: mediaTypes.config, digest, size: 1 };
const image = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [config] };
const index = {
  schemaVersion: 2,
  mediaType: mediaTypes.index,
  manifests: [{ ...config, platform: { os: 'linux', architecture: 'amd64' } }],
};
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test('parseManifestShape() reads images, indexes and artifacts', () => {
  assert.equal(parseManifestShape(bytes(image)).kind, 'image');
  assert.equal(parseManifestShape(bytes(index)).manifests[0]?.platform?.architecture, 'amd64');
  const artifact = parseManifestShape(
    artifactManifest({
      artifactType: 'a/b',
      mediaType: 'text/plain',
      content: bytes('hello'),
      subject: { mediaType: mediaTypes.manifest, digest, sizeBytes: 1 },
      annotations: { b: '2', a: '1' },
      fileName: 'hello.txt',
    }),
  );
  assert.deepEqual(
    [artifact.artifactType, artifact.subject?.digest, Object.keys(artifact.annotations)],
    ['a/b', digest, ['a', 'b']],
  );
  assert.deepEqual(artifact.layers[0]?.annotations, { 'org.opencontainers.image.title': 'hello.txt' });
});

const wrong: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a list', []],
  ['schema 1', { ...image, schemaVersion: 1 }],
  ['no config', { ...image, config: undefined }],
  ['image and index in one', { ...image, manifests: [] }],
  ['an index that says it is an image', { ...index, mediaType: mediaTypes.manifest }],
  ['a media type of something else', { ...image, mediaType: 'text/html' }],
  ['a digest of another kind', { ...image, config: { ...config, digest: `sha512:${'0'.repeat(128)}` } }],
  ['a digest that climbs', { ...image, config: { ...config, digest: 'sha256:../../etc/passwd' } }],
  ['a size below zero', { ...image, config: { ...config, size: -1 } }],
  ['a size that is no whole number', { ...image, config: { ...config, size: 1.5 } }],
  ['annotations that are no text', { ...image, annotations: { a: 1 } }],
  ['too many layers', { ...image, layers: Array.from({ length: 10_001 }, () => config) }],
];
for (const [what, value] of wrong) {
  test(`parseManifestShape() refuses: ${what}`, () => {
    assert.throws(() => parseManifestShape(bytes(value)), { code: 'E0603' });
  });
}

test('parseManifestShape() refuses what is too large, before reading it', () => {
  assert.throws(() => parseManifestShape(new Uint8Array(manifestBytesMax + 1)), { code: 'E0603' });
});

test('parseManifestShape() refuses a manifest that was sent as something else', () => {
  assert.throws(() => parseManifestShape(bytes(image), mediaTypes.index), { code: 'E0603' });
  assert.equal(
    parseManifestShape(bytes({ ...image, mediaType: undefined }), mediaTypes.manifest).mediaType,
    mediaTypes.manifest,
  );
});

test('parseManifestShape() of any bytes is a shape or a Failure, never anything else', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    damaged(bytes(image)),
    damaged(bytes(index)),
  );
  fc.assert(
    fc.property(anything, (input) => {
      try {
        const shape = parseManifestShape(input);
        return shape.kind === 'index' ? shape.config === null : shape.config !== null;
      } catch (error) {
        return error instanceof Failure && error.code === 'E0603';
      }
    }),
    { numRuns: 500 },
  );
});

/** A good manifest with one byte replaced or a stretch cut out. */
function damaged(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fc.nat(good.length - 1), fc.nat(20), fc.nat(255)).map(([at, cut, byte]) => {
    const copy = Uint8Array.from(good);
    copy[at] = byte;
    return Buffer.concat([copy.subarray(0, at + 1), copy.subarray(at + 1 + cut)]);
  });
}
