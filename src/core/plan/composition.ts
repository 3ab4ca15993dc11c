import { digestOf } from '../digest.ts';
import type { Architecture, PackageBuilt } from '../fact.ts';
import type { Catalog, Line, LinePackage, Recipe } from '../catalog/catalog.ts';
import { compareVersions } from '../version/compare.ts';
import type { Composition } from './step.ts';
import type { Stock } from './stock.ts';

export type DesiredComposition =
  | { readonly kind: 'ready'; readonly composition: Composition; readonly heldBack: readonly HeldBack[] }
  | { readonly kind: 'missing'; readonly missing: readonly string[] };

/** A package that a line keeps below what its recipe could give. */
export interface HeldBack {
  readonly wanted: LinePackage;
  readonly version: string;
  readonly available: string;
  readonly recipe: string;
}

/** What a line is to be made of: for each package and architecture the newest merged build that its bound allows. */
export function desiredComposition(line: Line, shelf: PackageShelf): DesiredComposition {
  const packages: PackageBuilt[] = [];
  const missing: string[] = [];
  const heldBack: HeldBack[] = [];
  for (const wanted of line.packages) {
    for (const architecture of line.architectures) {
      const built = shelf.packages(wanted.name, architecture);
      const allowed = built.find((candidate) => isAllowed(wanted, candidate.version));
      if (allowed === undefined) {
        missing.push(`${wanted.name}${boundText(wanted)} for ${architecture}`);
        continue;
      }
      packages.push(allowed);
      const newest = built[0];
      if (newest !== undefined && newest !== allowed && architecture === line.architectures[0]) {
        heldBack.push({ wanted, version: allowed.version, available: newest.version, recipe: newest.recipe });
      }
    }
  }
  if (missing.length > 0) return { kind: 'missing', missing };
  return { kind: 'ready', composition: { digest: compositionDigest(line, packages), packages }, heldBack };
}

/** Merged builds by name and architecture, newest first. */
export interface PackageShelf {
  packages(name: string, architecture: Architecture): readonly PackageBuilt[];
}

const NONE: readonly PackageBuilt[] = [];

/**
 * Only builds of a version that the catalog's main branch has reached: a proposal's packages wait for the merge. Lists
 * that are the same as on the shelf `before` are the same objects, so that a line sees whether anything of it changed.
 */
export function packageShelf(catalog: Catalog, stock: Stock, before?: PackageShelf): PackageShelf {
  const recipes = new Map<string, Recipe>(catalog.recipes.map((recipe) => [recipe.recipe, recipe]));
  const shelf = new Map<string, PackageBuilt[]>();
  for (const built of stock.packages.values()) {
    const recipe = recipes.get(built.recipe);
    if (recipe === undefined || compareVersions('apk', built.version, fullVersion(recipe)) > 0) continue;
    const key = `${built.name}/${built.architecture}`;
    const entries = shelf.get(key);
    if (entries === undefined) shelf.set(key, [built]);
    else entries.push(built);
  }
  const lists = new Map<string, readonly PackageBuilt[]>();
  for (const [key, entries] of shelf) {
    // Of two builds of one version the later one stands first: a rebuild replaces what it rebuilt.
    entries.reverse().sort((a, b) => compareVersions('apk', b.version, a.version));
    const known = entries[0] && before?.packages(entries[0].name, entries[0].architecture);
    lists.set(key, known !== undefined && isSameList(known, entries) ? known : entries);
  }
  return { packages: (name, architecture) => lists.get(`${name}/${architecture}`) ?? NONE };
}

/** The lists that a line's composition rests on, besides the line itself. */
export function listsFor(line: Line, shelf: PackageShelf): readonly (readonly PackageBuilt[])[] {
  const lists: (readonly PackageBuilt[])[] = [];
  for (const { name } of line.packages)
    for (const architecture of line.architectures) lists.push(shelf.packages(name, architecture));
  return lists;
}

/** The same things in the same order. */
export function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

/** `1.0.1-r0`. */
export function fullVersion(recipe: Recipe): string {
  return `${recipe.version}-r${recipe.epoch}`;
}

/** Whether a line's bound lets a package version in; a bound without revision speaks of the upstream version alone. */
export function isAllowed(wanted: LinePackage, version: string): boolean {
  if (wanted.bound === null) return true;
  const bound = wanted.bound.version;
  const subject = /-r\d+$/.test(bound) ? version : version.replace(/-r\d+$/, '');
  const order = compareVersions('apk', subject, bound);
  switch (wanted.bound.operator) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '~':
      return subject === bound || subject.startsWith(`${bound}.`);
  }
}

export function boundText(wanted: LinePackage): string {
  return wanted.bound === null ? '' : `${wanted.bound.operator}${wanted.bound.version}`;
}

function compositionDigest(line: Line, packages: readonly PackageBuilt[]): Composition['digest'] {
  return digestOf(
    JSON.stringify([
      line.line,
      line.architectures,
      line.entrypoint,
      line.cmd,
      line.environment,
      line.workDir,
      line.user,
      line.annotations,
      packages.map((built) => built.digest).join(' '),
    ]),
  );
}
