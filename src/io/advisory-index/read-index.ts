import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Failure } from '../../core/failure.ts';
import { openIndex } from '../../formats/advisory-index/open-index.ts';
import type { AdvisoryIndex } from '../../formats/advisory-index/open-index.ts';

/** Ten times all that is published. */
const FILE_BYTES_MAX = 1024 * 2 ** 20;

/**
 * The index in a file, read whole; `verify()` compares all of it with its digest, which takes as long as the rest. Throws
 * Failure E0803 when it is not there or no index, E0205 when it is too large.
 */
export function readIndex(file: string): AdvisoryIndex {
  return openIndex(bytesOf(file));
}

function bytesOf(file: string): Uint8Array {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    return readWhole(handle, file);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('E0803', 'The advisory index cannot be read', { at: file, why, cause });
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** At once, and without a turn through the thread pool, which takes twice as long. */
function readWhole(handle: number, file: string): Uint8Array {
  const { size } = fstatSync(handle);
  if (size > FILE_BYTES_MAX) {
    throw new Failure('E0205', `The advisory index is larger than ${FILE_BYTES_MAX} bytes`, { at: file });
  }
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const bytesRead = readSync(handle, bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
