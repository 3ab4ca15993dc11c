import type { Grouped } from './rows.ts';

/** For the middle of each part that bisection makes of a group: the row in the whole part with the highest end. */
export function treeTops({ starts, order }: Grouped, compareHigh: (a: number, b: number) => number): Uint32Array {
  const tops = new Uint32Array(order.length);
  const fill = (from: number, to: number): number | undefined => {
    if (from >= to) return undefined;
    const middle = (from + to) >>> 1;
    let top = order[middle] ?? 0;
    for (const below of [fill(from, middle), fill(middle + 1, to)]) {
      if (below !== undefined && compareHigh(below, top) > 0) top = below;
    }
    tops[middle] = top;
    return top;
  };
  for (let group = 0; group + 1 < starts.length; group += 1) fill(starts[group] ?? 0, starts[group + 1] ?? 0);
  return tops;
}
