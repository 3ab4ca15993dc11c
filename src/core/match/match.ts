import { compareVersions, isValidVersion } from '../version/compare.ts';
import { isPseudoVersion } from '../version/go.ts';
import type { AffectedPackage, AffectedRange } from './advisory.ts';

export type Verdict = 'affected' | 'not-affected';

/**
 * Whether a version of a package is covered by a statement about that package (OSV schema, "Evaluation"): it is named
 * in `versions`, or lies in any range. A statement about another stream does not speak of it, and one without versions
 * and ranges speaks of nothing. Where only a guess would be possible (`indeterminate` below) a version counts as
 * affected only if it is named.
 */
export function verdictOf(affected: AffectedPackage, version: string, stream: string): Verdict {
  return judge(affected, version, stream) === 'affected' ? 'affected' : 'not-affected';
}

/** The same with a third answer: `indeterminate`, the scheme gives no order to this version or to a bound. */
export function judge(affected: AffectedPackage, version: string, stream: string): Verdict | 'indeterminate' {
  if (affected.stream !== null && affected.stream !== stream) return 'not-affected';
  if (isNamed(affected, version)) return 'affected';
  const verdicts = new Set(affected.ranges.map((range) => judgeRange(affected.scheme, range, version)));
  if (verdicts.has('affected')) return 'affected';
  return verdicts.has('indeterminate') ? 'indeterminate' : 'not-affected';
}

/** Equal text, or equal in the scheme's order: `v1.2.3` and `1.2.3`, Python's 1.0 and 1.0.0. */
function isNamed({ scheme, versions }: AffectedPackage, version: string): boolean {
  if (versions.includes(version)) return true;
  if (!isValidVersion(scheme, version)) return false;
  return versions.some((named) => isValidVersion(scheme, named) && compareVersions(scheme, named, version) === 0);
}

function judgeRange(
  scheme: AffectedPackage['scheme'],
  range: AffectedRange,
  version: string,
): ReturnType<typeof judge> {
  const { introduced, fixed, lastAffected } = range;
  const bounds = [introduced === '0' ? null : introduced, fixed, lastAffected].filter((bound) => bound !== null);
  if (fixed === null && lastAffected === null && introduced === '0') return 'affected';
  if (![version, ...bounds].every((text) => isValidVersion(scheme, text))) return 'indeterminate';
  if (introduced !== '0' && compareVersions(scheme, version, introduced) < 0) return 'not-affected';
  if (fixed !== null && compareVersions(scheme, version, fixed) >= 0) return 'not-affected';
  if (lastAffected !== null && compareVersions(scheme, version, lastAffected) > 0) return 'not-affected';
  return isDateless(scheme, version, bounds) ? 'indeterminate' : 'affected';
}

/** A commit of a Go module that has no tags says nothing about bounds that are releases, only about dated ones. */
function isDateless(scheme: AffectedPackage['scheme'], version: string, bounds: readonly string[]): boolean {
  return scheme === 'go' && /^v?0\.0\.0-/.test(version) && isPseudoVersion(version) && !bounds.every(isPseudoVersion);
}
