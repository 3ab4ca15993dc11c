import { onLinux } from '../match/component-verdict.ts';
import { judgeStatements } from '../match/judge-statements.ts';
import { mendingIn } from '../match/overruled-by.ts';
import { componentsAt } from './components-at.ts';
import type { History, KnownComponent, KnownInventory } from './history.ts';

/**
 * Whether the distribution mended a vulnerability in the package that owns the component's file, or says that it has none:
 * `overruledBy()` with what the ledger knows. Like a look at the code it speaks of the bytes, so of all time.
 */
export function isMendedByOwner(
  history: History,
  asked: { readonly inventory: KnownInventory; readonly known: KnownComponent; readonly names: readonly string[] },
): boolean {
  const { inventory, known, names } = asked;
  const { ownedBy } = known.component;
  const owners = componentsAt(history, inventory.components).filter(
    ({ component }) => component.edge === 'is' && component.package === ownedBy,
  );
  if (owners.length === 0) return false;
  const records = names.flatMap((id) => (history.recordsNaming.get(id) ?? []).filter((each) => each.id === id));
  const newest = records.flatMap(({ versions }) => versions.at(-1)?.says ?? []);
  const inForce = newest.filter(({ withdrawn }) => withdrawn === null);
  const said = owners.flatMap(({ component }) =>
    inForce.flatMap(({ affected }) => judgeStatements(component, affected, onLinux) ?? []),
  );
  return mendingIn(said) !== undefined;
}
