import type { Catalog } from '../../core/catalog/catalog.ts';
import type { Architecture } from '../../core/fact.ts';

/** The suites that a catalog names, and what it wants of them. */
export interface NamedSuites {
  readonly suites: readonly string[];
  /** Those that lines or build roots take packages from, and those that sources are fetched from. */
  readonly packagesFrom: ReadonlySet<string>;
  readonly sourcesFrom: ReadonlySet<string>;
  readonly architectures: readonly Architecture[];
}

export function suitesNamed({ lines, recipes }: Pick<Catalog, 'lines' | 'recipes'>): NamedSuites {
  const based = lines.filter(({ format }) => format === 'deb');
  const built = recipes.filter(({ root, source }) => root !== null || source.kind === 'debian');
  const packagesFrom = new Set([
    ...based.flatMap((line) => line.suites),
    ...built.flatMap(({ root }) => root?.suites ?? []),
  ]);
  const sourcesFrom = new Set(built.flatMap(({ source }) => (source.kind === 'debian' ? source.suites : [])));
  const architectures = new Set([...based, ...built].flatMap((each) => each.architectures));
  return {
    suites: [...packagesFrom.union(sourcesFrom)],
    packagesFrom,
    sourcesFrom,
    architectures: [...architectures].toSorted(),
  };
}
