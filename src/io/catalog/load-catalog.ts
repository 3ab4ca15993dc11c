import { resolve } from 'node:path';
import type { Catalog } from '../../core/catalog/catalog.ts';
import { Failure } from '../../core/failure.ts';
import { parseCatalog } from '../../formats/catalog/parse-catalog.ts';
import { catalogFolder } from './catalog-folder.ts';
import { readCatalogFiles } from './read-files.ts';

export type LoadedCatalog =
  | {
      readonly kind: 'catalog';
      readonly catalog: Catalog /** Absolute: where suture.yaml lies. */;
      readonly folder: string;
    }
  | { readonly kind: 'problems'; readonly problems: readonly Failure[]; readonly folder: string };

/**
 * Loads the catalog that a folder belongs to: `suture.yaml` is looked for here and then upward, as far as the top of
 * the git repository. What is wrong with it comes back as problems (E0101 to E0103); a disk that fails throws.
 */
export async function loadCatalog(from: string): Promise<LoadedCatalog> {
  const folder = await catalogFolder(from);
  if (folder === undefined) {
    const failure = new Failure('E0103', `there is no suture.yaml in ${resolve(from)} or above it`, {
      at: resolve(from),
      hint: 'suture init',
    });
    return { kind: 'problems', problems: [failure], folder: resolve(from) };
  }
  const { files, problems } = await readCatalogFiles(folder);
  const reading = parseCatalog(files, folder);
  if (reading.kind === 'catalog' && problems.length === 0) return { ...reading, folder };
  const found = reading.kind === 'problems' ? reading.problems : [];
  // A file that could not be read is missing everywhere else: only its own problem is worth telling.
  const own = problems.length === 0 ? found : found.filter(({ code }) => code === 'E0101');
  return { kind: 'problems', problems: [...problems, ...own], folder };
}
