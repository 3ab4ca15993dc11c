import type { Catalog } from '../../core/catalog/catalog.ts';
import { Failure } from '../../core/failure.ts';
import { defaultPolicy, type Policy } from '../../core/promise/policy.ts';
import { type ReadExceptions, readExceptions } from './exceptions-file.ts';
import { crossCheck, type ReadLine } from './cross-check.ts';
import { type LineReading, readLine } from './line-file.ts';
import { readPolicy } from './policy-file.ts';
import { readRecipe, type ReadRecipe, type RecipeReading } from './recipe-file.ts';
import { readSuture, type SutureFile } from './suture-file.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

export type CatalogReading =
  | { readonly kind: 'catalog'; readonly catalog: Catalog }
  | { readonly kind: 'problems'; readonly problems: readonly Failure[] };

/** 3,400 recipes and 10,000 lines, and their patches. */
export const FILES_MAX = 20_000;

/** What was read from each file's text the last time; belongs to one catalog and is changed by each reading. */
export type CatalogMemory = Map<string, { readonly text: string; readonly reading: RecipeReading | LineReading }>;

/**
 * Reads a catalog from the texts of its files, by path relative to its folder: `suture.yaml`, `policy.yaml`,
 * `exceptions.yaml`, `recipes/*.yaml`, `lines/*.yaml`; of all other files (patches) only the path matters. `folder` is absolute: paths in
 * `suture.yaml` are taken from it. All problems are told together, in the order of files and lines.
 * With a `memory` that is passed again, recipes and lines whose text did not change are not parsed again.
 */
export function parseCatalog(
  files: ReadonlyMap<string, string>,
  folder: string,
  memory: CatalogMemory = new Map(),
): CatalogReading {
  const problems: Failure[] = [];
  // A commit may hold much else beside the catalog.
  if ([...files.keys()].filter(belongs).length > FILES_MAX) {
    return {
      kind: 'problems',
      problems: [new Failure('E0101', `a catalog has at most ${FILES_MAX} files`, { at: folder })],
    };
  }
  const suture = sutureOf(files, folder, problems);
  const policy = policyOf(files, problems);
  const exceptions = exceptionsOf(files, problems);
  const recipes: ReadRecipe[] = [];
  const lines: ReadLine[] = [];
  let recipesIncomplete = false;
  let linesIncomplete = false;
  for (const file of [...files.keys()].sort()) {
    const kind = kindOf(file);
    if (kind === 'other-ending') problems.push(otherEnding(file));
    if (kind === 'recipe') {
      const read = remembered(file, files, memory, readRecipe);
      if (read.kind === 'recipe') recipes.push(read);
      else problems.push(...read.problems);
      recipesIncomplete ||= read.kind === 'problems';
    }
    if (kind === 'line') {
      const read = remembered(file, files, memory, readLine);
      if (read.kind === 'line') lines.push(read);
      else problems.push(...read.problems);
      linesIncomplete ||= read.kind === 'problems';
    }
  }
  for (const file of memory.keys()) if (!files.has(file)) memory.delete(file);
  const has = (file: string) => files.has(file);
  problems.push(...crossCheck({ recipes, lines, exceptions, has, recipesIncomplete, linesIncomplete }));
  if (problems.length > 0 || suture === undefined || policy === undefined)
    return { kind: 'problems', problems: inOrder(problems) };
  return {
    kind: 'catalog',
    catalog: {
      ...suture,
      policy,
      exceptions: exceptions.exceptions,
      recipes: recipes.map(({ recipe }) => recipe),
      lines: lines.map(({ line }) => line),
    },
  };
}

/** A file's name says which reader it has, so what is remembered for it came from the same one. */
function remembered<T extends RecipeReading | LineReading>(
  file: string,
  files: ReadonlyMap<string, string>,
  memory: CatalogMemory,
  read: (yaml: YamlFile) => T,
): T {
  const text = files.get(file) ?? '';
  const known = memory.get(file);
  if (known?.text === text) return known.reading as T;
  const fresh = reading(file, files, read) as T;
  memory.set(file, { text, reading: fresh });
  return fresh;
}

function reading<T>(
  file: string,
  files: ReadonlyMap<string, string>,
  read: (yaml: YamlFile) => T,
): T | { readonly kind: 'problems'; readonly problems: readonly Failure[] } {
  const yaml = readYaml(file, files.get(file) ?? '');
  return yaml instanceof Failure ? { kind: 'problems', problems: [yaml] } : read(yaml);
}

function sutureOf(files: ReadonlyMap<string, string>, folder: string, problems: Failure[]): SutureFile | undefined {
  if (!files.has('suture.yaml')) {
    problems.push(
      new Failure('E0103', 'there is no suture.yaml here', { at: folder, hint: 'suture init writes one.' }),
    );
    return undefined;
  }
  const read = reading('suture.yaml', files, (yaml) => readSuture(yaml, folder));
  if (read.kind === 'shaped') return read.value;
  problems.push(...read.problems);
  return undefined;
}

function policyOf(files: ReadonlyMap<string, string>, problems: Failure[]): Policy | undefined {
  if (!files.has('policy.yaml')) return defaultPolicy;
  const read = reading('policy.yaml', files, readPolicy);
  if (read.kind === 'shaped') return read.value;
  problems.push(...read.problems);
  return undefined;
}

function exceptionsOf(files: ReadonlyMap<string, string>, problems: Failure[]): ReadExceptions {
  if (!files.has('exceptions.yaml')) return NO_EXCEPTIONS;
  const read = reading('exceptions.yaml', files, readExceptions);
  if (read.kind === 'shaped') return read.value;
  problems.push(...read.problems);
  return NO_EXCEPTIONS;
}

const NO_EXCEPTIONS: ReadExceptions = { exceptions: [], unknownLine: () => [] };

function belongs(file: string): boolean {
  return /^(recipes|lines|patches)\//.test(file);
}

function kindOf(file: string): 'recipe' | 'line' | 'other-ending' | 'other' {
  if (/^recipes\/[^/]+\.yaml$/.test(file)) return 'recipe';
  if (/^lines\/[^/]+\.yaml$/.test(file)) return 'line';
  return /^((recipes|lines)\/[^/]+|suture|policy|exceptions)\.yml$/.test(file) ? 'other-ending' : 'other';
}

/** Passed over in silence, such a file would look as if it were kept patched. */
function otherEnding(file: string): Failure {
  const right = file.replace(/yml$/, 'yaml');
  return new Failure('E0101', `${file} is not read: names end in .yaml`, { at: file, hint: `git mv ${file} ${right}` });
}

function inOrder(problems: readonly Failure[]): readonly Failure[] {
  return [...problems].sort((a, b) => {
    const [left, right] = [placeOf(a), placeOf(b)];
    if (left.file !== right.file) return left.file < right.file ? -1 : 1;
    return left.line - right.line || left.column - right.column;
  });
}

function placeOf({ detail: { at = '' } }: Failure): {
  readonly file: string;
  readonly line: number;
  readonly column: number;
} {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(at) ?? [];
  return { file: file ?? at, line: Number(line ?? 0), column: Number(column ?? 0) };
}
