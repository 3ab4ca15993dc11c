import type { FailureCode } from '../failure.ts';

const MINUTE = 60;
const FIRST_PAUSE_SECONDS = 5 * MINUTE;
const LONGEST_PAUSE_SECONDS = 6 * 60 * MINUTE;
const BUILD_ATTEMPTS_MAX = 3;

/**
 * When a failed step may be tried again; null when only a person or another input can help. What the outside world did
 * to us is tried for ever with growing pauses, a build three times, a gate never: the same bytes fail it again.
 */
export function retryAt(
  failure: { readonly code: FailureCode; readonly retryable: boolean | undefined; readonly attempt: number },
  now: Temporal.Instant,
): Temporal.Instant | null {
  if (failure.code === 'E0406' || failure.code === 'E0501') return null;
  if (failure.code === 'E0402' && failure.attempt >= BUILD_ATTEMPTS_MAX) return null;
  const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(failure.attempt - 1, 16), LONGEST_PAUSE_SECONDS);
  return now.add({ seconds: pause });
}
