import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { checkedBlob } from '../../factory/image/read-image.ts';
import { encodeIndex, parseIndex, parseManifest } from '../../formats/oci/manifest.ts';
import { isIndexType } from '../../formats/oci/media-types.ts';
import { writeFileDurably } from './write-file-durably.ts';
import type { Digest } from '../../core/digest.ts';
import type { Descriptor } from '../../formats/oci/descriptor.ts';
import type { ImageIndex } from '../../formats/oci/manifest.ts';

const REF_NAME = 'org.opencontainers.image.ref.name';

/**
 * Writes what `root` (an index or manifest) reaches into a folder as an OCI image layout (image-spec image-layout.md),
 * under a tag when one is given; what the folder's index holds under other tags stays. Blobs come before the index
 * that names them, each whole or not at all; bytes that are not what their digest says are E0301.
 */
export async function writeOciLayout(
  folder: string,
  root: Descriptor,
  from: { readonly blob: (ref: Descriptor) => Promise<Uint8Array>; readonly tag?: string },
): Promise<void> {
  await writeTree(folder, root, from.blob);
  const entry = from.tag === undefined ? root : { ...root, annotations: { [REF_NAME]: from.tag } };
  const kept = (await layoutIndex(folder)).manifests.filter((other) => {
    const tag = other.annotations?.[REF_NAME];
    return tag === undefined ? other.digest !== root.digest : tag !== from.tag;
  });
  await writeFileDurably(join(folder, 'oci-layout'), Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
  await writeFileDurably(join(folder, 'index.json'), encodeIndex({ manifests: [...kept, entry], annotations: {} }));
}

export interface OciLayout {
  readonly index: ImageIndex;
  /** The blob behind a descriptor, bounded by its size; the caller checks the digest where it matters. */
  readonly blob: (ref: Descriptor) => Promise<Uint8Array>;
  /** The manifest or index under a tag, or the only one. */
  readonly tagged: (tag: string | null) => Descriptor | undefined;
}

/** Opens an image layout. E0404 when the folder holds none. */
export async function readOciLayout(folder: string): Promise<OciLayout> {
  const marker = await readBounded(join(folder, 'oci-layout'), 4096).catch(() => undefined);
  if (marker === undefined || !new TextDecoder().decode(marker).includes('imageLayoutVersion')) {
    throw new Failure('E0404', `${folder} is no OCI image layout`, {
      at: folder,
      hint: 'it needs a file oci-layout and an index.json',
    });
  }
  const index = await layoutIndex(folder);
  return {
    index,
    blob: (ref) => readBounded(blobPath(folder, ref.digest), ref.sizeBytes),
    tagged: (tag) =>
      tag === null && index.manifests.length === 1
        ? index.manifests[0]
        : index.manifests.find((entry) => entry.annotations?.[REF_NAME] === tag),
  };
}

const INDEX_BYTES_MAX = 4 * 2 ** 20;

async function layoutIndex(folder: string): Promise<ImageIndex> {
  const path = join(folder, 'index.json');
  const bytes = await readBounded(path, INDEX_BYTES_MAX).catch((error: unknown) => {
    if (error instanceof Failure) throw error;
    return undefined;
  });
  return bytes === undefined ? { manifests: [], annotations: {} } : parseIndex(bytes, path);
}

async function writeTree(
  folder: string,
  ref: Descriptor,
  blob: (ref: Descriptor) => Promise<Uint8Array>,
): Promise<void> {
  const bytes = await checkedBlob(ref, blob);
  if (isIndexType(ref.mediaType)) {
    for (const entry of parseIndex(bytes, ref.digest).manifests) await writeTree(folder, entry, blob);
  } else {
    const { config, layers } = parseManifest(bytes, ref.digest);
    for (const part of [config, ...layers]) await writeBlob(folder, part, await checkedBlob(part, blob));
  }
  await writeBlob(folder, ref, bytes);
}

async function writeBlob(folder: string, ref: Descriptor, bytes: Uint8Array): Promise<void> {
  const path = blobPath(folder, ref.digest);
  const there = await stat(path).catch(() => undefined);
  if (there?.size !== ref.sizeBytes) await writeFileDurably(path, bytes);
}

function blobPath(folder: string, digest: Digest): string {
  return join(folder, 'blobs', 'sha256', digest.slice('sha256:'.length));
}

async function readBounded(path: string, bytesMax: number): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > bytesMax) throw new Failure('E0205', `${path} is larger than ${bytesMax} bytes`, { at: path });
  return readFile(path);
}
