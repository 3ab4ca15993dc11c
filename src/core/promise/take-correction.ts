import type { FactOf } from '../fact.ts';
import { sortByTime, type Dated } from './dated.ts';
import type { History, LineHistory, Subject, UpstreamHistory } from './history.ts';
import { millisOf } from './instant.ts';
import type { Pair } from './pair.ts';
import { readAgain } from './take-advisory.ts';
import { pairsOfUpstream } from './take-release.ts';
import { reclassify } from './vulnerability.ts';

/** Promise rule 9: better evidence for when another fact happened moves it to its place; all that it bears on is touched. */
export function takeCorrection(history: History, { payload }: FactOf<'evidence-corrected'>): readonly Pair[] {
  const filed = history.dated.get(payload.fact);
  if (filed === undefined) return [];
  filed.from = millisOf(payload.from);
  filed.to = millisOf(payload.to);
  return refile(history, filed.subject);
}

function refile(history: History, subject: Subject): readonly Pair[] {
  switch (subject.kind) {
    case 'record':
      sortByTime(subject.versions);
      return readAgain(history, subject, [subject.id, ...subject.versions.flatMap(({ says }) => says.aliases)]);
    case 'upstream':
      listsOfUpstream(subject).forEach(sortByTime);
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

function listsOfUpstream({ watch }: UpstreamHistory): readonly Dated<unknown>[][] {
  if (watch === null) return [];
  const releases = [...watch.releases.values()].flatMap((release) => [release.observations, release.withdrawals]);
  return [...releases, ...watch.streamEnds.values(), ...watch.verifications.values()];
}

function listsOfLine(line: LineHistory): readonly Dated<unknown>[][] {
  const { declarations, confirmations, statements, exceptions } = line;
  return [declarations, ...confirmations.values(), ...statements.values(), ...exceptions.values()];
}
