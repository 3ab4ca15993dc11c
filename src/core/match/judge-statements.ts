import { compareVersions, isValidVersion } from '../version/compare.ts';
import { isPseudoVersion } from '../version/go.ts';
import type { AffectedPackage, AffectedRange } from './advisory.ts';
import type { ComponentVerdict, VerdictOptions, VerdictReason } from './component-verdict.ts';
import type { Component } from './inventory.ts';
import { judge } from './match.ts';
import { narrowed } from './narrowed.ts';

/** As much of a component as statements are held against. */
export type Judged = Pick<Component, 'upstream' | 'version' | 'stream' | 'linked' | 'isEpochUnknown'>;

export interface StatementVerdict extends Pick<ComponentVerdict, 'verdict' | 'statement' | 'because'> {}

/** The strongest of what these statements say of a component; null where none is about its package and stream. */
export function judgeStatements(
  component: Judged,
  statements: readonly AffectedPackage[],
  options: VerdictOptions = {},
): StatementVerdict | null {
  let strongest: StatementVerdict | null = null;
  for (const statement of statements) {
    if (!isAbout(statement, component)) continue;
    const judged = judgeStatement(component, statement, options);
    if (strongest === null || strengthOf(judged) > strengthOf(strongest)) strongest = judged;
  }
  return strongest;
}

/** Whether a statement is about the component's package and stream, and says anything. */
export function isAbout(statement: AffectedPackage, { upstream, stream }: Judged): boolean {
  const isOurs = statement.package === upstream && (statement.stream === null || statement.stream === stream);
  return isOurs && isSpeaking(statement);
}

/** Without versions, ranges of any kind and a verdict a statement speaks of nothing. */
export function isSpeaking(statement: AffectedPackage): boolean {
  const { versions, ranges, verdict, unreadRanges = 0, customRanges = [] } = statement;
  return versions.length + ranges.length + unreadRanges + customRanges.length > 0 || verdict !== undefined;
}

/** A range that ends says more than one that does not, or than a name in a list. */
function strengthOf({ verdict, because }: StatementVerdict): number {
  switch (verdict) {
    case 'affected':
      return because.kind === 'range' && because.range.fixed !== null ? 6 : 5;
    case 'indeterminate':
      return because.kind === 'range' ? 4 : because.kind === 'stated' ? 3 : 2;
    case 'not-affected':
      return because.kind === 'outside' ? 0 : 1;
  }
}

function judgeStatement(component: Judged, statement: AffectedPackage, options: VerdictOptions): StatementVerdict {
  const covered = coverage(component, statement);
  if (covered !== null) {
    const excluded = covered.verdict === 'affected' ? narrowed(statement, component, options) : null;
    if (excluded !== null) return { verdict: 'not-affected', statement, because: { kind: excluded } };
    return { ...covered, statement };
  }
  const { verdict, unreadRanges = 0 } = statement;
  if (verdict !== undefined) {
    const stated = verdict === 'undetermined' ? 'indeterminate' : verdict;
    return { verdict: stated, statement, because: { kind: 'stated' } };
  }
  if (unreadRanges > 0) {
    return { verdict: 'indeterminate', statement, because: { kind: 'unread', ranges: unreadRanges } };
  }
  // Most questions end here, and most askers want no reason.
  return {
    verdict: 'not-affected',
    statement,
    get because() {
      return outside(component.version, { ...statement, ranges: rangesFor(component, statement) });
    },
  };
}

type Covered = { readonly verdict: 'affected' | 'indeterminate'; readonly because: VerdictReason };

/** What versions and ranges say, as `judge()` does, with the part that decides; null where nothing covers it. */
function coverage(component: Judged, statement: AffectedPackage): Covered | null {
  const { version, stream } = component;
  const ranges = rangesFor(component, statement);
  const verdict = judge({ ...statement, ranges }, version, stream);
  if (verdict === 'not-affected') return null;
  const alone = (range: AffectedRange) => judge({ ...statement, ranges: [range], versions: [] }, version, stream);
  const deciding = ranges.filter((range) => alone(range) === verdict);
  const range = deciding.find(({ fixed }) => fixed !== null) ?? deciding[0];
  return { verdict, because: range === undefined ? { kind: 'named', version } : { kind: 'range', range } };
}

