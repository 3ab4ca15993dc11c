import type { FactOf, FactType } from '../fact.ts';
import { insertInOrder, type Dated } from './dated.ts';
import type { History, Subject } from './history.ts';

/** Puts what a fact says into the lists where timelines look for it, and where a correction finds it again. */
export function fileFact<S>(
  history: History,
  fact: FactOf<FactType>,
  { says, lists, subject }: { readonly says: S; readonly lists: readonly Dated<S>[][]; readonly subject: Subject },
): Dated<S> {
  const entry = {
    fact: fact.id,
    seq: fact.seq,
    recordedAt: fact.recordedAt.epochMilliseconds,
    says,
    from: fact.at.from.epochMilliseconds,
    to: fact.at.to.epochMilliseconds,
    subject,
  };
  for (const list of lists) insertInOrder(list, entry);
  history.dated.set(fact.id, entry);
  return entry;
}
