import type { FactOf } from '../fact.ts';
import type { Dated } from './dated.ts';
import { fileFact } from './file-fact.ts';
import { kept, lineIn, type ExceptionEvent, type History, type StatementEvent } from './history.ts';
import type { Pair } from './pair.ts';
import { namesOf } from './vulnerability.ts';

export function takeDeclaration(history: History, fact: FactOf<'line-declared'>): readonly Pair[] {
  const line = lineIn(history, fact.payload.line);
  fileFact(history, fact, { says: fact.payload, lists: [line.declarations], subject: line });
  return [...line.pairs];
}

export function takeStatement(
  history: History,
  fact: FactOf<'statement-made'> | FactOf<'statement-withdrawn'>,
): readonly Pair[] {
  const says: StatementEvent = { kind: fact.type === 'statement-made' ? 'made' : 'withdrawn' };
  const line = lineIn(history, fact.payload.line);
  const lists = listsByName(history, line.statements, fact.payload.vulnerability);
  fileFact(history, fact, { says, lists, subject: line });
  return pairNamed(history, fact.payload);
}

export function takeException(
  history: History,
  fact: FactOf<'exception-granted'> | FactOf<'exception-ended'>,
): readonly Pair[] {
  const says: ExceptionEvent =
    fact.type === 'exception-granted'
      ? { kind: 'granted', exception: fact.payload }
      : { kind: 'ended', exception: fact.payload };
  const line = lineIn(history, fact.payload.line);
  const lists = listsByName(history, line.exceptions, fact.payload.vulnerability);
  fileFact(history, fact, { says, lists, subject: line });
  return pairNamed(history, fact.payload);
}

/** One list for each name that the vulnerability has now: if it is split later, both parts inherit (edge case 23). */
function listsByName<T>(history: History, shelf: Map<string, Dated<T>[]>, vulnerability: string): Dated<T>[][] {
  return namesOf(history, vulnerability).map((name) => kept(shelf, name, () => []));
}

function pairNamed(
  history: History,
  { vulnerability, line }: { readonly vulnerability: string; readonly line: string },
): readonly Pair[] {
  const pair = history.vulnerabilities.get(vulnerability)?.pairs.get(lineIn(history, line));
  return pair === undefined ? [] : [pair];
}
