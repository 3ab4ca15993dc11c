import type { Digest } from '../digest.ts';
import { Failure } from '../failure.ts';
import type { FactOf } from '../fact.ts';
import { answerableComponents } from '../match/answerable-components.ts';
import { underEveryName } from '../match/under-every-name.ts';
import { componentsAt } from './components-at.ts';
import { fileFact } from './file-fact.ts';
import {
  kept,
  lineIn,
  type History,
  type KnownComponent,
  type KnownInventory,
  type LineHistory,
  type UpstreamHistory,
} from './history.ts';
import { knownComponent } from './known-component.ts';
import { mayHold } from './may-hold.ts';
import { pairOf, type Pair } from './pair.ts';
import { reclassify } from './vulnerability.ts';

/**
 * Files bytes confirmed at the public tag. Touched is what concerns an upstream whose components differ from those of
 * the confirmation before: the same bytes seen again change nothing.
 */
export function takeConfirmation(history: History, fact: FactOf<'image-confirmed'>): readonly Pair[] {
  const inventory = inventoryIn(history, fact);
  const line = lineIn(history, fact.payload.line);
  const confirmations = kept(line.confirmations, fact.payload.architecture, () => []);
  const entry = fileFact(history, fact, { says: inventory, lists: [confirmations], subject: line });
  if (!inventory.lines.includes(line)) heldBy(history, line, inventory);

  const before = confirmations[confirmations.indexOf(entry) - 1];
  const differing = differences(history, before?.says, inventory);
  const pairs = new Set(differing.flatMap((known) => matchWithLine(history, known, line)));
  for (const upstream of new Set(differing.map((known) => known.upstream))) {
    for (const pair of pairsOn(history, upstream, line)) pairs.add(pair);
  }
  return [...pairs];
}

/** Opens a pair for each record that may name the component; pairs of other lines only when a class comes to life. */
function matchWithLine(history: History, known: KnownComponent, line: LineHistory): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const record of known.upstream.records) {
    if (record.lines.has(line) || !mayHold(record, known)) continue;
    record.lines.add(line);
    const vulnerability = history.vulnerabilities.get(record.id);
    if (vulnerability === undefined) pairs.push(...reclassify(history, [record.id]));
    else pairs.push(pairOf(vulnerability, line));
  }
  return pairs;
}

function pairsOn(history: History, upstream: UpstreamHistory, line: LineHistory): readonly Pair[] {
  return [...upstream.records].flatMap((record) => history.vulnerabilities.get(record.id)?.pairs.get(line) ?? []);
}

function inventoryIn(history: History, fact: FactOf<'image-confirmed'>): KnownInventory {
  const digest: Digest = fact.payload.inventory;
  return kept(history.inventories, digest, () => {
    const inventory = history.inventoryOf(digest);
    if (inventory === undefined) {
      throw new Failure('E0803', `The inventory ${digest} is missing`, {
        at: `fact ${fact.seq}`,
        why: 'Without it nobody can say what the confirmed image held, so no deadline of its line can be judged.',
        hint: 'suture doctor',
      });
    }
    const named = answerableComponents(inventory).flatMap(underEveryName);
    const distinct = new Set(named.map((component) => knownComponent(history, component)));
    const ordered = [...distinct].sort(inOrder);
    return { components: Uint32Array.from(ordered, ({ ordinal }) => ordinal), lines: [] };
  });
}

function heldBy({ holders }: History, line: LineHistory, { components, lines }: KnownInventory): void {
  lines.push(line);
  // The bytes of a line before these held most of it as well.
  for (const component of components) {
    if (holders.last(component) !== line.ordinal) holders.push(component, line.ordinal);
  }
}

/** What only one of two inventories holds. */
function differences(
  history: History,
  before: KnownInventory | undefined,
  after: KnownInventory,
): readonly KnownComponent[] {
  if (before === after) return [];
  const [a, b] = [new Set(before?.components), new Set(after.components)];
  return componentsAt(history, a.symmetricDifference(b));
}

function inOrder(a: KnownComponent, b: KnownComponent): number {
  return a.upstream.ordinal - b.upstream.ordinal || a.ordinal - b.ordinal;
}
