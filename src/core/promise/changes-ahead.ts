import type { Millis } from './instant.ts';
import type { Pair } from './pair.ts';

/**
 * When time alone may next change a pair's standing. Pairs are filed by the hour as they are judged, so that a turn
 * looks at the few whose hour has come, not at every obligation there ever was.
 */
export interface ChangesAhead {
  readonly byHour: Map<number, Set<Pair>>;
  /** Since when every pair is filed; before that all of them have to be looked at. */
  completeFrom: Millis;
}

const HOUR = 3_600_000;

export function noChangesAhead(): ChangesAhead {
  return { byHour: new Map(), completeFrom: Infinity };
}

/** Files a pair as it is judged now; one that has no judgement may have changed at any time. */
export function fileChange({ byHour }: ChangesAhead, pair: Pair): void {
  const through = pair.judged?.through ?? -Infinity;
  if (through === Infinity) return;
  const hour = Math.floor(through / HOUR);
  const filed = byHour.get(hour);
  if (filed === undefined) byHour.set(hour, new Set([pair]));
  else filed.add(pair);
}

/** The filed pairs whose standing does not hold until `to`. What holds longer by now is filed under its new hour too. */
export function changingUntil({ byHour }: ChangesAhead, to: Millis): readonly Pair[] {
  const changing: Pair[] = [];
  for (const [hour, pairs] of byHour) {
    if (hour > to / HOUR) continue;
    for (const pair of pairs) {
      const through = pair.judged?.through ?? -Infinity;
      const isGone = !pair.line.pairs.has(pair);
      if (isGone || Math.floor(through / HOUR) !== hour) pairs.delete(pair);
      if (!isGone && through < to) changing.push(pair);
    }
    if (pairs.size === 0) byHour.delete(hour);
  }
  return changing;
}
