import type { AffectedPackage, AffectedRange, VersionScheme } from '../match/advisory.ts';
import type { Component } from '../match/inventory.ts';
import { isValidVersion, versionKey } from '../version/compare.ts';
import type { KnownComponent, UpstreamHistory } from './history.ts';
import { covers, type Reading } from './readings.ts';

/** To judge so few takes no longer than to put them in order. */
const FEW = 2;

/**
 * The components of an upstream that a reading covers, the same as `covers()` says of each. A range is one slice of them
 * in the order of its scheme, and only what may lie otherwise than its place tells is judged by itself.
 */
export function coveredComponents(reading: Reading, upstream: UpstreamHistory): ReadonlySet<KnownComponent> {
  const { components } = upstream;
  if (components.length <= FEW) return new Set(components.filter((known) => covers(reading, known)));
  const found = new Set<KnownComponent>();
  for (const statement of reading.affected.get(upstream.upstream) ?? []) {
    const take = (known: KnownComponent, isSure: boolean): void => {
      if (!found.has(known) && (isSure || covers(reading, known))) found.add(known);
    };
    takeCandidates(statement, inOrderOf(upstream, statement), take);
  }
  return found;
}

/** Components of one stream, or of all, by a scheme's order of their versions. */
export interface OrderedComponents {
  readonly scheme: VersionScheme;
  /** How many components the upstream had when they were put in order. */
  readonly of: number;
  readonly keys: readonly string[];
  /** Those of the same place in `keys`. */
  readonly placed: readonly KnownComponent[];
  /** Of which a place would not tell whether a range covers them. */
  readonly others: readonly KnownComponent[];
}

function inOrderOf(upstream: UpstreamHistory, { scheme, stream }: AffectedPackage): OrderedComponents {
  const orders = (upstream.orders ??= new Map<string, OrderedComponents>());
  const name = stream === null ? scheme : `${scheme} ${stream}`;
  const known = orders.get(name);
  if (known?.of === upstream.components.length) return known;
  const made = inOrder(upstream.components, { scheme, stream });
  orders.set(name, made);
  return made;
}

function inOrder(
  components: readonly KnownComponent[],
  { scheme, stream }: Pick<AffectedPackage, 'scheme' | 'stream'>,
): OrderedComponents {
  const ours = components.filter(({ component }) => stream === null || component.stream === stream);
  const { placed = [], others = [] } = Object.groupBy(ours, ({ component }) =>
    isPlaced(component, scheme) ? 'placed' : 'others',
  );
  const keyed = placed.map((each) => ({ each, key: versionKey(scheme, each.component.version) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const [keys, inPlace] = [keyed.map(({ key }) => key), keyed.map(({ each }) => each)];
  return { scheme, of: components.length, keys, placed: inPlace, others };
}

/** Whether its place in the order decides about it: a commit before any tag of Go says nothing of releases. */
function isPlaced({ version, isEpochUnknown }: Component, scheme: VersionScheme): boolean {
  if (!isValidVersion(scheme, version) || isEpochUnknown === true) return false;
  return !(scheme === 'go' && /^v?0\.0\.0-/.test(version));
}

type Take = (known: KnownComponent, isSure: boolean) => void;

function takeCandidates(statement: AffectedPackage, order: OrderedComponents, take: Take): void {
  const { ranges, versions, customRanges = [], imports = [] } = statement;
  for (const known of order.others) take(known, false);
  const isPlain = customRanges.length + imports.length === 0;
  const takeIn = (known: KnownComponent): void => take(known, isPlain);
  for (const range of ranges) takeRange(range, order, takeIn);
  for (const range of customRanges) takeRange(range, order, (known) => take(known, false));
  for (const version of versions) {
    if (!isValidVersion(order.scheme, version)) continue;
    const key = versionKey(order.scheme, version);
    const from = countWhile(order.keys, (each) => each < key);
    for (let at = from; order.keys[at] === key; at += 1) takeAt(order, at, takeIn);
  }
}

function takeRange(range: AffectedRange, order: OrderedComponents, take: (known: KnownComponent) => void): void {
  const { introduced, fixed, lastAffected } = range;
  const bounds = [introduced === '0' ? null : introduced, fixed, lastAffected];
  // A range whose bounds have no place affects nobody: it leaves them indeterminate.
  if (bounds.some((bound) => bound !== null && !isValidVersion(order.scheme, bound))) return;
  const from = introduced === '0' ? 0 : countBelow(order, introduced);
  const end = order.placed.length;
  const to = Math.min(
    fixed === null ? end : countBelow(order, fixed),
    lastAffected === null ? end : countUpTo(order, lastAffected),
  );
  for (let at = from; at < to; at += 1) takeAt(order, at, take);
}

function takeAt({ placed }: OrderedComponents, at: number, take: (known: KnownComponent) => void): void {
  const known = placed[at];
  if (known !== undefined) take(known);
}

function countBelow({ scheme, keys }: OrderedComponents, version: string): number {
  const bound = versionKey(scheme, version);
  return countWhile(keys, (key) => key < bound);
}

function countUpTo({ scheme, keys }: OrderedComponents, version: string): number {
  const bound = versionKey(scheme, version);
  return countWhile(keys, (key) => key <= bound);
}

/** How many are so; the order must have all of those first. */
function countWhile(keys: readonly string[], isSo: (key: string) => boolean): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(keys[middle] ?? '')) low = middle + 1;
    else high = middle;
  }
  return low;
}
