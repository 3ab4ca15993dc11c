import type { AffectedRange, VersionScheme } from '../../core/match/advisory.ts';
import { compareVersions } from '../../core/version/compare.ts';
import type { OsvEvent } from './osv-schema.ts';

/**
 * The events of one range as plain ranges: affected is what the schema's evaluation loop over the sorted events calls
 * affected (OSV schema, "Evaluation"). Events may arrive in any order; at equal versions, of which the schema says nothing,
 * the record's own order decides, so that `introduced X, last_affected X` is exactly X and `introduced X, fixed X` nothing.
 * But an `introduced X` that is written with a later end of its own begins anew where another range ends: PYSEC-2022-42972
 * lists 0.13.0 to 0.14.0rc1 before 0.12.2 to 0.13.0.
 */
export function flattenEvents(scheme: VersionScheme, events: readonly OsvEvent[]): readonly AffectedRange[] {
  const ranges: AffectedRange[] = [];
  let introduced: string | null = null;
  let again: string | null = null;
  for (const event of sortedEvents(scheme, events)) {
    if (event.kind === 'introduced') {
      if (introduced !== null && event.isAnew) again = event.version;
      introduced ??= event.version;
    } else if (introduced === null) {
      if (event.kind === 'fixed') endBefore(scheme, ranges, event.version);
    } else {
      const [fixed, lastAffected] = event.kind === 'fixed' ? [event.version, null] : [null, event.version];
      ranges.push({ introduced, fixed, lastAffected });
      introduced = again !== null && compareBounds(scheme, again, event.version) === 0 ? again : null;
      again = null;
    }
  }
  if (introduced !== null) ranges.push({ introduced, fixed: null, lastAffected: null });
  return withinLimit(scheme, ranges, highestLimit(scheme, events)).filter((range) => range.introduced !== range.fixed);
}

/** Some records name the fixed version as the last affected one as well: it is fixed. */
function endBefore(scheme: VersionScheme, ranges: AffectedRange[], fixed: string): void {
  const last = ranges.at(-1);
  if (last === undefined || last.lastAffected === null || compareBounds(scheme, last.lastAffected, fixed) !== 0) return;
  ranges[ranges.length - 1] = { introduced: last.introduced, fixed, lastAffected: null };
}

interface Bound {
  readonly kind: 'introduced' | 'fixed' | 'last_affected';
  readonly version: string;
}

interface WrittenBound extends Bound {
  readonly isAnew: boolean;
}

function sortedEvents(scheme: VersionScheme, events: readonly OsvEvent[]): readonly WrittenBound[] {
  const bounds = events.flatMap((event) =>
    (['introduced', 'fixed', 'last_affected'] as const).flatMap((kind): Bound[] => {
      const version = event[kind];
      return version === undefined ? [] : [{ kind, version }];
    }),
  );
  const written = bounds.map((bound, index) => ({ ...bound, isAnew: beginsAnew(scheme, bound, bounds[index + 1]) }));
  return written.toSorted((a, b) => compareBounds(scheme, a.version, b.version));
}

/** Whether the record writes an end that lies behind it right after a beginning. */
function beginsAnew(scheme: VersionScheme, { kind, version }: Bound, next: Bound | undefined): boolean {
  if (kind !== 'introduced' || next === undefined || next.kind === 'introduced') return false;
  return compareBounds(scheme, next.version, version) > 0;
}

/** "0" is before every version, `0~` and `0-alpha` included; it is never read as a version. */
function compareBounds(scheme: VersionScheme, a: string, b: string): number {
  if (a === '0' || b === '0') return Number(b === '0') - Number(a === '0');
  return compareVersions(scheme, a, b);
}

/** Null is no limit: there is none, or one is `*`. */
function highestLimit(scheme: VersionScheme, events: readonly OsvEvent[]): string | null {
  const limits = events.flatMap(({ limit }) => (limit === undefined ? [] : [limit]));
  if (limits.includes('*')) return null;
  return limits.toSorted((a, b) => compareVersions(scheme, a, b)).at(-1) ?? null;
}

function withinLimit(
  scheme: VersionScheme,
  ranges: readonly AffectedRange[],
  limit: string | null,
): readonly AffectedRange[] {
  if (limit === null) return ranges;
  return ranges
    .filter(({ introduced }) => compareBounds(scheme, introduced, limit) < 0)
    .map((range) => {
      const end = range.fixed ?? range.lastAffected;
      return end !== null && compareVersions(scheme, end, limit) < 0
        ? range
        : { introduced: range.introduced, fixed: limit, lastAffected: null };
    });
}
