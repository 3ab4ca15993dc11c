import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../core/failure.ts';

export interface RetryOptions {
  readonly attempts: number;
  /** First pause; doubles each time. */
  readonly pauseMilliseconds: number;
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** Tries again while the failure says that it may help. A registry's own Retry-After counts, up to half a minute. */
export async function retrying<T>(options: RetryOptions, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure) || error.detail.retryable !== true || attempt >= options.attempts) throw error;
      await (options.wait ?? sleep)(pauseAfter(error, options.pauseMilliseconds * 2 ** (attempt - 1)));
    }
  }
}

/** The cause of a failure that names its own pause. */
export class RetryAfter extends Error {
  readonly milliseconds: number;
  constructor(milliseconds: number) {
    super(`asked to wait ${milliseconds} ms`);
    this.milliseconds = milliseconds;
  }
}

function pauseAfter(error: Failure, usual: number): number {
  const asked = error.detail.cause;
  return asked instanceof RetryAfter ? Math.min(asked.milliseconds, 30_000) : usual;
}
