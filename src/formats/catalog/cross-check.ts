import type { Line } from '../../core/catalog/catalog.ts';
import type { Failure } from '../../core/failure.ts';
import { didYouMean } from './did-you-mean.ts';
import type { ReadExceptions } from './exceptions-file.ts';
import { parseWanted } from './package-wanted.ts';
import { placeOf, problemAt } from './problem.ts';
import { packagePlace, type ReadRecipe } from './recipe-file.ts';
import type { YamlFile } from './yaml-file.ts';

export interface ReadLine {
  readonly line: Line;
  readonly yaml: () => YamlFile;
}

interface Catalogued {
  readonly recipes: readonly ReadRecipe[];
  readonly lines: readonly ReadLine[];
  readonly exceptions: ReadExceptions;
  /** Every file of the catalog, patches included. */
  readonly has: (file: string) => boolean;
  /** Some recipes could not be read: what they make is not known, so nothing is called missing for lack of them. */
  readonly recipesIncomplete: boolean;
  /** The same of lines. */
  readonly linesIncomplete: boolean;
}

interface Indexed extends Catalogued {
  /** Recipes by the name of the package that they make. */
  readonly makers: ReadonlyMap<string, readonly ReadRecipe[]>;
}

/** What each file says for itself is right; this finds what does not fit together. */
export function crossCheck(read: Catalogued): readonly Failure[] {
  const all = { ...read, makers: Map.groupBy(read.recipes, ({ recipe }) => recipe.name) };
  return [
    ...all.recipes.flatMap((read) => absentPatches(read, all)),
    ...twice(all.recipes, streamKey, sameStream),
    ...twice(all.lines, ({ line }) => line.line, sameTag),
    ...(all.linesIncomplete ? [] : all.exceptions.unknownLine(all.lines.map(({ line }) => line.line))),
    ...(all.recipesIncomplete
      ? []
      : [...all.recipes.flatMap((r) => dependencies(r, all)), ...all.lines.flatMap((l) => packages(l, all))]),
  ];
}

function absentPatches({ recipe, yaml, patchPaths }: ReadRecipe, { has }: Catalogued): readonly Failure[] {
  return recipe.patches.flatMap(({ file }, index) =>
    has(file)
      ? []
      : [
          problemAt(yaml(), patchPaths[index] ?? [], {
            code: 'E0102',
            what: `the patch ${file} does not exist`,
            find: file.split('/').at(-1) ?? file,
          }),
        ],
  );
}

function streamKey({ recipe }: ReadRecipe): string {
  return `${recipe.name} ${recipe.upstream.stream}`;
}

function sameStream(first: ReadRecipe, second: ReadRecipe): Failure {
  return problemAt(second.yaml(), ['package', 'name'], {
    code: 'E0102',
    what: `${second.recipe.name} is made twice for the stream ${second.recipe.upstream.stream}`,
    why: `${packagePlace(first)} makes it already`,
    hint: 'Two recipes of one package differ in `suture.stream`.',
  });
}

function sameTag(first: ReadLine, second: ReadLine): Failure {
  return problemAt(second.yaml(), ['suture', 'line'], {
    code: 'E0102',
    what: `two lines publish ${second.line.line}`,
    why: `${placeOf(first.yaml(), ['suture', 'line'])} publishes it already`,
  });
}

function twice<T>(
  items: readonly T[],
  key: (item: T) => string,
  say: (first: T, second: T) => Failure,
): readonly Failure[] {
  const seen = new Map<string, T>();
  return items.flatMap((item) => {
    const first = seen.get(key(item));
    if (first !== undefined) return [say(first, item)];
    seen.set(key(item), item);
    return [];
  });
}

/** Names such as `so:libc.so.6` are provided by what packages contain; only plain names can be held against recipes. */
function dependencies({ recipe, yaml }: ReadRecipe, all: Indexed): readonly Failure[] {
  return recipe.dependencies.flatMap((text, index) => {
    const path = ['package', 'dependencies', 'runtime', index];
    const wanted = parseWanted(text);
    if (wanted.kind === 'not-understood')
      return [problemAt(yaml(), path, { code: 'E0101', what: wanted.what, hint: wanted.hint })];
    // A deb may need what its suites have; whether they do is known when they are read.
    return wanted.name.includes(':') || recipe.format === 'deb' ? [] : notMade(wanted.name, yaml, path, all);
  });
}

function packages({ line, yaml }: ReadLine, all: Indexed): readonly Failure[] {
  return line.packages.flatMap(({ name }, index) => {
    const path = ['contents', 'packages', index];
    const made = all.makers.get(name) ?? [];
    const makers = made.filter(({ recipe }) => recipe.format === line.format);
    if (made.length > makers.length && makers.length === 0) return [otherFormat(name, line, yaml, path)];
    if (makers.length === 0) return line.format === 'deb' ? [] : notMade(name, yaml, path, all);
    return line.architectures.flatMap((architecture) =>
      makers.some(({ recipe }) => recipe.architectures.includes(architecture))
        ? []
        : [
            problemAt(yaml(), path, {
              code: 'E0102',
              what: `no recipe makes ${name} for ${architecture}, which this line publishes`,
            }),
          ],
    );
  });
}

function otherFormat(name: string, line: Line, yaml: () => YamlFile, path: readonly PropertyKey[]): Failure {
  const based = line.format === 'deb' ? 'is based on Debian' : 'is not based on Debian';
  return problemAt(yaml(), path, {
    code: 'E0102',
    what: `the recipe of ${name} makes another kind of package: this line ${based}`,
    hint: 'A recipe makes a deb when its `environment.contents.repositories` names a suite, and a line holds one kind.',
  });
}

function notMade(
  name: string,
  yaml: () => YamlFile,
  path: readonly PropertyKey[],
  { makers }: Indexed,
): readonly Failure[] {
  if (makers.has(name)) return [];
  const near = didYouMean(name, [...makers.keys()]);
  const hint = near === undefined ? `Add recipes/${name}.yaml.` : `Did you mean ${near}?`;
  return [problemAt(yaml(), path, { code: 'E0102', what: `no recipe makes ${name}`, hint })];
}
