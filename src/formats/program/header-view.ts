import type { RandomBytes } from './random-bytes.ts';

/** The numbers of a header at `offset`; reading beyond the end of the file is a RangeError. */
export function headerView(bytes: RandomBytes, offset: number, lengthBytes: number): DataView {
  const header = bytes.slice(offset, lengthBytes);
  return new DataView(header.buffer, header.byteOffset, header.byteLength);
}

/** Values beyond 2^53 are no offset of any file. */
export function bigNumber(view: DataView, at: number, littleEndian: boolean): number {
  const value = view.getBigUint64(at, littleEndian);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('an offset beyond any file');
  return Number(value);
}

/** A name that ends at the first NUL or fills its field. */
export function fieldText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1');
}
