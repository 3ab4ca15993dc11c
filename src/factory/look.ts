import type { Catalog } from '../core/catalog/catalog.ts';
import type { Failure } from '../core/failure.ts';
import type { ClockDeps } from './deps.ts';
import type { Memory } from './memory.ts';

/** Looks at one kind of outside thing, appends what it saw, and returns what went wrong. */
export type Looker = (catalog: Catalog, memory: Memory) => Promise<readonly Failure[]>;

/**
 * Looks at feeds and upstreams every so often, not in every turn: a factory that works through a hundred steps asks
 * the outside once. A restart looks at once.
 */
export function lookEvery(seconds: number, lookers: readonly Looker[], clock: ClockDeps): Looker {
  let lookedAt: Temporal.Instant | undefined;
  return async (catalog, memory) => {
    const now = clock.now();
    if (lookedAt !== undefined && Temporal.Instant.compare(now, lookedAt.add({ seconds })) < 0) return [];
    lookedAt = now;
    const problems: Failure[] = [];
    for (const look of lookers) problems.push(...(await look(catalog, memory)));
    return problems;
  };
}
