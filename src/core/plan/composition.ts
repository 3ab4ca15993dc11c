import { digestOf } from '../digest.ts';
import type { Architecture, PackageBuilt } from '../fact.ts';
import type { Catalog, Line, LinePackage, Recipe } from '../catalog/catalog.ts';
import { compareVersions } from '../version/compare.ts';
import { satisfiesBound } from '../version/satisfies-bound.ts';
import type { Composition } from './step.ts';
import { stepKey } from './step-key.ts';
import type { Stock } from './stock.ts';

export type DesiredComposition =
  | { readonly kind: 'ready'; readonly composition: Composition }
  | { readonly kind: 'missing'; readonly missing: readonly string[] };

/**
 * What a line is to be made of: for each package and architecture the newest merged version that its bound allows. While
 * that version is still to be built the line waits: it never goes back to an older one for want of a build.
 */
export function desiredComposition(line: Line, shelf: PackageShelf): DesiredComposition {
  const packages: PackageBuilt[] = [];
  const missing: string[] = [];
  for (const wanted of line.packages) {
    for (const architecture of line.architectures) {
      const { built, unbuilt } = shelf.packages(wanted.name, architecture);
      const allowed = built.find((candidate) => isAllowed(wanted, candidate.version));
      const awaited = unbuilt.find(
        (version) =>
          isAllowed(wanted, version) &&
          (allowed === undefined || compareVersions('apk', version, allowed.version) >= 0),
      );
      if (awaited !== undefined) missing.push(`${wanted.name} ${awaited} for ${architecture}`);
      else if (allowed === undefined) missing.push(`${wanted.name}${boundText(wanted)} for ${architecture}`);
      else packages.push(allowed);
    }
  }
  if (missing.length > 0) return { kind: 'missing', missing };
  return { kind: 'ready', composition: { digest: compositionDigest(line, packages), packages } };
}

/** What there is of each package, by name and architecture. */
export interface PackageShelf {
  packages(name: string, architecture: Architecture): ShelfList;
}

export interface ShelfList {
  /** Merged builds, newest first. */
  readonly built: readonly PackageBuilt[];
  /** Versions that main declares and nobody has built yet. */
  readonly unbuilt: readonly string[];
}

const NONE: ShelfList = { built: [], unbuilt: [] };

export const emptyShelf: PackageShelf = { packages: () => NONE };

/**
 * Only builds of a version that the catalog's main branch has reached: a proposal's packages wait for the merge. Of main's
 * own version only the build of main's own text counts. Lists that are the same as on the shelf `before` are the same
 * objects, so that a line sees whether anything of it changed.
 */
export function packageShelf(catalog: Catalog, stock: Stock, before?: PackageShelf): PackageShelf {
  const shelf = new Map<
    string,
    { readonly name: string; readonly architecture: Architecture; built: PackageBuilt[]; unbuilt: string[] }
  >();
  const on = (name: string, architecture: Architecture) => {
    const key = `${name}/${architecture}`;
    const list = shelf.get(key) ?? { name, architecture, built: [], unbuilt: [] };
    shelf.set(key, list);
    return list;
  };
  const recipes = new Map<string, Recipe>();
  for (const recipe of catalog.recipes) {
    recipes.set(recipe.recipe, recipe);
    for (const architecture of recipe.architectures) {
      if (!stock.packages.has(stepKey(recipe, architecture)))
        on(recipe.name, architecture).unbuilt.push(fullVersion(recipe));
    }
  }
  for (const built of stock.packages.values()) {
    const recipe = recipes.get(built.recipe);
    if (recipe !== undefined && isMerged(built, recipe)) on(built.name, built.architecture).built.push(built);
  }
  const lists = new Map<string, ShelfList>();
  for (const [key, list] of shelf) {
    // Of two builds of one older version the later one stands first: a rebuild replaces what it rebuilt.
    list.built.reverse().sort((a, b) => compareVersions('apk', b.version, a.version));
    const known = before?.packages(list.name, list.architecture);
    const isKnown =
      known !== undefined && isSameList(known.built, list.built) && isSameList(known.unbuilt, list.unbuilt);
    lists.set(key, isKnown ? known : { built: list.built, unbuilt: list.unbuilt });
  }
  return { packages: (name, architecture) => lists.get(`${name}/${architecture}`) ?? NONE };
}

function isMerged(built: PackageBuilt, recipe: Recipe): boolean {
  const order = compareVersions('apk', built.version, fullVersion(recipe));
  return order < 0 || (order === 0 && built.stepKey === stepKey(recipe, built.architecture));
}

/** The lists that a line's composition rests on, besides the line itself. */
export function listsFor(line: Line, shelf: PackageShelf): readonly ShelfList[] {
  const lists: ShelfList[] = [];
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
  return satisfiesBound(subject, wanted.bound);
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
