import type { z } from 'zod';
import type { RecipePatch, RecipeSource, RecipeStep } from '../../core/catalog/catalog.ts';
import type { Failure } from '../../core/failure.ts';
import { didYouMean } from './did-you-mean.ts';
import { problemAt, type Trouble } from './problem.ts';
import type { recipeSchema } from './recipe-schema.ts';
import { type Names, substitute } from './substitute.ts';
import type { YamlFile } from './yaml-file.ts';

type Shape = z.output<typeof recipeSchema>;
type Step = Shape['pipeline'][number];

export interface PipelineReading {
  readonly source: RecipeSource;
  /** Files of `uses: patch`, relative to the catalog. */
  readonly patchFiles: readonly { readonly file: string; readonly path: readonly PropertyKey[] }[];
  readonly steps: readonly RecipeStep[];
}

interface Context {
  readonly yaml: YamlFile;
  readonly names: Names;
  readonly problems: Failure[];
  /** Folder of this recipe's own files: `recipes/hello`. */
  readonly folder: string;
}

/**
 * Reads a pipeline the way builds happen here: one checkout or fetch, then patches, then steps of shell. Another order, a second
 * checkout or another ready-made step is a problem, never passed over.
 */
export function readPipeline(pipeline: readonly Step[], context: Context): PipelineReading {
  let source: RecipeSource = { kind: 'none' };
  const patchFiles: { file: string; path: readonly PropertyKey[] }[] = [];
  const steps: RecipeStep[] = [];
  for (const [index, step] of pipeline.entries()) {
    const path = ['pipeline', index];
    if (step.uses === undefined) {
      steps.push(shellStep(step, index, path, context));
    } else if (step.uses === 'git-checkout' || step.uses === 'fetch') {
      const what = step.uses === 'fetch' ? 'fetch' : 'checkout';
      if (source.kind !== 'none') report(context, [...path, 'uses'], `a second ${what} is not supported yet`);
      else if (steps.length > 0 || patchFiles.length > 0) {
        report(
          context,
          [...path, 'uses'],
          `the ${what} must be the first step`,
          'Sources are fetched before the build goes offline.',
        );
      }
      source = step.uses === 'fetch' ? debianSource(step, path, context) : checkout(step, path, context);
    } else if (step.uses === 'patch') {
      if (steps.length > 0) {
        report(
          context,
          [...path, 'uses'],
          'patches must come before the first `runs`',
          'They are applied to the sources as fetched.',
        );
      }
      patchFiles.push(...patches(step, path, context));
    } else {
      reportUses(step.uses, [...path, 'uses'], context);
    }
  }
  return { source, patchFiles, steps };
}

/** Test steps are shell only. */
export function readTests(pipeline: readonly Step[], context: Context): readonly RecipeStep[] {
  return pipeline.flatMap((step, index) => {
    const path = ['test', 'pipeline', index];
    if (step.uses === undefined) return [shellStep(step, index, path, context)];
    reportUses(step.uses, [...path, 'uses'], context);
    return [];
  });
}

/** Joins the patches of the pipeline with what our own block says about them. */
export function joinPatches(
  patchFiles: PipelineReading['patchFiles'],
  declared: readonly RecipePatch[],
  context: Pick<Context, 'yaml' | 'problems'>,
): readonly { readonly patch: RecipePatch; readonly path: readonly PropertyKey[] }[] {
  const joined = new Map<string, { patch: RecipePatch; path: readonly PropertyKey[] }>();
  for (const { file, path } of patchFiles) {
    if (joined.has(file)) reportTwice(context, path, file);
    joined.set(file, { patch: { file, fixes: [] }, path });
  }
  const seen = new Set<string>();
  for (const [index, patch] of declared.entries()) {
    const path = ['suture', 'patches', index, 'file'];
    if (seen.has(patch.file)) reportTwice(context, path, patch.file);
    seen.add(patch.file);
    joined.set(patch.file, { patch, path });
  }
  return [...joined.values()];
}

