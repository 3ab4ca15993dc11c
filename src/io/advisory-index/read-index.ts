import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../../core/failure.ts';
import { openIndex } from '../../formats/advisory-index/open-index.ts';
import type { AdvisoryIndex } from '../../formats/advisory-index/open-index.ts';

/** Ten times all that is published. */
const FILE_BYTES_MAX = 1024 * 2 ** 20;

/**
 * The index in a file, read whole; `verify()` compares all of it with its digest, which takes as long as the rest. Throws
 * Failure E0803 when it is not there or no index, E0205 when it is too large.
 */
export async function readIndex(file: string): Promise<AdvisoryIndex> {
  return openIndex(await bytesOf(file));
}

async function bytesOf(file: string): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    return await readWhole(handle, file);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('E0803', 'The advisory index cannot be read', { at: file, why, cause });
  } finally {
    await handle?.close();
  }
}

/** At once: in parts, as `readFile` does it, takes three times as long. */
async function readWhole(handle: FileHandle, file: string): Promise<Uint8Array> {
  const { size } = await handle.stat();
  if (size > FILE_BYTES_MAX) {
    throw new Failure('E0205', `The advisory index is larger than ${FILE_BYTES_MAX} bytes`, { at: file });
  }
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
