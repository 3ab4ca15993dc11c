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

/** Instants become RFC 3339 text. The fold makes every obligation alike, so equal ones are equal text. */
export function obligationToJson(obligation: Obligation): string {
  return JSON.stringify(obligation);
}

/** Reads what `obligationToJson` wrote. */
export function obligationFromJson(text: string): Obligation {
  const json = JSON.parse(text) as Plain<Obligation>;
  return {
    ...json,
    clock: clockOf(json.clock),
    clocks: { release: clockOf(json.clocks.release), releaseAndKnown: clockOf(json.clocks.releaseAndKnown) },
    claims: json.claims.map(claimOf),
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

function claimOf(json: Plain<Claim>): Claim {
  return { ...json, clock: clockOf(json.clock), architectures: json.architectures.map(architectureOf) };
}

function architectureOf(json: Plain<ArchitectureClock>): ArchitectureClock {
  const exposures = json.exposures.map((exposure) => ({
    ...exposure,
    from: Temporal.Instant.from(exposure.from),
    to: instantOf(exposure.to),
  }));
  return { ...json, clock: clockOf(json.clock), exposures };
}

function clockOf(json: Plain<Clock>): Clock {
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
