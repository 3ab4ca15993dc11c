import type { Line } from '../catalog/catalog.ts';
import { digestOf, type Digest } from '../digest.ts';
import type { Obligation } from '../promise/standing.ts';
import type { DigestRecord, Step, StepOutcome } from './step.ts';
import type { PlanInput } from './worklist.ts';

/** The record of a published digest as it has to be now. */
export function recordNow(line: Line, digest: Digest, input: RecordInput): DigestRecord {
  const key = digestRecordKey(line, digest);
  const says = saysOf(input.obligations.ofLine(line.line).open);
  return { key, says, validSeconds: validityOf(input), because: becauseOf(input.outcomes.get(key), says) };
}

export type RecordInput = Pick<PlanInput, 'obligations' | 'outcomes' | 'catalog' | 'now'>;

/**
 * Whether the one that is attached says the same and is good for longer than half of its time. What is open changes it at
 * once, the rest only with time: never turn after turn.
 */
export function isAttached({ key, says, validSeconds }: DigestRecord, { outcomes, now }: RecordInput): boolean {
  const attached = outcomes.get(key);
  if (attached?.kind !== 'done' || attached.result['says'] !== says) return false;
  return secondsSince(attached, now) * 2 < validSeconds;
}

/** A record that is attached, with all that this rests on: turn after turn asks again, and little of it is another. */
export interface RecordInForce {
  readonly key: string;
  readonly outcome: StepOutcome;
  readonly open: readonly Obligation[];
  /** When half of its time is over, in milliseconds since 1970. */
  readonly renewAt: number;
}

/** Undefined while another one has to be attached. */
export function recordInForce(line: Line, digest: Digest, input: RecordInput): RecordInForce | undefined {
  const record = recordNow(line, digest, input);
  const outcome = input.outcomes.get(record.key);
  if (outcome === undefined || !isAttached(record, input)) return undefined;
  const { open } = input.obligations.ofLine(line.line);
  return { key: record.key, outcome, open, renewAt: outcome.at.epochMilliseconds + record.validSeconds * 500 };
}

export function staysInForce(known: RecordInForce, line: Line, { obligations, outcomes, now }: RecordInput): boolean {
  return (
    known.open === obligations.ofLine(line.line).open &&
    known.outcome === outcomes.get(known.key) &&
    now.epochMilliseconds < known.renewAt
  );
}

function becauseOf(attached: StepOutcome | undefined, says: string): DigestRecord['because'] {
  if (attached?.kind !== 'done') return 'new';
  return attached.result['says'] === says ? 'time' : 'change';
}

function digestRecordKey({ line }: Line, digest: Digest): string {
  return `attach-receipts ${line} ${digest}`;
}

/** What is kept under the key of an attach-receipts step that is done: what it was the last step for, and what it said. */
export function receiptsDone(step: Extract<Step, { readonly kind: 'attach-receipts' }>): {
  readonly covers: readonly string[];
  readonly says: string;
} {
  return { covers: step.covers, says: step.record.says };
}

/**
 * The shortest time promised: while a record is good, nothing that it does not name can have become late. At least a day,
 * so that a promise of minutes does not fill the registry.
 */
function validityOf({ catalog }: RecordInput): number {
  return Math.max(Math.min(...Object.values(catalog.policy.promise)), VALID_SECONDS_MIN);
}

const VALID_SECONDS_MIN = 24 * 3600;

function secondsSince({ at }: StepOutcome, now: Temporal.Instant): number {
  return (now.epochMilliseconds - at.epochMilliseconds) / 1000;
}

/** Digest of which obligations are open and how each stands; the order in which they came does not matter. */
function saysOf(open: readonly Obligation[]): string {
  const known = saidOf.get(open);
  if (known !== undefined) return known;
  const each = open.map(({ id, standing, severity, clock: { t0, due } }) =>
    [id, standing, severity.level, t0?.epochMilliseconds, due?.epochMilliseconds].join(' '),
  );
  const says = digestOf(each.toSorted().join('\n'));
  saidOf.set(open, says);
  return says;
}

/** Turn after turn asks about the same lists; one that changed is another value. */
const saidOf = new WeakMap<readonly Obligation[], string>();
