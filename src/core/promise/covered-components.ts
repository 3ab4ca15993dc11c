import type { AffectedPackage, AffectedRange, VersionScheme } from '../match/advisory.ts';
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
    const order = inOrderOf(upstream, statement.scheme);
    const take = (known: KnownComponent, isSure: boolean): void => {
      if (!found.has(known) && (isSure || covers(reading, known))) found.add(known);
    };
    takeCandidates(statement, order, take);
  }
  return found;
}

/** Components by a scheme's order of their versions. */
export interface OrderedComponents {
  readonly scheme: VersionScheme;
  readonly keys: readonly string[];
  /** Those of the same place in `keys`. */
  readonly placed: readonly KnownComponent[];
  /** Of which the scheme does not know the place. */
  readonly others: readonly KnownComponent[];
}

function inOrderOf(upstream: UpstreamHistory, scheme: VersionScheme): OrderedComponents {
  const { components } = upstream;
  const known = upstream.orders?.get(scheme);
  if (known !== undefined && known.placed.length + known.others.length === components.length) return known;
  const { placed = [], others = [] } = Object.groupBy(components, ({ component: { version, isEpochUnknown } }) =>
    isValidVersion(scheme, version) && isEpochUnknown !== true ? 'placed' : 'others',
  );
  const keyed = placed.map((each) => ({ each, key: versionKey(scheme, each.component.version) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const order = { scheme, keys: keyed.map(({ key }) => key), placed: keyed.map(({ each }) => each), others };
  upstream.orders = (upstream.orders ?? new Map<VersionScheme, OrderedComponents>()).set(scheme, order);
  return order;
}

type Take = (known: KnownComponent, isSure: boolean) => void;

function takeCandidates(statement: AffectedPackage, order: OrderedComponents, take: Take): void {
  const { ranges, versions, customRanges = [], imports = [] } = statement;
  for (const known of order.others) take(known, false);
  const isPlain = customRanges.length + imports.length === 0;
  // Without a look at the components, of which some upstreams have thousands.
  const isSure = isPlain && statement.stream === null && statement.scheme !== 'go';
  for (const range of ranges)
    takeRange(range, order, (known) => take(known, isSure || (isPlain && isCertain(statement, known))));
  for (const range of customRanges) takeRange(range, order, (known) => take(known, false));
  for (const version of versions) {
    const key = versionKey(order.scheme, version);
    const from = countWhile(order.keys, (each) => each < key);
    for (let at = from; order.keys[at] === key; at += 1) takeAt(order, at, (known) => take(known, false));
  }
}

/** Whether a place inside a range decides: it is this statement's stream, and no commit that says nothing of releases. */
function isCertain({ scheme, stream }: AffectedPackage, { component }: KnownComponent): boolean {
  const isOurs = stream === null || stream === component.stream;
  return isOurs && !(scheme === 'go' && /^v?0\.0\.0-/.test(component.version));
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
