import { compareVersions } from '../version/compare.ts';
import type { AffectedPackage, AffectedRange } from './advisory.ts';
import type { VerdictOptions } from './component-verdict.ts';
import { isAbout, type Judged, rangesFor } from './judge-statements.ts';
import { judge } from './match.ts';

/**
 * The lowest version above a covered one that no statement covers any more: where a first fix was incomplete, a later
 * range begins at it or reaches over it, and its end counts. Null where a range has no end or a fix is for payers only.
 */
export function firstFix(
  component: Judged,
  statements: readonly AffectedPackage[],
  { paidChannels = [] }: VerdictOptions = {},
): string | null {
  const about = statements.filter((statement) => isAbout(statement, component));
  const scheme = about[0]?.scheme;
  if (scheme === undefined) return null;
  const covers = (version: string): readonly Ranged[] =>
    about.flatMap((statement) =>
      rangesFor(component, statement).flatMap((range) =>
        judge({ ...statement, ranges: [range], versions: [] }, version, component.stream) === 'affected'
          ? [{ range, channel: statement.channel }]
          : [],
      ),
    );
  const order = (a: string, b: string): number => compareVersions(scheme, a, b);
  let fix = component.version;
  let covering = covers(fix);
  if (covering.length === 0) return nextFix(component, about);
  // Each round leaves at least one range behind for good.
  for (; covering.length > 0; covering = covers(fix)) {
    const ends = covering.map(({ range, channel }) => (canBeHad(channel, paidChannels) ? range.fixed : null));
    const highest = ends.reduce((a, b) => (a === null || b === null ? null : order(a, b) < 0 ? b : a));
    if (highest === null || order(highest, fix) <= 0) return null;
    fix = highest;
  }
  return fix;
}

interface Ranged {
  readonly range: AffectedRange;
  readonly channel: string | undefined;
}

function canBeHad(channel: string | undefined, paidChannels: readonly string[]): boolean {
  return channel === undefined || paidChannels.includes(channel);
}

/** For a version that is named and in no range: the end of the next range above it. */
function nextFix(component: Judged, about: readonly AffectedPackage[]): string | null {
  const ends = about.flatMap((statement) =>
    rangesFor(component, statement).flatMap(({ fixed }) =>
      fixed !== null &&
      compareVersions(statement.scheme, fixed, component.version) > 0 &&
      statement.channel === undefined
        ? [{ fixed, scheme: statement.scheme }]
        : [],
    ),
  );
  return ends.toSorted((a, b) => compareVersions(a.scheme, a.fixed, b.fixed))[0]?.fixed ?? null;
}
