import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Digest } from '../../src/core/digest.ts';
import { Failure } from '../../src/core/failure.ts';
import type { ImagePublished } from '../../src/core/fact.ts';
import { attachDigestReceipt, attachReceipts } from '../../src/factory/image/attach-receipts.ts';
import type { Registry } from '../../src/factory/image/image.ts';
import { publishImage } from '../../src/factory/image/publish-image.ts';
import { listedObligations } from '../../src/formats/in-toto/digest-receipt.ts';
import { predicateTypes } from '../../src/formats/in-toto/predicate-types.ts';
import { parseManifestShape } from '../../src/formats/oci/manifest-shape.ts';
import { signatureTag } from '../../src/formats/sigstore/cosign-tags.ts';
import { layeredManifest } from '../../src/formats/sigstore/layered-manifest.ts';
import { signatureAnnotation, simpleSigningMediaType } from '../../src/formats/sigstore/simple-signing.ts';
import type { ReferenceVerdict } from '../../src/views/verify-reference.ts';
import { openVerify } from '../../src/wire/open-verify.ts';
import { memoryBlobs } from '../support/composed-line.ts';
import { dockerRegistry } from '../support/docker-registry.ts';
import { matchesGolden } from '../support/golden.ts';
import { obligation } from '../support/obligation.ts';
import { clientOf, loopbackRegistry, newSigner, publication, receiptsTarget } from '../support/published-line.ts';

/** What somebody who pulls is told when the chain of trust is broken, by registries that really run. */

const sign = newSigner();
const confirmedAt = '2026-08-02T10:00:00Z';
const first = obligation({
  vulnerability: 'CVE-2026-9',
  line: 'hello:1',
  standing: 'met',
  t0: '2026-08-01T10:00:00Z',
  t1: confirmedAt,
});
const corrected = obligation({
  vulnerability: 'CVE-2026-9',
  line: 'hello:1',
  standing: 'met',
  t0: '2026-08-01T09:00:00Z',
  t1: confirmedAt,
});

interface Published {
  readonly host: string;
  readonly blobs: ReturnType<typeof memoryBlobs>;
  readonly registry: Registry;
  readonly published: ImagePublished;
}

