import type { Catalog } from '../core/catalog/catalog.ts';
import type { Stock } from '../core/plan/stock.ts';
import type { SuiteArchive } from './suites.ts';
import type { WatchedImport } from './watch-groups.ts';

/**
 * The source packages whose binary packages this catalog's lines were ever made of, each for the distribution's release
 * that it came from, looked for in all suites of that release that a line names.
 */
export function watchedImports(
  { lines }: Catalog,
  { imported }: Pick<Stock, 'imported'>,
  { releaseOf }: Pick<SuiteArchive, 'releaseOf'>,
): readonly WatchedImport[] {
  const suites = [...new Set(lines.flatMap((line) => line.suites))];
  const bySource = Map.groupBy(imported.values(), ({ source, release }) => `${source.name} ${release}`);
  return [...bySource.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { source, release } = first;
    const binaries = [...new Set([first, ...others].map(({ name }) => name))].toSorted();
    const where = suites.filter((suite) => releaseOf(suite) === release);
    return where.length === 0 ? [] : [{ source: source.name, release, binaries, suites: where }];
  });
}
