import { setTimeout } from 'node:timers/promises';

/** Waits, or stops waiting when told; says true when told. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
    return false;
  } catch (error) {
    if (signal.aborted) return true;
    throw error;
  }
}
