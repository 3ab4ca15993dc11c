import type { Happening } from '../../formats/replay/recorded-event.ts';
import type { Assumptions } from './assumptions.ts';
import type { Chance } from './chance.ts';

/** A recorded event, when our factory sees it, and its look before that one; null where it looked never before. */
export interface SeenEvent {
  readonly event: Happening;
  readonly seen: Temporal.Instant;
  readonly before: Temporal.Instant | null;
}

/**
 * Releases and advisories are seen at the next look at their upstream or feed, lines as soon as they are declared. What
 * happened before the period is seen as it begins. In order of sight; the history must be in order of time.
 */
export function eventsAsSeen(
  events: readonly Happening[],
  from: Temporal.Instant,
  { lookMinutes }: Pick<Assumptions, 'lookMinutes'>,
  chance: Chance,
): readonly SeenEvent[] {
  const every = lookMinutes * MINUTE;
  const begins = from.epochMilliseconds;
  const phases = new Map<string, number>();
  const seen = events.map((event): SeenEvent => {
    const looked = lookedAt(event);
    if (looked === null) return { event, seen: event.at, before: null };
    const phase = phases.get(looked) ?? chance.below(lookMinutes) * MINUTE;
    phases.set(looked, phase);
    const at = event.at.epochMilliseconds;
    const first = begins + phase;
    if (at <= first) return { event, seen: instantOf(at <= begins ? begins : first), before: null };
    const sees = first + Math.ceil((at - first) / every) * every;
    return { event, seen: instantOf(sees), before: instantOf(sees - every) };
  });
  return seen.toSorted((a, b) => Temporal.Instant.compare(a.seen, b.seen));
}

/** One address for each upstream, and one for each publisher of advisories. */
function lookedAt(event: Happening): string | null {
  if (event.kind === 'release') return event.upstream;
  return event.kind === 'advisory' ? `feed ${event.record.source}` : null;
}

const MINUTE = 60_000;

function instantOf(millis: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(millis);
}
