import { createHash } from 'node:crypto';
import { digestOf } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { sharedLibrary } from '../elf/shared-library.ts';
import { gunzip } from '../gzip/gunzip.ts';
import { layerEvidence } from '../inventory/layer-evidence.ts';
import { accountsOfFile } from '../passwd/account-file.ts';
import { readTar } from '../tar/read-tar.ts';
import { withoutHardlinks } from '../tar/without-hardlinks.ts';
import { layerCompression } from './media-types.ts';
import type { FileFact } from '../../core/compat/image-facts.ts';
import type { Digest } from '../../core/digest.ts';
import type { LayerEvidence } from '../inventory/layer-evidence.ts';
import type { TarEntry } from '../tar/entry.ts';

/** What one layer's bytes say, as a plain value: the same for the same digest for ever. */
export interface LayerFacts {
  readonly diffId: Digest;
  readonly files: readonly FileFact[];
  readonly evidence: LayerEvidence;
}

const LAYER_BYTES_MAX = 4 * 2 ** 30 - 1;

/** The members of a layer, hard links as the files that they are, and the digest of its uncompressed bytes. E0404 malformed or unreadable, E0205 too large. */
export function readLayer(
  bytes: Uint8Array,
  layer: { readonly mediaType: string; readonly at: string },
): { readonly diffId: Digest; readonly entries: readonly TarEntry[] } {
  const compression = layerCompression(layer.mediaType);
  if (compression === undefined) {
    throw new Failure('E0404', `The layer ${layer.at} is packed in a way that cannot be read: ${layer.mediaType}`, {
      at: layer.at,
    });
  }
  const tar =
    compression === 'none' ? bytes : gunzip(bytes, { what: `layer ${layer.at}`, outputBytesMax: LAYER_BYTES_MAX });
  const limits = {
    archive: `layer ${layer.at}`,
    outsideHardlinks: true,
    symlinks: 'any',
    contentBytesMax: LAYER_BYTES_MAX,
  } as const;
  return { diffId: digestOf(tar), entries: withoutHardlinks(readTar(tar, limits)) };
}

export function factsOfLayer(diffId: Digest, entries: readonly TarEntry[]): LayerFacts {
  return { diffId, files: withoutHardlinks(entries).map(fileFact), evidence: layerEvidence(entries) };
}

function fileFact(entry: TarEntry): FileFact {
  const { path, kind, mode, uid, gid } = entry;
  const bytes = entry.content ?? new Uint8Array(0);
  const library = isWhereTheLoaderLooks(entry) ? sharedLibrary(bytes) : undefined;
  const accounts = kind === 'file' ? accountsOfFile(path, bytes) : undefined;
  return {
    path,
    kind,
    mode,
    uid,
    gid,
    sizeBytes: bytes.length,
    content: contentOf(entry),
    ...(library === undefined ? {} : { library }),
    ...(accounts === undefined ? {} : { accounts }),
  };
}

/** Debian keeps them one folder deeper, under the name of the architecture. */
function isWhereTheLoaderLooks({ path, kind }: TarEntry): boolean {
  return kind === 'file' && /^(?:usr\/)?lib(?:64)?\/(?:[a-z0-9_]+-linux-[a-z]+\/)?[^/]+\.so[^/]*$/.test(path);
}

function contentOf(entry: TarEntry): string {
  switch (entry.kind) {
    case 'directory':
      return '';
    case 'symlink':
    case 'hardlink':
      return entry.linkTarget ?? '';
    case 'file':
      return createHash('sha256')
        .update(entry.content ?? new Uint8Array(0))
        .digest('hex');
  }
}
