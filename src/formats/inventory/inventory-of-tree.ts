import { inventoryOf } from './inventory-of-layers.ts';
import { evidenceCollector, type EvidenceOptions } from './layer-evidence.ts';
import type { Inventory } from '../../core/match/inventory.ts';
import type { TreeEntry } from './tree-entry.ts';

/** What is inside, and what could not be looked into: silence about those would pass for "nothing found". */
export interface TreeInventory {
  readonly inventory: Inventory;
  /** Paths of files that should tell of a component. */
  readonly unread: readonly string[];
}

/** What is inside one tree: a folder, a root, the merged layers of an image. Entries may be read while they are walked. */
export function inventoryOfTree(entries: Iterable<TreeEntry>, options: EvidenceOptions = {}): TreeInventory {
  const collector = evidenceCollector(options);
  for (const entry of entries) collector.add(entry);
  const evidence = collector.evidence();
  return { inventory: inventoryOf([evidence]), unread: evidence.unread.toSorted() };
}
