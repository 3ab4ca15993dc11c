import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface OlderThan {
  readonly named: RegExp;
  readonly days: number;
  readonly now: Temporal.Instant;
}

/**
 * Removes what lies in a folder under such a name, is ours, and was not touched for so many days. Returns the names; a
 * folder that is not there, or an entry that somebody else removes meanwhile, is nothing to tell.
 */
export async function removeOlder(folder: string, { named, days, now }: OlderThan): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const before = now.epochMilliseconds - days * 86_400_000;
  const removed: string[] = [];
  for (const name of names.filter((each) => named.test(each))) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined || found.mtimeMs >= before || found.uid !== process.getuid?.()) continue;
    const isGone = await rm(path, { recursive: true, force: true }).then(
      () => true,
      () => false,
    );
    if (isGone) removed.push(name);
  }
  return removed;
}
