import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../core/catalog/catalog.ts';
import type { CatalogSummary } from '../views/board.ts';
import type { Places } from './places.ts';
import { programVersion } from './program-version.ts';

/**
 * Name and policy of a catalog without reading all of it: kept beside the store with the text of the two files that they
 * come from (and the commit, where changes are kept apart), and made anew when those, or this program, are others. Null when the catalog cannot be read.
 */
export async function catalogHead(
  places: Places,
  catalog: () => Promise<Catalog | null>,
): Promise<CatalogSummary | null> {
  const key = await keyOf(places);
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

async function keyOf({ catalog, apart }: Places): Promise<string> {
  const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const main = [await text(join(apart, 'refs/heads/main')), await text(join(apart, 'packed-refs'))];
  const files = [await text(join(catalog, 'suture.yaml')), await text(join(catalog, 'policy.yaml'))];
  return JSON.stringify([programVersion, ...files, ...main]);
}
