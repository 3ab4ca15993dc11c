import type { Fact } from '../../src/core/fact.ts';
import { subjectsOf } from '../../src/core/ledger/subjects.ts';
import type { FactStore } from '../../src/factory/deps.ts';

/** What the index of facts by subject answers, by asking each fact: what every store must agree with. */
export function bySubject(
  facts: (recordedUntil?: Temporal.Instant) => AsyncIterable<Fact>,
): Pick<FactStore, 'factsAbout' | 'newestOfEach'> {
  return {
    async *factsAbout({ subjects, startingWith = [] }, recordedUntil) {
      const isWanted = (each: string) =>
        subjects.includes(each) || startingWith.some((start) => each.startsWith(start));
      for await (const fact of facts(recordedUntil)) if (subjectsOf(fact).some(isWanted)) yield fact;
    },
    async newestOfEach(start, recordedUntil) {
      const newest = new Map<string, Fact>();
      for await (const fact of facts(recordedUntil)) {
        for (const each of subjectsOf(fact)) if (each.startsWith(start)) newest.set(each, fact);
      }
      return [...newest.values()];
    },
  };
}
