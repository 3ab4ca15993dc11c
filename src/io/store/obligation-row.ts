import type { ArchitectureClock, Claim, Clock, Obligation } from '../../core/promise/standing.ts';
import { waivedUntil } from '../../core/promise/time-passed.ts';
import { toMicroseconds, toMicrosecondsOrNull } from './instant-column.ts';
import type { Tables } from './schema.ts';

/** An obligation as a row that is the newest from `recordedAt` on. */
export function rowOf(obligation: Obligation, recordedAt: Temporal.Instant): Tables['obligations'] {
  const { clock } = obligation;
  return {
    id: obligation.id,
    recorded_from_us: toMicroseconds(recordedAt),
    recorded_to_us: null,
    vulnerability: obligation.vulnerability,
    line: obligation.line,
    severity: obligation.severity.level,
    standing: obligation.standing,
    rank: rankOf(obligation),
    t0_us: toMicrosecondsOrNull(clock.t0),
    due_us: toMicrosecondsOrNull(clock.due),
    t1_us: toMicrosecondsOrNull(clock.t1),
    missed_us: toMicrosecondsOrNull(clock.missedAt),
    margin_seconds: clock.marginSeconds,
    waiver_until_us: toMicrosecondsOrNull(waivedUntil(obligation)),
    json: obligationToJson(obligation),
  };
}

/** Ascending order on the board within one standing: the open by deadline, the ended by their end, newest first. */
export function rankOf({ standing, clock, discoveredAt }: Obligation): number {
  switch (standing) {
    case 'on-track':
    case 'overdue':
    case 'excluded':
      return toMicroseconds(clock.due ?? discoveredAt);
    case 'waiting':
      return toMicroseconds(discoveredAt);
    case 'fixed-early':
    case 'met':
    case 'missed':
    case 'not-affected':
    case 'void':
    case 'not-covered':
      return -toMicroseconds(clock.t1 ?? clock.missedAt ?? discoveredAt);
  }
}

/**
 * Instants become RFC 3339 text. The fold makes every obligation alike, so equal ones are equal text. Most claims and
 * architectures stand as their obligation does: a clock equal to the obligation's own is written as null, for millions
 * of rows are kept, and a third of each was the same clock again.
 */
export function obligationToJson(obligation: Obligation): string {
  const short = (clock: Clock): Clock | null => (isSameClock(clock, obligation.clock) ? null : clock);
  const { release, releaseAndKnown } = obligation.clocks;
  return JSON.stringify({
    ...obligation,
    clocks: { release: short(release), releaseAndKnown: short(releaseAndKnown) },
    claims: obligation.claims.map((claim) => ({
      ...claim,
      clock: short(claim.clock),
      architectures: claim.architectures.map((each) => ({ ...each, clock: short(each.clock) })),
    })),
  });
}

/** Reads what `obligationToJson` wrote, also where each clock is spelled out, as it once did. */
export function obligationFromJson(text: string): Obligation {
  const json = JSON.parse(text) as Plain<Obligation>;
  const clock = clockFrom(json.clock);
  const clockOf: ClockOf = (written) => (written === null ? clock : clockFrom(written));
  return {
    ...json,
    clock,
    clocks: { release: clockOf(json.clocks.release), releaseAndKnown: clockOf(json.clocks.releaseAndKnown) },
    claims: json.claims.map((claim) => claimOf(claim, clockOf)),
    discoveredAt: Temporal.Instant.from(json.discoveredAt),
    waiver: json.waiver && { ...json.waiver, until: Temporal.Instant.from(json.waiver.until) },
    hold: json.hold && { ...json.hold, until: Temporal.Instant.from(json.hold.until) },
  };
}

/** The same shape with text where instants were: the compiler then asks for every one of them to be read back. */
type Plain<T> = T extends Temporal.Instant
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : T extends object
      ? { readonly [Name in keyof T]: Plain<T[Name]> }
      : T;

type ClockOf = (written: Plain<Clock> | null) => Clock;

function isSameClock(a: Clock, b: Clock): boolean {
  const isSame = (name: 't0' | 'due' | 't1' | 'missedAt'): boolean =>
    a[name] === null || b[name] === null ? a[name] === b[name] : a[name].equals(b[name]);
  return (
    a === b ||
    (a.marginSeconds === b.marginSeconds && isSame('t0') && isSame('due') && isSame('t1') && isSame('missedAt'))
  );
}

function claimOf(json: Plain<Claim>, clockOf: ClockOf): Claim {
  const architectures = json.architectures.map((each) => architectureOf(each, clockOf));
  return { ...json, clock: clockOf(json.clock), architectures };
}

function architectureOf(json: Plain<ArchitectureClock>, clockOf: ClockOf): ArchitectureClock {
  const exposures = json.exposures.map((exposure) => ({
    ...exposure,
    from: Temporal.Instant.from(exposure.from),
    to: instantOf(exposure.to),
  }));
  return { ...json, clock: clockOf(json.clock), exposures };
}

function clockFrom(json: Plain<Clock>): Clock {
  return {
    ...json,
    t0: instantOf(json.t0),
    due: instantOf(json.due),
    t1: instantOf(json.t1),
    missedAt: instantOf(json.missedAt),
  };
}

function instantOf(text: string | null): Temporal.Instant | null {
  return text === null ? null : Temporal.Instant.from(text);
}
