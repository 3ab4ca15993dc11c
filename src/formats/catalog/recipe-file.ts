import type { z } from 'zod';
import type { Recipe, UpdateFilter } from '../../core/catalog/catalog.ts';
import type { Failure } from '../../core/failure.ts';
import { checkShape } from './check-shape.ts';
import { joinPatches, readPipeline, readTests } from './pipeline-steps.ts';
import { placeOf, problemAt } from './problem.ts';
import { recipeSchema } from './recipe-schema.ts';
import { architecturesFrom } from './schema-parts.ts';
import { type Names, packageNames, substitute } from './substitute.ts';
import { reopener, type YamlFile } from './yaml-file.ts';

type Shape = z.output<typeof recipeSchema>;

/** A recipe with the places that later checks point to. */
export interface ReadRecipe {
  readonly recipe: Recipe;
  readonly yaml: () => YamlFile;
  /** Path of each patch in the file, in the order of `recipe.patches`. */
  readonly patchPaths: readonly (readonly PropertyKey[])[];
}

export type RecipeReading =
  | ({ readonly kind: 'recipe' } & ReadRecipe)
  | { readonly kind: 'problems'; readonly problems: readonly Failure[] };

/** Reads `recipes/NAME.yaml` into the factory's own words. */
export function readRecipe(yaml: YamlFile): RecipeReading {
  const shaped = checkShape(yaml, recipeSchema);
  if (shaped.kind === 'problems') return shaped;
  const problems: Failure[] = [];
  const { value } = shaped;
  const recipeName = (yaml.file.split('/').at(-1) ?? yaml.file).replace(/\.yaml$/, '');
  const names = namesOf(value, yaml, problems);
  const put = (text: string, ...path: PropertyKey[]) => substitute(text, names, { yaml, path, problems });
  const context = { yaml, names, problems, folder: `recipes/${recipeName}` };

  const root = rootOf(value, yaml, problems);
  const pipeline = readPipeline(value.pipeline, context);
  const patches = joinPatches(pipeline.patchFiles, value.suture.patches, context);
  const recipe: Recipe = {
    name: value.package.name,
    recipe: recipeName,
    file: yaml.file,
    version: value.package.version,
    epoch: value.package.epoch,
    format: root === null ? 'apk' : 'deb',
    root,
    description: put(value.package.description, 'package', 'description'),
    license: value.package.copyright.map(({ license }) => license).join(' AND '),
    architectures: architecturesFrom(value.package['target-architecture']),
    upstream: {
      purl: value.suture.upstream ?? `pkg:generic/${value.package.name}`,
      stream: value.suture.stream,
      scheme: value.suture.scheme,
    },
    source: pipeline.source,
    patches: patches.map(({ patch }) => patch),
    steps: pipeline.steps,
    tests: readTests(value.test.pipeline, context),
    environment: Object.fromEntries(
      Object.entries(value.environment.environment).map(([key, text]) => [
        key,
        put(text, 'environment', 'environment', key),
      ]),
    ),
    dependencies: value.package.dependencies.runtime.map((text, i) =>
      put(text, 'package', 'dependencies', 'runtime', i),
    ),
    provides: value.package.dependencies.provides.map((text, i) => put(text, 'package', 'dependencies', 'provides', i)),
    replaces: value.package.dependencies.replaces.map((text, i) => put(text, 'package', 'dependencies', 'replaces', i)),
    update: updateFilter(value, pipeline.source.kind === 'git' ? pipeline.source.repository : null, yaml, problems),
  };
  if (problems.length > 0) return { kind: 'problems', problems };
  return { kind: 'recipe', recipe, yaml: reopener(yaml), patchPaths: patches.map(({ path }) => path) };
}

function rootOf({ environment }: Shape, yaml: YamlFile, problems: Failure[]): Recipe['root'] {
  const { repositories: suites, packages } = environment.contents;
  if (suites.length > 0 && packages.length > 0) return { suites, packages };
  if (suites.length === packages.length) return null;
  const missing = suites.length === 0 ? 'repositories' : 'packages';
  problems.push(
    problemAt(yaml, ['environment', 'contents'], {
      code: 'E0101',
      what: `\`contents\` has no \`${missing}\`: a build root is made of packages from suites of Debian`,
      hint: 'For example `repositories: ["debian:bookworm"]` and `packages: [gcc, make, libc6-dev]`.',
    }),
  );
  return null;
}

/** Variables may use what the package block says, not each other: a map has no order. */
function namesOf(value: Shape, yaml: YamlFile, problems: Failure[]): Names {
  const format = value.environment.contents.repositories.length > 0 ? 'deb' : 'apk';
  const fixed = packageNames({ ...value.package, format });
  const names = new Map(fixed);
  for (const [key, text] of Object.entries(value.vars)) {
    names.set(`vars.${key}`, substitute(text, fixed, { yaml, path: ['vars', key], problems }));
  }
  return names;
}

function updateFilter(value: Shape, repository: string | null, yaml: YamlFile, problems: Failure[]): UpdateFilter {
  const { update } = value;
  const source = update.github === undefined ? 'git' : 'github';
  const watched = update.debian === undefined ? {} : { versionPrefix: update.debian['version-filter-prefix'] };
  const stripPrefix = update[source]?.['strip-prefix'] ?? '';
  const tagPrefix = update[source]?.['tag-filter-prefix'] ?? '';
  if (!tagPrefix.startsWith(stripPrefix) && !stripPrefix.startsWith(tagPrefix)) {
    problems.push(
      problemAt(yaml, ['update', source, 'tag-filter-prefix'], {
        code: 'E0101',
        what: `no tag can start with both "${stripPrefix}" and "${tagPrefix}"`,
        hint: `\`tag-filter-prefix\` is held against the whole tag: "${stripPrefix}${tagPrefix}".`,
      }),
    );
  }
  const identifier = update.github?.identifier;
  if (identifier !== undefined && !(repository ?? '').replace(/\.git\/?$/, '').endsWith(`/${identifier}`)) {
    problems.push(
      problemAt(yaml, ['update', 'github', 'identifier'], {
        code: 'E0101',
        what: `releases of ${identifier} cannot be watched: this recipe checks out ${repository ?? 'nothing'}`,
        hint: 'Both must be the same repository.',
      }),
    );
  }
  return {
    enabled: update.enabled,
    stripPrefix,
    versionPrefix: tagPrefix.slice(stripPrefix.length),
    ...watched,
    ignore: update['ignore-regex-patterns'].map((pattern, i) => javascriptPattern(pattern, i, yaml, problems)),
  };
}

/** The dialect's patterns are RE2; the one difference met in practice is a leading `(?i)`. */
function javascriptPattern(pattern: string, index: number, yaml: YamlFile, problems: Failure[]): string {
  const translated = pattern.startsWith('(?i)') ? `(?i:${pattern.slice(4)})` : pattern;
  try {
    new RegExp(translated);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, '') : undefined;
    problems.push(
      problemAt(yaml, ['update', 'ignore-regex-patterns', index], {
        code: 'E0101',
        what: 'this is not a regular expression',
        ...(why === undefined ? {} : { why }),
      }),
    );
  }
  return translated;
}

/** `recipes/hello.yaml:3:9`, where the package is named. */
export function packagePlace(read: ReadRecipe): string {
  return placeOf(read.yaml(), ['package', 'name']);
}
