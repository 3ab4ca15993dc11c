import type { FactOf, FactType } from '../fact.ts';
import { insertInOrder, type Dated } from './dated.ts';
import type { Subject } from './filed-facts.ts';
import type { History } from './history.ts';

/** Puts what a fact says into the lists where timelines look for it, and where a correction finds it again. */
export function fileFact<S>(
  { dated }: History,
  fact: FactOf<FactType>,
  { says, lists, subject }: { readonly says: S; readonly lists: readonly Dated<S>[][]; readonly subject: Subject },
): Dated<S> {
  const entry = dated.file(fact, { says, subject });
  for (const list of lists) insertInOrder(list, entry);
  return entry;
}