const attacks: readonly {
  readonly name: string;
  readonly by?: typeof sign;
  readonly reference?: (world: Published) => string;
  readonly attack: (world: Published) => Promise<unknown>;
}[] = [
  { name: 'nothing is wrong', attack: async () => undefined },
  { name: 'the key of somebody else', by: newSigner(), attack: async () => undefined },
  {
    name: 'signatures changed in the registry',
    attack: async ({ registry, published }) => {
      for (const digest of digestsOf(published)) await changeSignature(registry, digest);
    },
  },
  {
    name: 'the list of contents taken away',
    attack: ({ registry, published }) => detach(registry, published.manifests.amd64 as Digest, predicateTypes.spdx),
  },
  {
    name: 'other layers pushed under the tag, with the papers of the image before',
    attack: async (world) => {
      const other = await publication(world, newSigner(), { packages: [{ name: 'hello', version: '6.6.6-r0' }] });
      const index = await world.registry.pushLine('hello', other.composed, '1');
      const image = other.composed.images[0]?.manifest;
      assert.ok(image && index);
      await copyPapers(world, world.published.manifests.amd64 as Digest, image.digest);
    },
  },
  {
    name: 'a receipt of another digest copied here',
    attack: async (world) => {
      const other = await publication(world, sign, { packages: [{ name: 'hello', version: '1.0.2-r0' }] });
      const deps = depsOf(world);
      const published = await publishImage({ ...other, line: { ...other.line, tag: 'next' } }, deps);
      const target = await receiptsTarget(world.registry, published);
      const later = obligation({ vulnerability: 'CVE-2026-10', line: 'hello:1', standing: 'met', t1: confirmedAt });
      await attachReceipts([later], target, deps);
      await copyPapers(world, published.digest, world.published.digest);
    },
  },
  {
    name: 'a correction taken away, so that the first receipt counts again',
    attack: async (world) => {
      const target = await receiptsTarget(world.registry, world.published);
      await attachReceipts([corrected], target, depsOf(world));
      await attachDigestReceipt(await record(world, [corrected]), target, depsOf(world));
      const all = await world.registry.referrers('hello', world.published.digest);
      const correction = all.find(
        ({ annotations }) =>
          annotations['dev.sigstore.bundle.predicateType'] === predicateTypes.receipt &&
          annotations['suture.supersedes'] !== undefined,
      );
      assert.ok(correction);
      await world.registry.detach('hello', world.published.digest, correction.digest);
    },
  },
  {
    name: 'a receipt taken away',
    attack: ({ registry, published }) => detach(registry, published.digest, predicateTypes.receipt),
  },
  {
    name: 'a record that nobody renewed in time',
    attack: async (world) => {
      const open = obligation({ vulnerability: 'CVE-2026-12', line: 'hello:1', standing: 'waiting' });
      const old = { ...(await record(world, [first, open])), validUntil: '2026-08-04T10:00:05Z' };
      await attachDigestReceipt(old, await receiptsTarget(world.registry, world.published), depsOf(world));
    },
  },
  {
    name: 'a digest that is not the newest any more',
    reference: ({ host, published }) => `${host}/hello@${published.digest}`,
    attack: async (world) => {
      const next = await publication(world, sign, { packages: [{ name: 'hello', version: '1.0.2-r0' }] });
      const published = await publishImage(next, depsOf(world));
      const target = await receiptsTarget(world.registry, published);
      const fixed = obligation({ vulnerability: 'CVE-2026-11', line: 'hello:1', standing: 'met', t1: confirmedAt });
      await attachReceipts([fixed], target, depsOf(world));
      await attachDigestReceipt(await record({ ...world, published }, [fixed]), target, depsOf(world));
    },
  },
];

for (const [kind, start] of [
  ['our registry', ours],
  ['docker-registry', dockers],
] as const) {
  for (const { name, by, reference, attack } of attacks) {
    test(`suture verify by reference and key alone, ${kind}: ${name}`, async (t) => {
      const world = await start(t);
      if (world === undefined) return;
      await attack(world);
      const verdict = await verify(t, { reference: reference?.(world) ?? `${world.host}/hello:1`, by: by ?? sign });
      matchesGolden(t, `verify/${name.replace(/[^a-z]+/g, '-')}.txt`, told(verdict));
    });
  }
}

test('suture verify: a registry that cannot be reached is E0601, which exits 69', async (t) => {
  await assert.rejects(
    verify(t, { reference: '127.0.0.1:9/hello:1', by: sign }),
    (error) => error instanceof Failure && error.code === 'E0601' && error.detail.retryable === false,
  );
});

test('suture verify without a catalog: a reference without a registry, and no key', async (t) => {
  const folder = await temporary(t);
  const deps = await openVerify(folder);
  const signal = new AbortController().signal;
  await assert.rejects(deps.verify('hello:1', { keyFile: null, signal }), /hello:1 names no registry/);
  await assert.rejects(deps.verify('127.0.0.1:9/hello:1', { keyFile: null, signal }), /no public key to verify with/);
});

async function ours(t: TestContext): Promise<Published> {
  return published(await loopbackRegistry(t));
}

async function dockers(t: TestContext): Promise<Published | undefined> {
  const host = await dockerRegistry(t);
  if (host === undefined) return undefined;
  const blobs = memoryBlobs();
  return published({ host, blobs, registry: clientOf(host, blobs) });
}

async function published(world: Omit<Published, 'published'>): Promise<Published> {
  const done = await publishImage(await publication(world, sign), depsOf(world));
  const all = { ...world, published: done };
  const target = await receiptsTarget(world.registry, done);
  await attachReceipts([first], target, depsOf(world));
  await attachDigestReceipt(await record(all, [first]), target, depsOf(world));
  return all;
}

