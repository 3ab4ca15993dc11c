import type { FailureCode } from '../failure.ts';

const MINUTE = 60;
const FIRST_PAUSE_SECONDS = 5 * MINUTE;
const LONGEST_PAUSE_SECONDS = 6 * 60 * MINUTE;
const BUILD_ATTEMPTS_BEFORE_PERSON = 3;

export interface StepFailure {
  readonly code: FailureCode;
  readonly attempt: number;
}

/**
 * When a failed step may be tried again; null when only another input can help: the same bytes fail a gate again.
 * Everything else is tried for ever with growing pauses, so that no obligation hangs on somebody noticing.
 */
export function retryAt(failure: StepFailure, now: Temporal.Instant): Temporal.Instant | null {
  if (failure.code === 'E0406' || failure.code === 'E0501') return null;
  const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(failure.attempt - 1, 16), LONGEST_PAUSE_SECONDS);
  return now.add({ seconds: pause });
}

/** A source that is not the expected one, and a registry that forbids: only a person can say why, or log in. */
const needPerson: ReadonlySet<string> = new Set(['E0405', 'E0602'] satisfies FailureCode[]);

/** Whether a person should look although the machine goes on trying: a build that failed thrice rarely mends itself. */
export function wantsPerson(failure: {
  readonly code: string;
  readonly attempt: number;
  readonly retryAt: Temporal.Instant | null;
}): boolean {
  return (
    failure.retryAt === null ||
    needPerson.has(failure.code) ||
    (failure.code === 'E0402' && failure.attempt >= BUILD_ATTEMPTS_BEFORE_PERSON)
  );
}
