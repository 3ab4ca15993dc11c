import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../core/catalog/catalog.ts';
import { Failure } from '../core/failure.ts';
import { changesOf } from '../formats/catalog/suture-file.ts';
import type { Places } from './places.ts';

/**
 * Where a catalog's changes go, by its `suture.yaml` as it lies in the folder. With a file that does not say it clearly,
 * they go on going where they went; and where none went apart yet, it is E0101: nobody's repository is written to on a guess.
 */
export async function changesAt({ catalog, apart }: Places): Promise<Catalog['changes']> {
  const text = await readFile(join(catalog, 'suture.yaml'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const changes = changesOf(text);
  if (!(changes instanceof Failure)) return changes;
  if (await exists(join(apart, 'HEAD'))) return 'apart';
  throw changes;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
