import type { AdvisoryRecord } from '../../core/match/advisory.ts';

/**
 * Scores by CVE id in a few bytes each: 32-bit numbers of ids in order, then as many 16-bit scores (FIRST gives five
 * digits, of which the last is lost). Three hundred thousand are 2 MB, and are asked without being parsed.
 */
export function encodeEpssTable(records: Iterable<Pick<AdvisoryRecord, 'id' | 'epss'>>): Uint8Array {
  const scores = new Map<number, number>();
  for (const { id, epss } of records) {
    const number = numberOf(id);
    if (number !== undefined && epss !== null) scores.set(number, Math.round(epss * 65_535));
  }
  const sorted = [...scores].toSorted(([a], [b]) => a - b);
  const bytes = new Uint8Array(sorted.length * 6);
  new Uint32Array(bytes.buffer, 0, sorted.length).set(sorted.map(([number]) => number));
  new Uint16Array(bytes.buffer, sorted.length * 4).set(sorted.map(([, score]) => score));
  return bytes;
}

/** The score of a CVE; undefined where there is none. */
export function openEpssTable(bytes: Uint8Array): (id: string) => number | undefined {
  const count = Math.floor(bytes.length / 6);
  if (count === 0) return () => undefined;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const ids = new Uint32Array(aligned.buffer, aligned.byteOffset, count);
  const scores = new Uint16Array(aligned.buffer, aligned.byteOffset + count * 4, count);
  return (id) => {
    const number = numberOf(id);
    if (number === undefined) return undefined;
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ids[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return ids[low] === number ? (scores[low] ?? 0) / 65_535 : undefined;
  };
}

/** Year and number in 32 bits: years from 1990 on, numbers below 2^24. */
function numberOf(id: string): number | undefined {
  const [, year, number] = /^CVE-([0-9]{4})-([0-9]{4,8})$/.exec(id) ?? [];
  const [since, counted] = [Number(year) - 1990, Number(number)];
  return since >= 0 && since < 256 && counted < 2 ** 24 ? since * 2 ** 24 + counted : undefined;
}
