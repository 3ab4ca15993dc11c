import { Failure } from '../../core/failure.ts';
import type { Happening, HistoryHead, RecordedEvent } from '../../formats/replay/recorded-event.ts';
import type { Assumptions } from './assumptions.ts';
import { chanceFrom } from './chance.ts';
import { eventsAsSeen } from './looks.ts';
import { type OutcomeFigures, outcomeFigures } from './outcome-figures.ts';
import { recordedOutcome } from './recorded-outcome.ts';
import { ReplayedFactory } from './replayed-factory.ts';

export interface Replay {
  readonly head: HistoryHead;
  readonly assumptions: Assumptions;
  readonly counts: { readonly lines: number; readonly releases: number; readonly advisories: number };
  readonly ours: OutcomeFigures;
  /** What the history itself shows; null where it does not say what its lines held. */
  readonly recorded: OutcomeFigures | null;
}

/**
 * Runs the factory's own decisions over a recorded history, and judges what the history itself came to by the same rules.
 * The same history, assumptions and seed give the same figures. Throws Failure E0904 where the history has no head.
 */
export async function replay(
  events: readonly RecordedEvent[],
  assumptions: Assumptions,
  onDay?: (day: Temporal.Instant) => void,
): Promise<Replay> {
  const head = headOf(events);
  const inTime = inOrder(events, head);
  const seen = eventsAsSeen(inTime, head.from, assumptions, chanceFrom(assumptions.seed));
  const ours = await new ReplayedFactory(assumptions, head.from).live(seen, head.to, onDay);
  const measured = { from: head.from, to: head.to, releasedAt: releaseDates(inTime), endedAt: ends(inTime) };
  const isObserved = inTime.some(({ kind }) => kind === 'held');
  const recorded = isObserved ? await recordedOutcome(inTime, head, assumptions) : null;
  return {
    head,
    assumptions,
    counts: {
      lines: new Set(inTime.flatMap((event) => (event.kind === 'line' ? event.line : []))).size,
      releases: inTime.filter(({ kind }) => kind === 'release').length,
      advisories: inTime.filter(({ kind }) => kind === 'advisory').length,
    },
    ours: outcomeFigures(ours, measured),
    recorded: recorded && outcomeFigures(recorded, measured),
  };
}

function headOf([first, ...others]: readonly RecordedEvent[]): HistoryHead {
  const hint = 'docs/how-to/replay-a-history.md shows each kind of event';
  if (first?.kind !== 'history' || others.some(({ kind }) => kind === 'history')) {
    throw new Failure('E0904', 'A history begins with its head, and has one', { kept: 'nothing was replayed', hint });
  }
  if (Temporal.Instant.compare(first.from, first.to) >= 0) {
    throw new Failure('E0904', `The period of ${first.name} ends before it begins`, {
      kept: 'nothing was replayed',
      hint,
    });
  }
  return first;
}

/** Until the end of the period; of what happened at one instant, in the order in which it is written. */
function inOrder(events: readonly RecordedEvent[], { to }: HistoryHead): readonly Happening[] {
  return events
    .filter((event): event is Happening => event.kind !== 'history' && Temporal.Instant.compare(event.at, to) <= 0)
    .toSorted((a, b) => Temporal.Instant.compare(a.at, b.at));
}

function releaseDates(events: readonly Happening[]): ReadonlyMap<string, Temporal.Instant> {
  const dates = new Map<string, Temporal.Instant>();
  for (const event of events) {
    if (event.kind !== 'release') continue;
    const key = `${event.upstream} ${event.version}`;
    if (!dates.has(key)) dates.set(key, event.at);
  }
  return dates;
}

function ends(events: readonly Happening[]): ReadonlyMap<string, Temporal.Instant> {
  const ended = new Map<string, Temporal.Instant>();
  for (const event of events) {
    if (event.kind === 'end') ended.set(event.line, event.at);
    else if (event.kind === 'line') ended.delete(event.line);
  }
  return ended;
}
