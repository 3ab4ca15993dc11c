import type { FactOf } from '../fact.ts';
import type { History } from './history.ts';
import type { Pair } from './pair.ts';

/**
 * What was erased counts as not said, whether it was folded before or is not there any more: a factory that runs and one
 * that starts anew come to the same figures. Of what
 * timelines hold, only what was granted may be erased (core/ledger/withheld.ts).
 */
export function takeErasure(history: History, { payload }: FactOf<'payload-erased'>): readonly Pair[] {
  const line = history.dated.subjectOf(payload.fact);
  if (line?.kind !== 'line') return [];
  let found = false;
  for (const events of line.exceptions.values()) {
    const index = events.findIndex(({ fact, says }) => fact === payload.fact && says.kind === 'granted');
    if (index < 0) continue;
    events.splice(index, 1);
    found = true;
  }
  if (!found) return [];
  history.dated.remove(payload.fact);
  return [...line.pairs];
}
