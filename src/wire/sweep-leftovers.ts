import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeOlder } from '../io/files/remove-older.ts';
import type { Places } from './places.ts';

/** No build may take as long; after it a scratch folder belongs to a process that was killed. */
const SCRATCH_DAYS = 7;
/** A root is made again from packages in seconds; its time is when it was used last. */
const ROOT_DAYS = 60;

/** Removes what killed processes left, and build roots that nobody has used for long. Losing them costs nothing but time. */
export async function sweepLeftovers({ cache }: Pick<Places, 'cache'>, now: Temporal.Instant): Promise<void> {
  const spaces = await readdir(join(cache, 'apt')).catch(() => []);
  const scratch: readonly (readonly [folder: string, named: RegExp])[] = [
    [tmpdir(), /^suture-(build|image|probe|sandbox|deb|source|merge|index)-[A-Za-z0-9]{6}$/],
    [cache, /^(\.unpacking-|fetching-)/],
    [join(cache, 'roots'), /^\.[0-9a-f]+-/],
    ...spaces.map((space) => [join(cache, 'apt', space, 'partial'), /^(files|mirrors)-/] as const),
  ];
  for (const [folder, named] of scratch) await removeOlder(folder, { named, days: SCRATCH_DAYS, now });
  await removeOlder(join(cache, 'roots'), { named: /^[0-9a-f]{24}$/, days: ROOT_DAYS, now });
}
