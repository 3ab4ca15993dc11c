import { Failure } from '../core/failure.ts';
import { type CatalogReading, parseCatalog } from '../formats/catalog/parse-catalog.ts';
import { loadCatalog } from '../io/catalog/load-catalog.ts';
import { catalogRepository } from '../io/git/catalog-repository.ts';
import { changesAt } from './changes-at.ts';
import type { Places } from './places.ts';

/**
 * The catalog by which the factory works, for whoever only reads: the files in the folder; where changes are kept apart,
 * main of that repository, so that what Suture raised is seen. Before the first run that is the folder as well.
 */
export async function catalogInForce(places: Places): Promise<CatalogReading> {
  const files = await filesApart(places).catch((error: unknown) => {
    if (error instanceof Failure) return undefined;
    throw error;
  });
  if (files === undefined) return loadCatalog(places.catalog);
  const decoder = new TextDecoder();
  const texts = new Map([...files].map(([path, bytes]) => [path, decoder.decode(bytes)]));
  return parseCatalog(texts, places.catalog);
}

async function filesApart(places: Places): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  if ((await changesAt(places)) === 'here') return undefined;
  return catalogRepository({ folder: places.apart, bare: true }).filesAt('refs/heads/main');
}
