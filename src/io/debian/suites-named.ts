import type { Catalog } from '../../core/catalog/catalog.ts';
import type { Architecture } from '../../core/fact.ts';

/** Every suite that a catalog names, for lines, build roots and sources, and the architectures that it wants them for. */
export function suitesNamed({ lines, recipes }: Pick<Catalog, 'lines' | 'recipes'>): {
  readonly suites: readonly string[];
  readonly architectures: readonly Architecture[];
} {
  const based = lines.filter(({ format }) => format === 'deb');
  const built = recipes.filter(({ root, source }) => root !== null || source.kind === 'debian');
  const suites = [
    ...based.flatMap((line) => line.suites),
    ...built.flatMap(({ root, source }) => [
      ...(root?.suites ?? []),
      ...(source.kind === 'debian' ? source.suites : []),
    ]),
  ];
  const architectures = [...based, ...built].flatMap((each) => each.architectures);
  return { suites: [...new Set(suites)], architectures: [...new Set(architectures)].toSorted() };
}
