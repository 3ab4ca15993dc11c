import type { Catalog } from '../core/catalog/catalog.ts';
import type { Stock } from '../core/plan/stock.ts';
import type { SuiteArchive } from './suites.ts';
import type { WatchedImport } from './watch-groups.ts';

/**
 * The source packages whose binary packages this catalog's lines were ever made of, each in every release of the
 * distribution that a line is based on, for two releases share many a package. Looked for in all suites of the release that
 * a line names.
 */
export function watchedImports(
  { lines }: Catalog,
  { imported }: Pick<Stock, 'imported'>,
  { releaseOf }: Pick<SuiteArchive, 'releaseOf'>,
): readonly WatchedImport[] {
  const suites = [...new Set(lines.flatMap((line) => line.suites))];
  const byRelease = Map.groupBy(suites, releaseOf);
  const bySource = Map.groupBy(imported.values(), ({ source }) => source.name);
  return [...bySource].flatMap(([source, packages]) => {
    const binaries = [...new Set(packages.map(({ name }) => name))].toSorted();
    return [...byRelease].flatMap(([release, where]) =>
      release === undefined ? [] : [{ source, release, binaries, suites: where }],
    );
  });
}
