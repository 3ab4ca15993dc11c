import type { Architecture } from '../fact.ts';
import { newestAt, type Dated } from './dated.ts';
import type { LineHistory } from './history.ts';
import { FOREVER, millisOf, type Millis } from './instant.ts';

/**
 * Edge case 21: a claim is due iff it starts before the line's support ends, as its end was known at the start; a later
 * shortening does not count. A line declared later than that is judged by its first declaration.
 */
export function isCovered(line: LineHistory, start: Millis): boolean {
  return start < supportEndKnownAt(line, start);
}

/** When the line's support ends, as known at an instant; `FOREVER` where no end was declared. */
export function supportEndKnownAt({ declarations }: LineHistory, at: Millis): Millis {
  const declared = newestAt(declarations, at) ?? declarations[0];
  const until = declared?.says.supportUntil ?? null;
  return until === null ? FOREVER : millisOf(until);
}

/** The declaration since which an architecture is no longer part of the line; undefined while it is. */
export function dropped({ declarations }: LineHistory, architecture: Architecture): Dated<unknown> | undefined {
  const keeps = ({ says }: (typeof declarations)[number]): boolean => says.architectures.includes(architecture);
  return declarations[declarations.findLastIndex(keeps) + 1];
}
