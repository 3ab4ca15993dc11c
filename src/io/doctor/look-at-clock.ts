import { stat } from 'node:fs/promises';
import { fails, warns, works } from './check.ts';
import type { Finding } from './check.ts';

/** A clock may lag by this much behind what it has already seen before anybody is told. */
const TOLERANCE_SECONDS = 2;

/**
 * Whether the clock can be right: never behind what the ledger recorded, nor behind the program's own files. How far off
 * it is can only be told with other clocks; the registry's is the one that counts.
 */
export async function lookAtClock(settings: {
  readonly now: () => Temporal.Instant;
  readonly lastRecordedAt: Temporal.Instant | null;
}): Promise<Finding> {
  const now = settings.now();
  const fix = 'timedatectl set-ntp true, or the same of your system';
  if (settings.lastRecordedAt !== null && isBehind(now, settings.lastRecordedAt)) {
    return fails(`${shown(now)} is before the last recorded fact, ${shown(settings.lastRecordedAt)}`, fix);
  }
  const { mtimeMs } = await stat(import.meta.filename);
  const written = Temporal.Instant.fromEpochMilliseconds(Math.trunc(mtimeMs));
  if (isBehind(now, written)) return warns(`${shown(now)} is before the program was installed, ${shown(written)}`, fix);
  return works(shown(now));
}

function isBehind(now: Temporal.Instant, seen: Temporal.Instant): boolean {
  return Temporal.Instant.compare(now.add({ seconds: TOLERANCE_SECONDS }), seen) < 0;
}

function shown(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' });
}
