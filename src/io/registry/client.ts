import { digestOf, type Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { invariant } from '../../core/invariant.ts';
import type { BlobStore } from '../../factory/deps.ts';
import type { BlobRef, ComposedImage, Registry } from '../../factory/image/image.ts';
import { artifactManifest, emptyConfig } from '../../formats/oci/artifact-manifest.ts';
import { parseManifestShape } from '../../formats/oci/manifest-shape.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import { blobTransfer } from './blob-transfer.ts';
import { connectTo, type ConnectionOptions } from './connection.ts';
import type { TakeBody } from './http-exchange.ts';
import { manifestTransfer, type SentManifest } from './manifest-transfer.ts';
import { referrersOf } from './referrers-client.ts';

export interface RegistryClientOptions extends ConnectionOptions {
  /** Holds the bytes of what is pushed. */
  readonly blobs: Pick<BlobStore, 'get'>;
}

export interface RegistryClient extends Registry {
  /** A blob that is too large for memory, chunk by chunk: E0603 at its end where they are not the bytes that it names. */
  stream(repository: string, ref: BlobRef, take: TakeBody): Promise<void>;
}

/**
 * A client of any OCI registry. Unreachable or too busy is E0601 (retryable), refused is E0602, other bytes or digests
 * than were given is E0603; credentials stand in no message.
 */
export function registryClient(options: RegistryClientOptions): RegistryClient {
  const connection = connectTo(options);
  const blobs = blobTransfer(connection);
  const manifests = manifestTransfer(connection);
  const referrers = referrersOf(connection, manifests);

  return {
    async pushLine(repository, line, tag) {
      for (const image of line.images) await pushImage(repository, image);
      const index = { mediaType: line.index.mediaType, bytes: await stored(line.index.digest) };
      await manifests.put(repository, tag ?? line.index.digest, index);
      return line.index.digest;
    },

    async attach(repository, subject, attachment) {
      const bytes = artifactManifest({ ...attachment, content: attachment.bytes, subject });
      await pushContents(repository, [emptyConfig, attachment.bytes]);
      const digest = digestOf(bytes);
      const { listsReferrers } = await manifests.put(repository, digest, { mediaType: mediaTypes.manifest, bytes });
      if (!listsReferrers) {
        const { artifactType, annotations } = attachment;
        const added = { mediaType: mediaTypes.manifest, digest, sizeBytes: bytes.length, artifactType, annotations };
        await referrers.record(repository, subject.digest, added);
      }
      return digest;
    },

    async pushManifest(repository, manifest, tag) {
      await pushContents(repository, manifest.blobs);
      const digest = digestOf(manifest.bytes);
      await manifests.put(repository, tag ?? digest, manifest);
      return digest;
    },

    async detach(repository, subject, document) {
      await referrers.forget(repository, subject, document);
      await manifests.remove(repository, document);
    },

    resolve: (repository, reference) => manifests.get(repository, reference),
    blob: (repository, ref) => blobs.pull(repository, ref),
    stream: (repository, ref, take) => blobs.stream(repository, ref, take),

    async tag(repository, tag, digest) {
      const manifest = (await ownManifest(digest)) ?? (await manifests.get(repository, digest));
      if (manifest === undefined) {
        throw new Failure('E0602', `Registry ${connection.host} has no ${repository}@${digest} to call ${tag}`);
      }
      await manifests.put(repository, tag, manifest);
    },

    referrers: (repository, subject) => referrers.list(repository, subject),
  };

  async function pushImage(repository: string, image: ComposedImage): Promise<void> {
    const parts: readonly BlobRef[] = [...image.layers, image.config];
    await Promise.all(parts.map((part) => blobs.ensure(repository, part, () => stored(part.digest))));
    const bytes = await stored(image.manifest.digest);
    await manifests.put(repository, image.manifest.digest, { mediaType: image.manifest.mediaType, bytes });
  }

  async function pushContents(repository: string, contents: readonly Uint8Array[]): Promise<void> {
    await Promise.all(contents.map((bytes) => blobs.deliver(repository, bytes)));
  }

  /** What we pushed ourselves need not be fetched to be named. */
  async function ownManifest(digest: Digest): Promise<SentManifest | undefined> {
    const bytes = await options.blobs.get(digest);
    return bytes === undefined ? undefined : { mediaType: parseManifestShape(bytes).mediaType, bytes };
  }

  async function stored(digest: Digest): Promise<Uint8Array> {
    const bytes = await options.blobs.get(digest);
    invariant(bytes !== undefined, `what is pushed lies in the blob store: ${digest}`);
    return bytes;
  }
}
