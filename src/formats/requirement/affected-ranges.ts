import type { AffectedRange, VersionScheme } from '../../core/match/advisory.ts';
import { compareVersions } from '../../core/version/compare.ts';

/** Just before a version, or just after it. */
export interface Cut {
  readonly version: string;
  readonly side: 'before' | 'after';
}

/** From one cut to another; null is without end. */
export interface Interval {
  readonly from: Cut | null;
  readonly to: Cut | null;
}

export interface Order {
  readonly scheme: VersionScheme;
  /** The lowest version above another one: ranges begin with a version, not after one. */
  readonly next: (version: string) => string;
}

/** What none of the intervals covers, as ranges: databases that name good versions mean that all others are affected. */
export function rangesOutside(intervals: readonly Interval[], order: Order): readonly AffectedRange[] {
  const sorted = intervals
    .filter(({ from, to }) => from === null || to === null || compareCuts(from, to, order) < 0)
    .toSorted((a, b) => compareStarts(a.from, b.from, order));
  const ranges: AffectedRange[] = [];
  let from: Cut | null = null;
  for (const interval of sorted) {
    if (interval.from !== null && (from === null || compareCuts(from, interval.from, order) < 0)) {
      ranges.push(rangeBetween(from, interval.from, order));
    }
    if (interval.to === null) return ranges;
    if (from === null || compareCuts(from, interval.to, order) < 0) from = interval.to;
  }
  return [...ranges, rangeBetween(from, null, order)];
}

/** Where two intervals overlap; undefined where they do not. */
export function overlap(a: Interval, b: Interval, order: Order): Interval | undefined {
  const from = compareStarts(a.from, b.from, order) < 0 ? b.from : a.from;
  const to = a.to === null ? b.to : b.to === null || compareCuts(a.to, b.to, order) < 0 ? a.to : b.to;
  return from !== null && to !== null && compareCuts(from, to, order) >= 0 ? undefined : { from, to };
}

function rangeBetween(from: Cut | null, to: Cut | null, { next }: Order): AffectedRange {
  const introduced = from === null ? '0' : from.side === 'before' ? from.version : next(from.version);
  return {
    introduced,
    fixed: to?.side === 'before' ? to.version : null,
    lastAffected: to?.side === 'after' ? to.version : null,
  };
}

function compareStarts(a: Cut | null, b: Cut | null, order: Order): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return compareCuts(a, b, order);
}

function compareCuts(a: Cut, b: Cut, { scheme }: Order): number {
  return compareVersions(scheme, a.version, b.version) || Number(a.side === 'after') - Number(b.side === 'after');
}
