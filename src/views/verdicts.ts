import type { Architecture } from '../core/fact.ts';
import type { AdvisoryRecord } from '../core/match/advisory.ts';
import { onLinux } from '../core/match/component-verdict.ts';
import type { Inventory } from '../core/match/inventory.ts';
import { type InventoryVerdict, verdictsIn } from '../core/match/verdicts-in.ts';

/** What a line's image serves now, and what is inside. */
export interface ServedImage {
  readonly line: string;
  readonly architecture: Architecture;
  readonly inventory: Inventory;
}

/** What one record says of one component of what a line serves now, and why. */
export interface VerdictRow {
  readonly line: string;
  readonly architectures: readonly Architecture[];
  readonly verdict: InventoryVerdict['verdict'];
  /** A purl. */
  readonly component: string;
  /** The package that brings it; empty for what no package brings. */
  readonly package: string;
  /** Why, as a sentence with both sides of the comparison. */
  readonly words: string;
  readonly id: string;
  readonly source: string;
  readonly fixedIn: string | null;
}

/** Every verdict of these records on what is served now: lines in order, and what is affected first. */
export function verdictRows(served: readonly ServedImage[], records: readonly AdvisoryRecord[]): readonly VerdictRow[] {
  const byPackage = recordsByPackage(records);
  const rows = new Map<string, VerdictRow>();
  for (const { line, architecture, inventory } of served) {
    const options = { ...onLinux, architecture };
    for (const verdict of verdictsIn(inventory, (name) => byPackage.get(name) ?? [], options).verdicts) {
      const row = rowOf(verdict, line, architecture);
      const key = JSON.stringify({ ...row, architectures: [] });
      const known = rows.get(key);
      rows.set(key, { ...row, architectures: [...(known?.architectures ?? []), architecture] });
    }
  }
  return [...rows.values()].toSorted((a, b) => byText(a.line, b.line) || ORDER[a.verdict] - ORDER[b.verdict]);
}

const ORDER = { affected: 0, indeterminate: 1, 'not-affected': 2 } as const;

/** What a person has to look at: nobody can determine it, so it neither starts a clock nor counts as clean. */
export function toBeLookedAt(rows: readonly VerdictRow[]): readonly VerdictRow[] {
  return rows.filter(({ verdict }) => verdict === 'indeterminate');
}

function rowOf(said: InventoryVerdict, line: string, architecture: Architecture): VerdictRow {
  const { verdict, component, record, words, overruled, fixedIn } = said;
  return {
    line,
    architectures: [architecture],
    verdict,
    component: component.purl,
    package: component.package,
    words: overruled === null ? words : `${words}, but ${overruled.words}`,
    id: record.id,
    source: record.source,
    fixedIn,
  };
}

function recordsByPackage(records: readonly AdvisoryRecord[]): ReadonlyMap<string, readonly AdvisoryRecord[]> {
  const byPackage = new Map<string, AdvisoryRecord[]>();
  for (const record of records) {
    for (const name of new Set(record.affected.map((affected) => affected.package))) {
      const known = byPackage.get(name);
      if (known === undefined) byPackage.set(name, [record]);
      else known.push(record);
    }
  }
  return byPackage;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
