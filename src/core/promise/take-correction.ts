import type { FactOf } from '../fact.ts';
import { sortByTime, sortedByTime, type Dated } from './dated.ts';
import type { Subject } from './filed-facts.ts';
import type { History, LineHistory, UpstreamHistory } from './history.ts';
import { millisOf } from './instant.ts';
import type { Pair } from './pair.ts';
import { readAgain } from './take-advisory.ts';
import { pairsOfUpstream } from './take-release.ts';
import { reclassify } from './vulnerability.ts';

/** Promise rule 9: better evidence for when another fact happened moves it to its place; all that it bears on is touched. */
export function takeCorrection(history: History, { payload }: FactOf<'evidence-corrected'>): readonly Pair[] {
  const subject = history.dated.subjectOf(payload.fact);
  if (subject === undefined) return [];
  history.dated.move(payload.fact, { from: millisOf(payload.from), to: millisOf(payload.to) });
  return refile(history, subject);
}

function refile(history: History, subject: Subject): readonly Pair[] {
  switch (subject.kind) {
    case 'record':
      sortByTime(subject.versions);
      return readAgain(history, subject, [subject.id, ...subject.versions.flatMap(({ says }) => says.aliases)]);
    case 'upstream':
      sortUpstream(subject);
      return pairsOfUpstream(history, subject);
    case 'line':
      listsOfLine(subject).forEach(sortByTime);
      return [...subject.pairs];
    case 'aliases':
      sortByTime(history.unrelated);
      return reclassify(
        history,
        history.unrelated.flatMap(({ says }) => says.unrelated.flat()),
      );
    case 'policies':
      sortByTime(history.policies);
      return allPairs(history);
  }
}

export function allPairs(history: History): readonly Pair[] {
  return [...history.lines.values()].flatMap((line) => [...line.pairs]);
}

function sortUpstream({ watch }: UpstreamHistory): void {
  if (watch === null) return;
  watch.observations = sortedByTime(watch.observations);
  watch.withdrawals = sortedByTime(watch.withdrawals);
  for (const list of [...watch.streamEnds.values(), ...watch.verifications.values()]) sortByTime(list);
}

function listsOfLine(line: LineHistory): readonly Dated<unknown>[][] {
  const { declarations, confirmations, statements, exceptions } = line;
  return [declarations, ...confirmations.values(), ...statements.values(), ...exceptions.values()];
}