function reportTwice(context: Pick<Context, 'yaml' | 'problems'>, path: readonly PropertyKey[], file: string): void {
  context.problems.push(problemAt(context.yaml, path, { code: 'E0101', what: `the patch ${file} is listed twice` }));
}

function shellStep(step: Step, index: number, path: readonly PropertyKey[], context: Context): RecipeStep {
  const runs = put(step.runs ?? '', [...path, 'runs'], context);
  const name = step.name ?? `step ${index + 1}`;
  if (step['working-directory'] === undefined) return { name, runs };
  const folder = put(step['working-directory'], [...path, 'working-directory'], context);
  if (!isBelow(folder)) {
    report(context, [...path, 'working-directory'], '`working-directory` must be a folder below the sources');
  }
  const quoted = `'${folder.replaceAll("'", String.raw`'\''`)}'`;
  return { name, runs: `mkdir -p ${quoted} && cd ${quoted}\n${runs}` };
}

function checkout(step: Step, path: readonly PropertyKey[], context: Context): RecipeSource {
  const settings = readWith(
    step,
    path,
    context,
    ['repository', 'tag', 'expected-commit', 'destination'],
    [
      'branch',
      'depth',
      'recurse-submodules',
      'shallow-submodules',
      'submodule-jobs',
      'cherry-picks',
      'sparse-paths',
      'expected-commit-is-branch-tip',
      'max-retries',
      'initial-backoff',
      'max-backoff',
      'type-hint',
      'reason',
    ],
  );
  const { repository, tag, destination } = settings;
  const expectedCommit = settings['expected-commit'];
  const at = (key: string) => [...path, 'with', key];
  if (repository === undefined) report(context, at('repository'), '`repository` is missing for git-checkout');
  else if (!/^(https|file):\/\/[^\s\0]+$/.test(repository)) {
    report(
      context,
      at('repository'),
      '`repository` is not an address that sources are fetched from',
      'It begins with https:// or file://.',
    );
  }
  if (tag === undefined)
    report(context, at('tag'), '`tag` is missing for git-checkout', 'For example `tag: v${{package.version}}`.');
  else if (!/^[A-Za-z0-9][A-Za-z0-9._/+-]*$/.test(tag) || tag.includes('..'))
    report(context, at('tag'), '`tag` is not the name of a tag');
  if (expectedCommit !== undefined && !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(expectedCommit)) {
    report(context, at('expected-commit'), '`expected-commit` must be 40 or 64 lower-case hex digits');
  }
  if (destination !== undefined && destination !== '.' && destination !== './') {
    report(context, at('destination'), '`destination` other than . is not supported yet');
  }
  return { kind: 'git', repository: repository ?? '', tag: tag ?? '', expectedCommit: expectedCommit ?? null };
}

const DEBIAN_SOURCE = /^debian:([a-z0-9][a-z0-9+.-]+)$/;

/** Upstream's archive out of a source package of Debian, in the suites named, the recipe's own version. */
function debianSource(step: Step, path: readonly PropertyKey[], context: Context): RecipeSource {
  const settings = readWith(
    step,
    path,
    context,
    ['uri', 'suites', 'expected-sha256'],
    ['expected-sha512', 'strip-components', 'extract', 'delete', 'timeout', 'dns-timeout', 'retry-limit', 'directory'],
  );
  const at = (key: string) => [...path, 'with', key];
  const source = DEBIAN_SOURCE.exec(settings['uri'] ?? '')?.[1];
  if (source === undefined) {
    report(
      context,
      at('uri'),
      '`uri` of fetch is not a source package of Debian',
      'For example `uri: debian:expat`; other addresses are not supported yet.',
    );
  }
  const suites = (settings['suites'] ?? '').split(/[\s,]+/).filter((suite) => suite !== '');
  if (suites.length === 0 || !suites.every((suite) => /^[a-z][a-z0-9-]{0,63}$/.test(suite))) {
    report(
      context,
      at('suites'),
      '`suites` of fetch are not suites of Debian',
      'For example `suites: bookworm trixie`.',
    );
  }
  const sha256 = settings['expected-sha256'];
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256))
    report(context, at('expected-sha256'), '`expected-sha256` must be 64 lower-case hex digits');
  const version = context.names.get('package.version') ?? '';
  return { kind: 'debian', source: source ?? '', version, suites, expectedSha256: sha256 ?? null };
}

