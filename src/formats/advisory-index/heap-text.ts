import { damagedIndex } from './layout.ts';

/**
 * Texts in the heap: their length, then their code units, each alone in one to three bytes as UTF-8 would write it. So
 * texts order by bytes as they do by code units (UTF-8 itself orders differently), and half a surrogate pair survives.
 * Answers where the next one begins.
 */
export function writeText(heap: Uint8Array, offset: number, text: string): number {
  let at = offset;
  let length = bytesIn(text);
  for (; length >= 0x80; length = Math.floor(length / 0x80)) heap[at++] = (length % 0x80) | 0x80;
  heap[at++] = length;
  return writeUnits(heap, at, text);
}

export function textBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(bytesIn(text));
  writeUnits(bytes, 0, text);
  return bytes;
}

function bytesIn(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x80) length += unit < 0x800 ? 1 : 2;
  }
  return length;
}

function writeUnits(heap: Uint8Array, offset: number, text: string): number {
  let next = offset;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      heap[next++] = unit;
      continue;
    }
    if (unit < 0x800) heap[next++] = 0xc0 | (unit >> 6);
    else {
      heap[next++] = 0xe0 | (unit >> 12);
      heap[next++] = 0x80 | ((unit >> 6) & 0x3f);
    }
    heap[next++] = 0x80 | (unit & 0x3f);
  }
  return next;
}

/** Where a text's bytes begin and end. */
export interface Span {
  start: number;
  end: number;
}

/** Puts the bounds of the text at an offset into `span`: a new object for each would cost more than the comparison. */
export function readSpan(heap: Uint8Array, offset: number, span: Span): void {
  let length = 0;
  let at = offset;
  for (let shift = 0; ; shift += 7) {
    const byte = heap[at++];
    if (byte === undefined || shift > 28) throw damagedIndex('a text lies outside of it');
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (at + length > heap.length) throw damagedIndex('a text lies outside of it');
  span.start = at;
  span.end = at + length;
}

export function decodeText(heap: Uint8Array, { start, end }: Readonly<Span>): string {
  for (let at = start; at < end; at += 1) if ((heap[at] ?? 0) >= 0x80) return decodeUnits(heap, start, end);
  return Buffer.from(heap.buffer, heap.byteOffset + start, end - start).toString('latin1');
}

function decodeUnits(heap: Uint8Array, start: number, end: number): string {
  const units: string[] = [];
  for (let at = start; at < end; ) {
    const lead = heap[at++] ?? 0;
    let unit = lead < 0x80 ? lead : lead < 0xe0 ? lead & 0x1f : lead & 0x0f;
    for (let more = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : 2; more > 0; more -= 1) {
      unit = (unit << 6) | ((heap[at++] ?? 0) & 0x3f);
    }
    units.push(String.fromCharCode(unit));
  }
  return units.join('');
}

/** Negative, zero or positive as the text in the heap is below, equal to or above these bytes. */
export function compareSpan(heap: Uint8Array, { start, end }: Readonly<Span>, bytes: Uint8Array): number {
  const length = Math.min(end - start, bytes.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (heap[start + at] ?? 0) - (bytes[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return end - start - bytes.length;
}
