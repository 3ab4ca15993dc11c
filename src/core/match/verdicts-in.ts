import type { AdvisoryRecord } from './advisory.ts';
import { answerableComponents } from './answerable-components.ts';
import type { ComponentVerdict, VerdictOptions } from './component-verdict.ts';
import type { Component, Inventory } from './inventory.ts';
import { type Around, overruledBy, type Overruling } from './overruled-by.ts';
import { RecordsAround } from './records-around.ts';
import { underEveryName } from './under-every-name.ts';
import { verdictOn } from './verdict-on.ts';

/** What one record says of one component of an image, with what speaks against it. */
export interface InventoryVerdict extends ComponentVerdict {
  readonly component: Component;
  /** Null: it stands. Otherwise `verdict` is `not-affected`, and without this it would be something else. */
  readonly overruled: Overruling | null;
}

export interface InventoryVerdicts {
  readonly verdicts: readonly InventoryVerdict[];
  /** Components that no record speaks of: nobody can say anything of them, which is not the same as clean. */
  readonly unknown: readonly Component[];
}

/** Every verdict on everything inside, by all records; nothing is dropped but what a distribution answers for wholly. */
export function verdictsIn(
  inventory: Inventory,
  recordsOn: (name: string) => Iterable<AdvisoryRecord>,
  { isHeard, ...options }: VerdictOptions & { readonly isHeard?: (owner: Component) => boolean } = {},
): InventoryVerdicts {
  const around: Around = { components: inventory.components, records: new RecordsAround(recordsOn), options };
  const verdicts: InventoryVerdict[] = [];
  const unknown: Component[] = [];
  for (const component of answerableComponents(inventory, isHeard)) {
    const said = underEveryName(component).flatMap((named) =>
      [...recordsOn(named.upstream)].flatMap((record) => verdictOn(named, record, options) ?? []),
    );
    if (said.length === 0) unknown.push(component);
    for (const each of said) verdicts.push(withOverruling({ ...each, component, overruled: null }, around));
  }
  return { verdicts, unknown };
}

function withOverruling(verdict: InventoryVerdict, around: Around): InventoryVerdict {
  if (verdict.verdict === 'not-affected') return verdict;
  const overruled = overruledBy(verdict.component, verdict.record, around);
  return overruled === null ? verdict : { ...verdict, verdict: 'not-affected', fixedIn: null, overruled };
}
