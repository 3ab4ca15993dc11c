import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { parseManifestShape, type ManifestShape } from '../../formats/oci/manifest-shape.ts';
import { isErrno } from '../inventory/errno.ts';
import type { RegistryClient } from './client.ts';

export interface PulledLayout {
  readonly digest: Digest;
  /** Of the index that led to it, and its own. */
  readonly digests: readonly Digest[];
}

export interface PulledName {
  /** For messages; the registry is already chosen. */
  readonly host: string;
  readonly repository: string;
  readonly reference: string;
  readonly architecture: string;
  /** Ends it between two chunks. */
  readonly signal?: AbortSignal;
}

/**
 * Puts an image of a registry into a folder, as an OCI image layout of that one image (image-spec, image-layout.md); its
 * bytes go to the disk as they come and are compared with their digests. E0401 where there is none for the architecture,
 * E0205 where it says that it is larger than 32 GiB, E0803 where it cannot be written.
 */
export async function pullLayout(
  named: PulledName,
  folder: string,
  registry: Pick<RegistryClient, 'resolve' | 'stream'>,
): Promise<PulledLayout> {
  const { image, digests } = await imageNamed(named, registry);
  const blobs = join(folder, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  const fileOf = (digest: Digest): string => join(blobs, digest.slice('sha256:'.length));
  for (const ref of blobsOf(named, shapeOf(named, image.bytes))) {
    await registry.stream(named.repository, ref, (chunks) => written(chunks, fileOf(ref.digest), named.signal));
  }
  await writeFile(fileOf(image.digest), image.bytes);
  const descriptor = { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length };
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
  return { digest: image.digest, digests };
}

/** Packed. The largest images that are published have a tenth of it. */
const IMAGE_BYTES_MAX = 32 * 2 ** 30;

async function imageNamed(named: PulledName, registry: Pick<RegistryClient, 'resolve'>) {
  const { host, repository, reference, architecture } = named;
  const start = await registry.resolve(repository, reference);
  const shape = start === undefined ? undefined : shapeOf(named, start.bytes);
  const chosen = shape?.manifests.find((one) => one.platform?.architecture === architecture);
  const image =
    shape?.kind === 'index' && chosen !== undefined ? await registry.resolve(repository, chosen.digest) : start;
  if (start === undefined || image === undefined || (shape?.kind === 'index' && chosen === undefined)) {
    throw new Failure('E0401', `There is no ${host}/${repository} ${reference} for ${architecture}`, {
      hint: 'check the name, or choose another --architecture',
    });
  }
  return { image, digests: [...new Set([start.digest, image.digest])] };
}

function shapeOf({ host, repository, reference }: PulledName, bytes: Uint8Array): ManifestShape {
  try {
    return parseManifestShape(bytes);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new Failure(cause.code, `Registry ${host} sent a manifest of ${repository} ${reference} that is none`, {
      at: `${host}/${repository} ${reference}`,
      why: cause.message,
      kept: 'nothing of it was used',
      cause,
    });
  }
}

/** Config first; a layer that an image has twice is pulled once. */
function blobsOf(
  { host, repository, reference }: PulledName,
  { config, layers }: ManifestShape,
): ManifestShape['layers'] {
  const refs = [...new Map([...(config === null ? [] : [config]), ...layers].map((ref) => [ref.digest, ref])).values()];
  const sizeBytes = refs.reduce((sum, ref) => sum + ref.sizeBytes, 0);
  if (sizeBytes <= IMAGE_BYTES_MAX) return refs;
  throw new Failure('E0205', `The image ${host}/${repository} ${reference} has more than ${IMAGE_BYTES_MAX} bytes`, {
    at: `${host}/${repository} ${reference}`,
    why: `its manifest names ${sizeBytes} bytes in ${layers.length} layers`,
    kept: 'none of its layers was pulled',
  });
}

async function written(chunks: AsyncIterable<Uint8Array>, file: string, signal?: AbortSignal): Promise<void> {
  try {
    await using handle = await open(file, 'w');
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      await handle.writeFile(chunk);
    }
  } catch (cause) {
    // A connection fails while it is read, a disk while it is written.
    if (!isErrno(cause) || !['open', 'write'].includes(cause.syscall ?? '')) throw cause;
    throw new Failure('E0803', 'A layer cannot be written', {
      at: file,
      why: cause.message,
      hint: 'make room there, or name another place for passing files in TMPDIR',
      cause,
    });
  }
}
