import type { Digest } from '../../core/digest.ts';

/** How a layer lies over another: in it are all records of files that came or changed since. */
export interface LaidOver {
  /** Name of the folder beside it. */
  readonly base: string;
  /** Places count in this one alone. */
  readonly indexDigest: Digest;
  /** Places in the base, from and up to, whose files changed or went; in their order. */
  readonly hidden: readonly (readonly [from: number, to: number])[];
  /** From which place on records of this layer come before which one of the base; in their order. */
  readonly before: readonly (readonly [from: number, basePlace: number])[];
}

export interface LayeredPlace {
  readonly layer: 0 | 1;
  readonly place: number;
}

/** Places of both in the order of their files, without those that are hidden. Each list is in order. */
export function mergedPlaces(
  { base, over }: { readonly base: readonly number[]; readonly over: readonly number[] },
  { hidden, before }: LaidOver,
): readonly LayeredPlace[] {
  const merged: LayeredPlace[] = [];
  const shown = base.filter((place) => !isHidden(place, hidden));
  let next = 0;
  for (const place of over) {
    const basePlace = rowAt(place, before)?.[1] ?? 0;
    for (; next < shown.length && (shown[next] ?? 0) < basePlace; next += 1) {
      merged.push({ layer: 0, place: shown[next] ?? 0 });
    }
    merged.push({ layer: 1, place });
  }
  for (const place of shown.slice(next)) merged.push({ layer: 0, place });
  return merged;
}

function isHidden(place: number, hidden: LaidOver['hidden']): boolean {
  const row = rowAt(place, hidden);
  return row !== undefined && place < row[1];
}

/** The last row that begins at the place or before it. */
function rowAt(place: number, rows: readonly (readonly [number, number])[]): readonly [number, number] | undefined {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.[0] ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1];
}
