import type { FactPayloads } from '../fact.ts';
import type { Dated } from './dated.ts';
import type { ExceptionEvent, LineHistory } from './history.ts';
import { FOREVER, millisOf, type Millis } from './instant.ts';

/** An agreed exclusion (waiver) or a remark (hold), while it was in force. */
export interface Exception {
  readonly kind: 'waiver' | 'hold';
  readonly from: Millis;
  /** The first instant at which it is no longer in force. */
  readonly until: Millis;
  readonly granted: FactPayloads['exception-granted'];
}

/**
 * Promise rule 8: what was granted for a vulnerability in a line, under any of the names that it had from the start.
 * Nothing is in force before it was recorded: an agreement dated back excludes no miss.
 */
export function exceptionsOf(line: LineHistory, names: readonly string[]): readonly Exception[] {
  if (line.exceptions.size === 0) return [];
  const events = new Set(names.flatMap((name) => line.exceptions.get(name) ?? []));
  return [...events].flatMap((event) => exceptionOf(event, events));
}

export function inForce(
  exceptions: readonly Exception[],
  kind: Exception['kind'],
  at: Millis,
): FactPayloads['exception-granted'] | undefined {
  const current = exceptions.filter((each) => each.kind === kind && each.from <= at && at < each.until);
  // What was renewed lasts as long as it was renewed for.
  return current.reduce<Exception | undefined>(
    (last, each) => (last && last.until >= each.until ? last : each),
    undefined,
  )?.granted;
}

/** Since when waivers have been in force without a gap up to `at`; null when none is in force then. */
export function waivedSince(exceptions: readonly Exception[], at: Millis): Millis | null {
  const waivers = exceptions.filter(({ kind }) => kind === 'waiver');
  const last = waivers.find(({ from, until }) => from <= at && at < until);
  return last === undefined ? null : unbrokenSince(waivers, last.from);
}

/** One that ends as the next one begins leaves no gap. */
function unbrokenSince(waivers: readonly Exception[], since: Millis): Millis {
  const before = waivers.find(({ from, until }) => from < since && since <= until);
  return before === undefined ? since : unbrokenSince(waivers, before.from);
}

function exceptionOf(
  { says, from, seq, recordedAt }: Dated<ExceptionEvent>,
  events: ReadonlySet<Dated<ExceptionEvent>>,
): readonly Exception[] {
  if (says.kind === 'ended') return [];
  const { kind, until } = says.exception;
  const ends = [...events].filter(
    (other) => other.says.kind === 'ended' && other.says.exception.kind === kind && isAfter(other, { from, seq }),
  );
  const ended = Math.min(FOREVER, ...ends.map((end) => end.from));
  return [{ kind, from: Math.max(from, recordedAt), until: Math.min(millisOf(until), ended), granted: says.exception }];
}

function isAfter(a: { from: Millis; seq: number }, b: { from: Millis; seq: number }): boolean {
  return a.from > b.from || (a.from === b.from && a.seq > b.seq);
}
