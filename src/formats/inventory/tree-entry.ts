import { bytesInMemory, type RandomBytes } from '../program/random-bytes.ts';
import type { TarEntry } from '../tar/entry.ts';

/** One member of a layer, an archive or a folder, as far as an inventory asks. */
export interface TreeEntry {
  /** Relative, without `./`. */
  readonly path: string;
  /** `other`: a device, a pipe. */
  readonly kind: TarEntry['kind'] | 'other';
  /** Of a file; nothing is read before somebody asks. */
  readonly bytes?: RandomBytes;
}

export function treeEntry({ path, kind, content }: TarEntry): TreeEntry {
  return content === undefined ? { path, kind } : { path, kind, bytes: bytesInMemory(content) };
}
