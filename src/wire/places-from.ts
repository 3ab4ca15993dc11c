import { Failure } from '../core/failure.ts';
import { catalogFolder } from '../io/catalog/catalog-folder.ts';
import { type Places, placesOf } from './places.ts';

/** The places of the catalog that a folder belongs to; E0103 when there is none. Reads nothing of it. */
export async function placesFrom(cwd: string): Promise<Places> {
  const folder = await catalogFolder(cwd);
  if (folder !== undefined) return placesOf(folder);
  throw new Failure('E0103', `there is no suture.yaml in ${cwd} or above it`, { at: cwd, hint: 'suture init' });
}
