import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../core/catalog/catalog.ts';
import type { CatalogSummary } from '../views/board.ts';
import type { Places } from './places.ts';
import { programVersion } from './program-version.ts';

/**
 * Name and policy of a catalog without reading all of it: kept beside the store with the text of the two files that they
 * come from, and made anew when those, or this program, are others. Null when the catalog cannot be read.
 */
export async function catalogHead(
  places: Places,
  catalog: () => Promise<Catalog | null>,
): Promise<CatalogSummary | null> {
  const key = await keyOf(places.catalog);
  const path = join(places.cache, 'catalog-head.json');
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined) {
    // Our own file, written whole by a rename; under another key it says nothing.
    const head = JSON.parse(kept) as { readonly key: string; readonly summary: CatalogSummary };
    if (head.key === key) return head.summary;
  }
  const loaded = await catalog();
  if (loaded === null) return null;
  const summary: CatalogSummary = { name: loaded.name, policy: loaded.policy };
  const { writeFileDurably } = await import('../io/files/write-file-durably.ts');
  await writeFileDurably(path, JSON.stringify({ key, summary })).catch(() => undefined);
  return summary;
}

async function keyOf(folder: string): Promise<string> {
  const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8').catch(() => '');
  return JSON.stringify([programVersion, await text('suture.yaml'), await text('policy.yaml')]);
}
