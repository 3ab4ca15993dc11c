import type { History, KnownComponent, KnownInventory, UpstreamHistory } from './history.ts';

export function componentsAt(
  { componentAt }: Pick<History, 'componentAt'>,
  ordinals: Iterable<number>,
): readonly KnownComponent[] {
  return Array.from(ordinals, (ordinal) => componentAt[ordinal] as KnownComponent);
}

/** The upstream's part of an inventory, which is in order of upstreams: found by halving. */
export function componentsOf(
  history: Pick<History, 'componentAt'>,
  { components }: KnownInventory,
  { ordinal }: UpstreamHistory,
): readonly KnownComponent[] {
  const upstreamAt = (place: number) => history.componentAt[components[place] ?? -1]?.upstream.ordinal;
  let low = 0;
  let high = components.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((upstreamAt(middle) ?? 0) < ordinal) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (upstreamAt(end) === ordinal) end++;
  return componentsAt(history, components.subarray(low, end));
}
