import type { AffectedRange, VersionScheme } from '../../core/match/advisory.ts';
import { judge } from '../../core/match/match.ts';
import { isValidVersion } from '../../core/version/compare.ts';
import type { Asked, AskedPlace } from './asked.ts';
import { groupsOf } from './groups-of.ts';
import { compareSpan, readSpan } from './heap-text.ts';
import type { Span } from './heap-text.ts';
import { isStronger } from './index-hit.ts';
import type { IndexHit } from './index-hit.ts';
import { damagedIndex } from './layout.ts';
import type { Section } from './section.ts';
import { SectionHit } from './section-hit.ts';
import type { FoundRow } from './section-hit.ts';

/**
 * What one section says of a version, in the order of its records: what `verdictOn()` says of each record by itself, as far as
 * versions, ranges and outright verdicts go.
 */
export function lookUp(section: Section, asked: Asked): readonly IndexHit[] {
  const groups = groupsOf(section, asked);
  if (groups.length === 0) return NOTHING;
  const hits = new Map<number, SectionHit>();
  const take = (found: FoundRow): void => {
    const hit = new SectionHit(section, found);
    const known = hits.get(hit.position);
    if (known === undefined || isStronger(hit, known)) hits.set(hit.position, hit);
  };
  for (const group of groups) {
    const scheme = section.schemeOf(group);
    const search = { section, group, scheme, place: asked.place(scheme), version: asked.query.version, take };
    searchIntervals(search);
    searchVersions(search);
    searchOddRanges(search);
    searchStated(search);
  }
  if (hits.size < 2) return [...hits.values()];
  return [...hits.values()].sort((a, b) => a.position - b.position);
}

/** What most sections have to say of most packages. */
const NOTHING: readonly IndexHit[] = [];

interface Search {
  readonly section: Section;
  readonly group: number;
  readonly scheme: VersionScheme;
  readonly place: AskedPlace;
  readonly version: string;
  readonly take: (found: FoundRow) => void;
}

function searchIntervals(search: Search): void {
  const { section, group, place } = search;
  const [from, to] = section.run(section.columns.groupIntervals, group);
  if (to > section.counts.intervals) throw damagedIndex('a package has more ranges than there are');
  if (place.isValid) return stab(search, from, to);
  for (let row = from; row < to; row += 1)
    takeRange(search, section.rangeOf(row), section.number(section.columns.intervalRecord, row));
}

/** The part's middle is its root: left of it lies what begins earlier, and `intervalTop` says how far all of it reaches. */
function stab(search: Search, from: number, to: number): void {
  if (from >= to) return;
  const { section, place } = search;
  const middle = (from + to) >>> 1;
  if (!endsAbove(section, section.number(section.columns.intervalTop, middle), place)) return;
  stab(search, from, middle);
  const low = section.number(section.columns.intervalLow, middle);
  if (low !== 0 && compareKey(section, low, place) > 0) return;
  if (endsAbove(section, section.number(section.columns.intervalHigh, middle), place)) takeInterval(search, middle);
  stab(search, middle + 1, to);
}

function endsAbove(section: Section, end: number, place: AskedPlace): boolean {
  if (end === 0) return true;
  const order = compareKey(section, Math.floor(end / 2), place);
  return order > 0 || (order === 0 && end % 2 === 1);
}

/** A commit of a Go module without tags may lie between two releases and yet be no matter of order: `judge` knows. */
function takeInterval(search: Search, row: number): void {
  const { section, scheme, version, take } = search;
  const record = section.number(section.columns.intervalRecord, row);
  const mayBeDateless = scheme === 'go' && /^v?0\.0\.0-/.test(version);
  if (mayBeDateless) takeRange(search, section.rangeOf(row), record);
  else take({ record, verdict: 'affected', by: row });
}

function takeRange({ scheme, version, take }: Search, range: AffectedRange, record: number): void {
  const affected = { package: '', stream: null, scheme, ranges: [range], versions: [] };
  const verdict = judge(affected, version, '');
  if (verdict !== 'not-affected') take({ record, verdict, by: { kind: 'range', range } });
}

/** Named versions count when they are equal in the order; a text that has no place in it, when it is the same text. */
function searchVersions({ section, group, scheme, place, version, take }: Search): void {
  const [from, to] = section.run(section.columns.groupVersions, group);
  if (to > section.counts.versions) throw damagedIndex('a package has more versions than there are');
  for (let row = firstNotBelow(section, from, to, place); row < to; row += 1) {
    const bound = section.number(section.columns.versionBound, row);
    if (compareKey(section, bound, place) !== 0) return;
    const named = section.boundText(bound);
    if (named !== version && !(place.isValid && isValidVersion(scheme, named))) continue;
    const record = section.number(section.columns.versionRecord, row);
    take({ record, verdict: 'affected', by: { kind: 'named', version: named } });
  }
}

function firstNotBelow(section: Section, from: number, to: number, place: AskedPlace): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKey(section, section.number(section.columns.versionBound, middle), place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function searchOddRanges(search: Search): void {
  const { section, group } = search;
  const [from, to] = section.run(section.columns.groupOddRanges, group);
  for (let row = from; row < to; row += 1) {
    const bound = (offset: number): string | null => (offset === 0 ? null : section.boundText(offset));
    const range = {
      introduced: bound(section.number(section.columns.oddIntroduced, row)) ?? '0',
      fixed: bound(section.number(section.columns.oddFixed, row)),
      lastAffected: bound(section.number(section.columns.oddLastAffected, row)),
    };
    takeRange(search, range, section.number(section.columns.oddRecord, row));
  }
}

/** That nobody knows is no verdict of `judge`, which speaks of versions alone. */
function searchStated({ section, group, take }: Search): void {
  const [from, to] = section.run(section.columns.groupStated, group);
  for (let row = from; row < to; row += 1) {
    const verdict = section.number(section.columns.statedUnknown, row) === 0 ? 'not-affected' : 'indeterminate';
    take({ record: section.number(section.columns.statedRecord, row), verdict, by: { kind: 'stated' } });
  }
}

const span: Span = { start: 0, end: 0 };

function compareKey(section: Section, bound: number, { key }: AskedPlace): number {
  readSpan(section.heap, bound, span);
  return compareSpan(section.heap, span, key);
}