function patches(step: Step, path: readonly PropertyKey[], context: Context): PipelineReading['patchFiles'] {
  const settings = readWith(step, path, context, ['patches', 'strip-components'], ['series', 'fuzz']);
  const at = [...path, 'with', 'patches'];
  if (settings['strip-components'] !== undefined && settings['strip-components'] !== '1') {
    report(context, [...path, 'with', 'strip-components'], '`strip-components` other than 1 is not supported yet');
  }
  const files = (settings['patches'] ?? '').split(/\s+/).filter((file) => file !== '');
  if (files.length === 0)
    report(context, at, '`patches` is missing for patch', 'For example `patches: CVE-2099-0001.patch`.');
  return files.map((file) => {
    if (!isBelow(file)) report(context, at, `${file} must lie below ${context.folder}/`);
    return { file: `${context.folder}/${file.replace(/^\.\//, '')}`, path: at };
  });
}

function readWith(
  step: Step,
  path: readonly PropertyKey[],
  context: Context,
  known: readonly string[],
  later: readonly string[],
): Readonly<Record<string, string | undefined>> {
  const entries = Object.entries(step.with ?? {}).map(([key, value]) => {
    const at = [...path, 'with', key];
    const setting = `\`${key}\` of ${step.uses ?? 'this step'}`;
    if (later.includes(key)) {
      add(context, at, { code: 'E0101', what: `${setting} is not supported yet`, on: 'key' });
    } else if (!known.includes(key)) {
      const near = didYouMean(key, known);
      const hint = near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean \`${near}\`?`;
      add(context, at, { code: 'E0101', what: `unknown setting ${setting}`, hint, on: 'key' });
    }
    return [key, put(value, at, context)];
  });
  return Object.fromEntries(entries) as Record<string, string | undefined>;
}

/** Ready-made steps of the dialect: told apart from misspelt ones. */
const laterSteps = new Set(
  `strip autoconf/configure autoconf/make autoconf/make-install cmake/configure cmake/build cmake/install
  meson/configure meson/compile meson/install go/build go/build/v2 go/install go/bump cargo/build npm/install maven/pombump
  python/build python/install python/import py/pip-build-install perl/make perl/cleanup ruby/build ruby/install ruby/clean
  R/build split/dev split/manpages split/alldocs split/static split/infodir split/lib split/locales split/debug split/bin
  git-am bump sed test/tw/ldd-check test/tw/help-check test/tw/ver-check test/pkgconf test/docs test/no-docs test/metapackage`.split(
    /\s+/,
  ),
);

function reportUses(uses: string, path: readonly PropertyKey[], context: Context): void {
  if (laterSteps.has(uses)) {
    add(context, path, {
      code: 'E0101',
      what: `the ready-made step ${uses} is not supported yet`,
      hint: 'Write its commands as `runs`.',
    });
    return;
  }
  const near = didYouMean(uses, ['git-checkout', 'fetch', 'patch', ...laterSteps]);
  const hint = near === undefined ? 'Ready-made here: git-checkout, fetch, patch.' : `Did you mean \`${near}\`?`;
  add(context, path, { code: 'E0101', what: `there is no ready-made step ${uses}`, hint });
}

function put(text: string, path: readonly PropertyKey[], { yaml, names, problems }: Context): string {
  return substitute(text, names, { yaml, path, problems });
}

function isBelow(path: string): boolean {
  return !path.startsWith('/') && !path.split('/').includes('..') && !/[\0\n]/.test(path);
}

function report(context: Context, path: readonly PropertyKey[], what: string, hint?: string): void {
  add(context, path, { code: 'E0101', what, hint });
}

function add(context: Context, path: readonly PropertyKey[], trouble: Trouble): void {
  context.problems.push(problemAt(context.yaml, path, trouble));
}
