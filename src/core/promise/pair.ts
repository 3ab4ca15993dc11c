import type { LineHistory } from './history.ts';
import type { Millis } from './instant.ts';
import { obligationId } from './obligation-id.ts';
import type { Obligation } from './standing.ts';
import type { AnsweredQuestion } from './starts.ts';
import type { Vulnerability } from './vulnerability.ts';

/** (vulnerability, line) with its newest judgement, which is forgotten as soon as a fact touches the pair. */
export interface Pair {
  /** Of its obligation. */
  readonly id: string;
  readonly vulnerability: Vulnerability;
  readonly line: LineHistory;
  judged: Judged | null;
}

/** An obligation and how long its standing stays as it is when only time passes. Null: the line never held the flaw. */
export interface Judged {
  readonly obligation: Obligation | null;
  readonly from: Millis;
  /** The last instant at which it still stands so. */
  readonly through: Millis;
  /** Which answers about releases it rests on. */
  readonly answered: readonly AnsweredQuestion[];
}

export function pairOf(vulnerability: Vulnerability, line: LineHistory): Pair {
  const known = vulnerability.pairs.get(line);
  if (known !== undefined) return known;
  const id = obligationId(vulnerability.smallest, line.line);
  const pair: Pair = { id, vulnerability, line, judged: null };
  vulnerability.pairs.set(line, pair);
  line.pairs.add(pair);
  return pair;
}
