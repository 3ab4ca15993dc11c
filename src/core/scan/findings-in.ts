import type { ChosenRating } from '../promise/chosen-rating.ts';
import { chosenRating } from '../promise/chosen-rating.ts';
import type { Policy } from '../promise/policy.ts';
import type { AdvisoryRecord, AffectedPackage } from '../match/advisory.ts';
import { aliasClasses, type AliasClass } from '../match/alias-classes.ts';
import type { VerdictOptions } from '../match/component-verdict.ts';
import type { Component, Inventory } from '../match/inventory.ts';
import type { Overruling } from '../match/overruled-by.ts';
import { isCovered, type RecordSource } from './record-source.ts';
import { underEveryName } from '../match/under-every-name.ts';
import { type InventoryVerdict, verdictsIn } from '../match/verdicts-in.ts';

/** One vulnerability in one component, under all names that records give it. */
export interface FoundFlaw {
  /** The CVE id where there is one. */
  readonly vulnerability: string;
  readonly ids: readonly string[];
  readonly component: Component;
  readonly verdict: 'affected' | 'indeterminate';
  /** What each record says, the strongest first; none where only a statement tells of it. */
  readonly said: readonly InventoryVerdict[];
  readonly fixedIn: string | null;
  readonly noFix: NonNullable<AffectedPackage['noFix']> | null;
  readonly rating: ChosenRating;
  readonly exploitedSince: string | null;
  readonly epss: number | null;
  readonly malicious: boolean;
  /** No vulnerability, or not surely one. */
  readonly informational: NonNullable<AdvisoryRecord['informational']> | null;
  /** Who says that it is not affected after all; such a flaw is kept and shown as suppressed. */
  readonly overruled: Overruling | null;
}

export interface FoundFlaws {
  readonly flaws: readonly FoundFlaw[];
  /** Components of which no record of their ecosystem, or of their distribution's release, is there. */
  readonly notCovered: readonly Component[];
}

export interface FindingRule {
  readonly policy: Pick<Policy, 'severity' | 'promise'>;
  /** Whose order of sources the policy holds, where it is not its own. */
  readonly order?: string;
  readonly options: VerdictOptions;
}

/** Every flaw that records know in an inventory. One for each vulnerability and component, however many records tell of it. */
export function findingsIn(inventory: Inventory, source: RecordSource, rule: FindingRule): FoundFlaws {
  const { verdicts } = verdictsIn(inventory, candidates(inventory, source), {
    ...rule.options,
    isHeard: (owner) => isCovered(source, owner),
  });
  const open = verdicts.filter(({ verdict, overruled }) => verdict !== 'not-affected' || overruled !== null);
  const classOf = aliasClasses(
    open.map(({ record }) => record),
    [],
  );
  const groups = Map.groupBy(open, ({ component, record }) => {
    const { package: owner, purl, version, location = '' } = component;
    return [owner, purl, version, location, classOf(record.id).smallest].join('\0');
  });
  const flaws = [...groups.values()].flatMap((said) => flawOf(said, { classOf, source, rule }) ?? []);
  return { flaws, notCovered: inventory.components.filter((component) => !isCovered(source, component)) };
}

/**
 * The records worth a verdict, by package: those that cover a component's version, and where a package owns a file in which
 * something was found, all that speak of the owner, for it may have mended that.
 */
function candidates(inventory: Inventory, source: RecordSource): (name: string) => readonly AdvisoryRecord[] {
  const byName = new Map<string, Set<AdvisoryRecord>>();
  const add = (name: string, records: readonly AdvisoryRecord[]): void => {
    if (records.length === 0) return;
    const known = byName.get(name) ?? new Set();
    for (const record of records) known.add(record);
    byName.set(name, known);
  };
  const owners = new Set<string>();
  for (const component of inventory.components) {
    for (const named of underEveryName(component)) {
      const hits = source.on(named);
      add(named.upstream, hits);
      if (hits.length > 0 && component.ownedBy !== undefined) owners.add(component.ownedBy);
    }
  }
  for (const component of inventory.components) {
    if (component.edge !== 'is' || !owners.has(component.package)) continue;
    for (const named of underEveryName(component)) add(named.upstream, source.about(named));
  }
  return (name) => [...(byName.get(name) ?? [])];
}

interface Known {
  readonly classOf: (id: string) => AliasClass;
  readonly source: RecordSource;
  readonly rule: FindingRule;
}

function flawOf(all: readonly InventoryVerdict[], { classOf, source, rule }: Known): FoundFlaw | undefined {
  const said = all.toSorted(
    (a, b) => strengthOf(b) - strengthOf(a) || Number(b.fixedIn !== null) - Number(a.fixedIn !== null),
  );
  const [first] = said;
  if (first === undefined) return undefined;
  const { component } = first;
  const { ids } = classOf(first.record.id);
  const about = recordsNamed(ids, said, source);
  return {
    vulnerability: ids.find((id) => id.startsWith('CVE-')) ?? ids[0] ?? first.record.id,
    ids,
    component,
    verdict: strengthOf(first) === 1 ? 'indeterminate' : 'affected',
    said,
    fixedIn: said.find(({ fixedIn }) => fixedIn !== null)?.fixedIn ?? null,
    noFix: said.find(({ statement }) => statement.noFix !== undefined)?.statement.noFix ?? null,
    malicious: said.some(({ record }) => record.malicious),
    informational: said.every(({ record }) => record.informational !== undefined)
      ? (first.record.informational ?? null)
      : null,
    overruled: said.every(({ overruled }) => overruled !== null) ? first.overruled : null,
    ...ratedBy(about, { ids, component, source, rule }),
  };
}

/** How bad a flaw in a component is, by all that bears one of its names. */
export function ratedBy(
  about: readonly AdvisoryRecord[],
  {
    ids,
    component,
    source,
    rule: { policy, order },
  }: Pick<FoundFlaw, 'ids' | 'component'> & {
    readonly source: Pick<RecordSource, 'epss'>;
    readonly rule: Pick<FindingRule, 'policy' | 'order'>;
  },
): Pick<FoundFlaw, 'rating' | 'exploitedSince' | 'epss'> {
  const packages = underEveryName(component).map(({ upstream }) => upstream);
  return {
    rating: chosenRating(about, { policy, packages, ...(order === undefined ? {} : { order }) }),
    exploitedSince: about.map(({ exploitedSince }) => exploitedSince).find((since) => since !== null) ?? null,
    epss: ids.map((id) => source.epss(id)).find((score) => score !== undefined) ?? null,
  };
}

/** Also those that rate it, list it as exploited, and name no package. */
function recordsNamed(
  ids: readonly string[],
  said: readonly InventoryVerdict[],
  source: RecordSource,
): readonly AdvisoryRecord[] {
  const records = new Set(said.map(({ record }) => record));
  for (const id of ids) for (const record of source.named(id)) records.add(record);
  return [...records].filter(({ withdrawn }) => withdrawn === null);
}

function strengthOf({ verdict, overruled }: InventoryVerdict): number {
  if (overruled !== null) return 0;
  return verdict === 'affected' ? 2 : 1;
}
