/**
 * A file of which only pieces are read: a program of 60 MB says what it is made of in a few kilobytes. Synchronous, so that
 * bytes in memory and an open file are the same thing to a reader.
 */
export interface RandomBytes {
  readonly sizeBytes: number;
  /** The bytes that there are from `offset` on, at most `lengthBytes`; fewer, or none, at the end of the file. */
  readonly slice: (offset: number, lengthBytes: number) => Uint8Array;
}

export function bytesInMemory(bytes: Uint8Array): RandomBytes {
  return {
    sizeBytes: bytes.length,
    slice: (offset, lengthBytes) => bytes.subarray(offset, offset + lengthBytes),
  };
}