function depsOf({ registry }: Pick<Published, 'registry'>) {
  return { registry, sign, publicName: (repository: string) => `registry.example/${repository}` };
}

async function record({ published: { digest } }: Pick<Published, 'published'>, obligations: (typeof first)[]) {
  const confirmedBy = obligations.flatMap(({ claims }) => claims.flatMap((claim) => claim.endedBy ?? []));
  return {
    line: 'hello:1',
    digest,
    images: [],
    writtenAt: '2026-08-02T10:00:05Z',
    validUntil: '2999-08-04T10:00:05Z',
    ledger: { seq: 41, hash: 'ab' },
    obligations: listedObligations(obligations, confirmedBy),
  };
}

async function verify(t: TestContext, { reference, by }: { reference: string; by: typeof sign }) {
  const folder = await temporary(t);
  const keyFile = join(folder, 'key.pub');
  await writeFile(keyFile, by.publicKey);
  const deps = await openVerify(folder);
  t.after(() => deps.close());
  return deps.verify(reference, { keyFile, signal: new AbortController().signal });
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-verify-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function changeSignature(registry: Registry, digest: Digest): Promise<void> {
  const tag = signatureTag(digest);
  const manifest = await registry.resolve('hello', tag);
  const layer = manifest && parseManifestShape(manifest.bytes).layers[0];
  assert.ok(layer);
  const content = await registry.blob('hello', layer);
  const annotations = JSON.parse(Buffer.from(manifest.bytes).toString()).layers[0].annotations as Record<
    string,
    string
  >;
  const signature = Buffer.from(annotations[signatureAnnotation] ?? '', 'base64');
  signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
  const changed = { ...annotations, [signatureAnnotation]: signature.toString('base64') };
  const replaced = layeredManifest([{ mediaType: simpleSigningMediaType, content, annotations: changed }]);
  await registry.pushManifest('hello', replaced, tag);
}

async function detach(registry: Registry, subject: Digest, predicateType: string): Promise<void> {
  for (const one of await registry.referrers('hello', subject)) {
    if (one.annotations['dev.sigstore.bundle.predicateType'] !== predicateType) continue;
    await registry.detach('hello', subject, one.digest);
  }
}

/** What anybody with write access can do: the bytes are genuine, the place is not. */
async function copyPapers({ registry }: Published, from: Digest, to: Digest): Promise<void> {
  const subject = await registry.resolve('hello', to);
  assert.ok(subject);
  for (const one of await registry.referrers('hello', from)) {
    const manifest = await registry.resolve('hello', one.digest);
    const layer = manifest && parseManifestShape(manifest.bytes).layers[0];
    assert.ok(layer);
    await registry.attach(
      'hello',
      { mediaType: subject.mediaType, digest: to, sizeBytes: subject.bytes.length },
      {
        artifactType: one.artifactType,
        mediaType: layer.mediaType,
        bytes: await registry.blob('hello', layer),
        annotations: one.annotations,
      },
    );
  }
}

function digestsOf({ digest, manifests }: ImagePublished): readonly Digest[] {
  return [digest, ...Object.values(manifests)];
}

/** Keys and digests differ in each run. */
function told({ answer, checks }: ReferenceVerdict): string {
  const lines = checks.flatMap(({ name, verdict, text, reason, cause }) => [
    `${verdict.padEnd(4)} ${name}: ${text}${reason === null ? '' : ` [${reason}]`}`,
    ...(cause === null ? [] : [`     probably: ${cause}`]),
  ]);
  return `${[...lines, `answer: ${answer}`].join('\n')}\n`
    .replace(/key [0-9a-f]{8}…/g, 'key KEY…')
    .replace(/by [0-9a-f]{8}…/g, 'by KEY…')
    .replace(/sha256:[0-9a-f]{8}…/g, 'sha256:DIGEST…')
    .replace(/composed .* ago/, 'composed AGES ago')
    .replace(/about the last .*/, 'about the last AGES');
}
