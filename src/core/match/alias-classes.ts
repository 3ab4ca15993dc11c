import type { AdvisoryRecord } from './advisory.ts';
import { distributionOfId } from './distribution-id.ts';

/** One vulnerability's names in code unit order; the smallest is its address. */
export interface AliasClass {
  readonly smallest: string;
  readonly ids: readonly string[];
}

type Link = readonly [string, string];

/**
 * Which ids name the same vulnerability: aliases hold both ways and onwards (OSV schema, "aliases"). Kept apart are
 * pairs declared unrelated, ids that only a distribution's notice about several flaws holds together, and two CVE ids,
 * unless the record of one names the other. The answer does not depend on the order of the records.
 */
export function aliasClasses(
  records: Iterable<Pick<AdvisoryRecord, 'id' | 'aliases'>>,
  unrelated: readonly Link[],
): (id: string) => AliasClass {
  const groups = new Map<string, Set<string>>();
  const apart = bothWays(unrelated);
  for (const link of linksOf(records)) join(groups, apart, link);
  return (id) => {
    const ids = [...(groups.get(id) ?? [id])].toSorted(byCodeUnits);
    return { smallest: ids[0] ?? id, ids };
  };
}

/** Links in a fixed order, the surest first: where two contradict each other, the first one stands. */
function linksOf(records: Iterable<Pick<AdvisoryRecord, 'id' | 'aliases'>>): readonly Link[] {
  const named = new Map<string, Set<string>>();
  for (const { id, aliases } of records) {
    const others = named.get(id) ?? new Set();
    for (const alias of aliases) if (alias !== id) others.add(alias);
    named.set(id, others);
  }
  const links = [...named].flatMap(([id, others]) => {
    const usable = [...others].filter((alias) => distributionOfId(alias) === undefined || named.get(alias)?.size === 1);
    return distributionOfId(id) !== undefined && others.size > 1 ? [] : usable.map((alias): Link => [id, alias]);
  });
  return links.toSorted((a, b) => cvesIn(b) - cvesIn(a) || byCodeUnits(ordered(a), ordered(b)));
}

function join(groups: Map<string, Set<string>>, apart: ReadonlyMap<string, readonly string[]>, link: Link): void {
  const [a, b] = link.map((id) => groups.get(id) ?? new Set([id]));
  if (a === undefined || b === undefined || a === b) return;
  if (cvesIn(link) < 2 && cvesIn([...a]) > 0 && cvesIn([...b]) > 0) return;
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const id of small) if (apart.get(id)?.some((other) => large.has(other)) === true) return;
  for (const id of [...small, ...large]) groups.set(id, large.add(id));
}

function bothWays(pairs: readonly Link[]): ReadonlyMap<string, readonly string[]> {
  const apart = new Map<string, string[]>();
  for (const [a, b] of pairs) {
    apart.set(a, [...(apart.get(a) ?? []), b]);
    apart.set(b, [...(apart.get(b) ?? []), a]);
  }
  return apart;
}

function cvesIn(ids: readonly string[]): number {
  return ids.filter((id) => id.startsWith('CVE-')).length;
}

function ordered([a, b]: Link): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