/**
 * The ranges that speak in the numbers of this version. Some Go modules are tagged in a way that Go does not understand:
 * it orders their commits, and the numbers that their makers give stand in ranges of their own (Go vulnerability
 * database, "custom_ranges"), sometimes without the end that Go's ranges know. A commit is held against Go's ranges; a
 * release against those of its makers, and of Go's against those that end at a release.
 */
export function rangesFor(component: Judged, statement: AffectedPackage): readonly AffectedRange[] {
  const { scheme, ranges, customRanges = [] } = statement;
  const isRelease = isValidVersion(scheme, component.version) && !isPseudoVersion(component.version);
  const meant = customRanges.length > 0 && isRelease ? releaseRanges(statement, component.version) : ranges;
  return scheme === 'rpm' && component.isEpochUnknown === true ? meant.map(withoutEpochs) : meant;
}

function releaseRanges(statement: AffectedPackage, version: string): readonly AffectedRange[] {
  const { ranges, customRanges = [] } = statement;
  const ended = ranges.filter((range) => endsAtRelease(range) && !isPseudoVersion(range.introduced));
  const closed = customRanges.map((range) => closedBy(ended, range, statement));
  // A maker's range that ends at a commit does not say from which release on the flaw is gone: then Go's count as well.
  const open = closed.some(endsAtRelease) ? [] : ranges.filter((range) => !ended.includes(range));
  const isKnownToGo = ended.length > 0 && ended.length === ranges.length;
  return [...ended, ...open, ...(isKnownToGo ? closed.filter((range) => isNumberedAs(version, range)) : closed)];
}

function closedBy(
  ended: readonly AffectedRange[],
  range: AffectedRange,
  { scheme }: Pick<AffectedPackage, 'scheme'>,
): AffectedRange {
  if (endOf(range) !== null) return range;
  const ends = ended.flatMap(({ fixed }) => fixed ?? []).toSorted((a, b) => compareVersions(scheme, a, b));
  return { ...range, fixed: ends.find((end) => compareVersions(scheme, end, range.introduced) > 0) ?? null };
}

function endsAtRelease(range: AffectedRange): boolean {
  const end = endOf(range);
  return end !== null && !isPseudoVersion(end);
}

/**
 * Whether a range of the makers may count as the version does. Some tag each release twice, for people and for Go: 19.0.8
 * is v0.19.8 (Vitess). What Go takes for the first or the zeroth major version lies below every number of such a range.
 */
function isNumberedAs(version: string, range: AffectedRange): boolean {
  const isOfLaterMajor = majorOf(version) > 1 || version.endsWith('+incompatible');
  return isOfLaterMajor || majorOf(endOf(range) ?? '0') <= 1;
}

function majorOf(version: string): number {
  return Number.parseInt(version.replace(/^v/, ''), 10);
}

function endOf({ fixed, lastAffected }: AffectedRange): string | null {
  return fixed ?? lastAffected;
}

/** The file name of a source package has no epoch: where one side lacks it, it is dropped on both (rpm, "NEVRA"). */
function withoutEpochs({ introduced, fixed, lastAffected }: AffectedRange): AffectedRange {
  const plain = (bound: string): string => bound.replace(/^[0-9]+:/, '');
  return {
    introduced: plain(introduced),
    fixed: fixed === null ? null : plain(fixed),
    lastAffected: lastAffected === null ? null : plain(lastAffected),
  };
}

function outside(version: string, { scheme, ranges }: AffectedPackage): VerdictReason {
  const order = (a: string, b: string): number => compareVersions(scheme, a, b);
  const below = ranges.filter((range) => order(endOf(range) ?? version, version) <= 0 && endOf(range) !== null);
  const ended = below.toSorted((a, b) => order(endOf(b) ?? '', endOf(a) ?? ''))[0];
  if (ended !== undefined) return { kind: 'outside', side: ended.fixed === null ? 'above' : 'fixed', range: ended };
  const next = ranges.toSorted((a, b) => order(a.introduced, b.introduced))[0];
  if (next !== undefined) return { kind: 'outside', side: 'below', range: next };
  return { kind: 'outside', side: 'unnamed', range: null };
}
