import { readFile } from 'node:fs/promises';
import type { ClockDeps } from '../factory/deps.ts';
import { machineClock } from '../io/clock.ts';
import type { Places } from './places.ts';

/** Whose time it is: the machine's, or that of a made-up world, which says so on every page. */
export interface WorldTime {
  readonly clock: ClockDeps;
  readonly notice: string | null;
}

/** A made-up world leaves a note beside its ledger, so that every later command tells its time and says its notice. */
export async function worldTime(places: Places): Promise<WorldTime> {
  const text = await readFile(places.world, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { clock: machineClock, notice: null };
  // Our own note, written whole by a rename.
  const note = JSON.parse(text) as { readonly now: string; readonly notice: string };
  const now = Temporal.Instant.from(note.now);
  return { clock: { now: () => now }, notice: note.notice };
}

export async function noteWorldTime(
  places: Places,
  note: { readonly now: Temporal.Instant; readonly notice: string },
): Promise<void> {
  const { writeFileDurably } = await import('../io/files/write-file-durably.ts');
  await writeFileDurably(places.world, JSON.stringify(note));
}
