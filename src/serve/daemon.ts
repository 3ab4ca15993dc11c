import { Failure } from '../core/failure.ts';

/** What the daemon turns, and how it is told the time; one daemon works on a store. */
export interface DaemonDeps {
  now(): Temporal.Instant;
  /** One turn of the factory; `more` when something is left that can be done at once. */
  tick(signal: AbortSignal): Promise<TurnEnd>;
  /** Resolves after that many seconds, or when the signal is aborted. */
  sleep(seconds: number, signal: AbortSignal): Promise<void>;
  /** A tick that failed; the daemon goes on. */
  onTrouble(failure: Failure): void;
}

export interface TurnEnd {
  readonly more: boolean;
  /** A source that could not be looked at, say: the turn went on without it. */
  readonly trouble?: string | null;
}

export interface Daemon {
  /** Resolves when the signal was aborted and the running tick is over. */
  readonly ended: Promise<void>;
  health(): DaemonHealth;
}

export interface DaemonHealth {
  readonly lastTick: Temporal.Instant | null;
  /** Ticks in a row that failed. */
  readonly failures: number;
  readonly trouble: string | null;
}

const PAUSE_MAX_SECONDS = 300;

/**
 * Turns the factory until the signal: at once while there is more to do, else after a pause. The world's failures make
 * the pauses grow (up to five minutes) and never end the daemon; a fault of our own ends it, as nothing is done on a guess.
 */
export function daemon(
  deps: DaemonDeps,
  options: { readonly pauseSeconds: number; readonly signal: AbortSignal },
): Daemon {
  const state: { lastTick: Temporal.Instant | null; failures: number; trouble: string | null } = {
    lastTick: null,
    failures: 0,
    trouble: null,
  };
  return { ended: turn(deps, options, state), health: () => ({ ...state }) };
}

async function turn(
  deps: DaemonDeps,
  { pauseSeconds, signal }: { readonly pauseSeconds: number; readonly signal: AbortSignal },
  state: { lastTick: Temporal.Instant | null; failures: number; trouble: string | null },
): Promise<void> {
  while (!signal.aborted) {
    let more = false;
    try {
      const end = await deps.tick(signal);
      more = end.more;
      state.lastTick = deps.now();
      state.failures = 0;
      state.trouble = end.trouble ?? null;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Failure)) throw error;
      state.failures += 1;
      state.trouble = `${error.message} (${error.code})`;
      deps.onTrouble(error);
    }
    if (!more) await deps.sleep(Math.min(PAUSE_MAX_SECONDS, pauseSeconds * 2 ** Math.min(8, state.failures)), signal);
  }
}
