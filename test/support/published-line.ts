import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { digestOf } from '../../src/core/digest.ts';
import type { Line } from '../../src/core/catalog/catalog.ts';
import type { Architecture, ImagePublished } from '../../src/core/fact.ts';
import type { ReceiptsTarget } from '../../src/factory/image/attach-receipts.ts';
import { documentImage } from '../../src/factory/image/document-image.ts';
import type { Attachment, Registry } from '../../src/factory/image/image.ts';
import type { PublishRequest } from '../../src/factory/image/publish-image.ts';
import { signerOf, type Signer } from '../../src/formats/dsse/signing-key.ts';
import type { VexEntry } from '../../src/formats/openvex/encode-openvex.ts';
import { registryClient } from '../../src/io/registry/client.ts';
import { listenRegistry } from '../../src/io/registry/listen.ts';
import { composedLine, memoryBlobs } from './composed-line.ts';
import { line } from './literals.ts';

export const composedAt = Temporal.Instant.from('2026-08-02T11:00:00Z');

/** Our registry on loopback with a client; its clock is the test's. */
export async function loopbackRegistry(t: TestContext, clock = () => composedAt) {
  const folder = await mkdtemp(join(tmpdir(), 'suture-registry-'));
  const listening = await listenRegistry({ folder, clock, port: 0 });
  t.after(async () => {
    await listening.close();
    await rm(folder, { recursive: true, force: true });
  });
  const blobs = memoryBlobs();
  return { host: listening.host, folder, blobs, registry: clientOf(listening.host, blobs) };
}

export function clientOf(host: string, blobs = memoryBlobs()): Registry {
  return registryClient({ host, plainHttp: true, blobs, retries: { attempts: 1 } });
}

export function newSigner(): Signer {
  return signerOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

export interface PublicationOptions {
  readonly architectures?: readonly Architecture[];
  readonly vex?: readonly VexEntry[];
  readonly packages?: readonly { readonly name: string; readonly version: string }[];
}

/** A composed line with its signed documents, ready for `publishImage`. */
export async function publication(
  world: { readonly host: string; readonly blobs: ReturnType<typeof memoryBlobs> },
  signer: Signer,
  options: PublicationOptions = {},
): Promise<PublishRequest & { readonly line: Line }> {
  const { architectures = ['amd64'] } = options;
  const composed = await composedLine(world.blobs, options);
  const attachments: Partial<Record<Architecture, readonly Attachment[]>> = {};
  for (const image of composed.images) {
    attachments[image.architecture] = documentImage(
      {
        image: {
          repository: `${world.host}/hello`,
          tag: '1',
          digest: image.manifest.digest,
          architecture: image.architecture,
          inventory: image.inventory,
          at: composedAt,
          programVersion: '0.1.0',
        },
        origin: {
          line: 'hello:1',
          architecture: image.architecture,
          catalogCommit: '8c1e0a2b3c4d5e6f708192a3b4c5d6e7f8091a2b',
          reason: 'first image of the line',
          programVersion: '0.1.0',
          composedAt,
          packages: [
            {
              recipe: 'hello',
              name: 'hello',
              version: '1.0.1-r0',
              digest: digestOf('package'),
              upstream: 'pkg:generic/hello',
              upstreamVersion: '1.0.1',
              sourceDigest: digestOf('source'),
              isolation: 'bubblewrap',
              commit: '0123456789012345678901234567890123456789',
            },
          ],
          imported: [],
        },
        vex: options.vex ?? [],
        author: 'Suture test',
      },
      signer,
    );
  }
  const declared = line({ architectures });
  const composition = digestOf('composition');
  return { line: declared, composed, attachments, composition, reason: 'first image of the line' };
}

/** Where the receipts of a published line belong. */
export async function receiptsTarget(
  registry: Pick<Registry, 'resolve'>,
  { repository, digest, manifests }: Pick<ImagePublished, 'repository' | 'digest' | 'manifests'>,
): Promise<ReceiptsTarget> {
  const manifest = await registry.resolve(repository, digest);
  assert.ok(manifest);
  const { mediaType, bytes } = manifest;
  return {
    repository,
    subject: { mediaType, digest, sizeBytes: bytes.length },
    digests: [digest, ...Object.values(manifests)],
  };
}
