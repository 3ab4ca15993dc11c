import { Failure } from '../core/failure.ts';
import { uncommittedIn } from '../io/git/uncommitted.ts';
import { changesAt } from './changes-at.ts';
import type { Places } from './places.ts';

/** Files of a catalog whose changes do not count yet: the factory works by what is committed. None where changes are kept apart. */
export async function notCounted(places: Places): Promise<readonly string[]> {
  const changes = await changesAt(places).catch((error: unknown) => {
    // What is wrong with the file is told by whoever reads it.
    if (error instanceof Failure) return 'apart';
    throw error;
  });
  return changes === 'here' ? await uncommittedIn(places.catalog) : [];
}
