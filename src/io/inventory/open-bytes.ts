import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { Failure } from '../../core/failure.ts';
import type { RandomBytes } from '../../formats/program/random-bytes.ts';
import { isErrno } from './errno.ts';

export interface OpenBytes extends RandomBytes {
  readonly close: () => void;
}

/** A file to read pieces of; undefined where it is a link, no plain file, or not ours to read. */
export function openBytes(path: string): OpenBytes | undefined {
  const file = opened(path);
  if (file === undefined) return undefined;
  const stat = fstatSync(file);
  if (!stat.isFile()) {
    closeSync(file);
    return undefined;
  }
  return {
    sizeBytes: stat.size,
    slice: (offset, lengthBytes) =>
      sliceOf(file, { path, offset, lengthBytes: Math.min(lengthBytes, stat.size - offset) }),
    close: () => closeSync(file),
  };
}

function opened(path: string): number | undefined {
  try {
    // Not blocking: a pipe that takes a file's place would wait for its writer for ever.
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (!isErrno(error)) throw error;
    return undefined;
  }
}

function sliceOf(
  file: number,
  { path, offset, lengthBytes }: { readonly path: string; readonly offset: number; readonly lengthBytes: number },
): Uint8Array {
  if (lengthBytes <= 0) return new Uint8Array(0);
  const bytes = Buffer.allocUnsafe(lengthBytes);
  let read = 0;
  try {
    while (read < lengthBytes) {
      const more = readSync(file, bytes, read, lengthBytes - read, offset + read);
      if (more === 0) break;
      read += more;
    }
  } catch (cause) {
    throw new Failure('E0404', `The file ${path} cannot be read`, { at: path, cause });
  }
  return bytes.subarray(0, read);
}
