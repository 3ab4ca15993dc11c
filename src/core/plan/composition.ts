import { isSameList } from '../is-same-list.ts';
import { digestOf } from '../digest.ts';
import type { Architecture, PackageBuilt } from '../fact.ts';
import type { Catalog, Line, LinePackage, PackageFormat, Recipe } from '../catalog/catalog.ts';
import { fullVersion } from '../catalog/full-version.ts';
import { meetsBound } from '../resolve/wanted-package.ts';
import { compareVersions } from '../version/compare.ts';
import { satisfiesBound } from '../version/satisfies-bound.ts';
import type { ComposedPackage, Composition, WantedImport } from './step.ts';
import { stepKey } from './step-key.ts';
import type { Stock } from './stock.ts';

export type DesiredComposition =
  | {
      readonly kind: 'ready';
      readonly composition: Composition;
      /** What was passed over although it is announced, in sentences. */
      readonly notes?: readonly string[];
    }
  /** Packages that a distribution offers and that are not here yet. */
  | { readonly kind: 'import'; readonly packages: readonly WantedImport[] }
  | { readonly kind: 'missing'; readonly missing: readonly string[] }
  /** The distribution cannot fulfil what is asked for, with the reasons. */
  | { readonly kind: 'impossible'; readonly reasons: readonly string[] };

/**
 * What a line is to be made of: for each package and architecture the newest merged version that its bound allows. While
 * that version is still to be built the line waits: it never goes back to an older one for want of a build.
 */
export function desiredComposition(line: Line, shelf: PackageShelf): DesiredComposition {
  const packages: PackageBuilt[] = [];
  const missing: string[] = [];
  for (const wanted of line.packages) {
    for (const architecture of line.architectures) {
      const found = ownPackage(wanted, architecture, shelf, line.format);
      if (found.kind === 'awaited') missing.push(`${wanted.name} ${found.version} for ${architecture}`);
      else if (found.kind === 'none') missing.push(`${wanted.name}${boundText(wanted)} for ${architecture}`);
      else packages.push(found.built);
    }
  }
  if (missing.length > 0) return { kind: 'missing', missing };
  return { kind: 'ready', composition: { digest: compositionDigest(line, packages), packages } };
}

export type OwnPackage =
  | { readonly kind: 'built'; readonly built: PackageBuilt }
  | { readonly kind: 'awaited'; readonly version: string }
  | { readonly kind: 'none' };

/** The newest build of ours that a line's bound allows, or the version that it waits for. */
export function ownPackage(
  wanted: LinePackage,
  architecture: Architecture,
  shelf: PackageShelf,
  format: PackageFormat,
): OwnPackage {
  const { built, unbuilt } = shelf.packages(wanted.name, architecture);
  const allowed = built.find((candidate) => isAllowed(wanted, candidate.version, format));
  const awaited = unbuilt.find(
    (version) =>
      isAllowed(wanted, version, format) &&
      (allowed === undefined || compareVersions(format, version, allowed.version) >= 0),
  );
  if (awaited !== undefined) return { kind: 'awaited', version: awaited };
  return allowed === undefined ? { kind: 'none' } : { kind: 'built', built: allowed };
}

/** What there is of each package, by name and architecture. */
export interface PackageShelf {
  packages(name: string, architecture: Architecture): ShelfList;
  /** All debs: the newest build of each name, by name, and the names of those that are still to be built. */
  debs(architecture: Architecture): ShelfList;
}

export interface ShelfList {
  /** Merged builds, newest first. */
  readonly built: readonly PackageBuilt[];
  /** Versions that main declares and nobody has built yet. */
  readonly unbuilt: readonly string[];
}

const NONE: ShelfList = { built: [], unbuilt: [] };

export const emptyShelf: PackageShelf = { packages: () => NONE, debs: () => NONE };

/**
 * Only builds of a version that the catalog's main branch has reached: a proposal's packages wait for the merge. Of main's
 * own version only the build of main's own text counts. Lists that are the same as on the shelf `before` are the same
 * objects, so that a line sees whether anything of it changed.
 */
export function packageShelf(catalog: Catalog, stock: Stock, before?: PackageShelf): PackageShelf {
  const shelf = new Map<string, Shelved>();
  const on = ({ name, format }: Recipe, architecture: Architecture): Shelved => {
    const key = `${name}/${architecture}`;
    const list = shelf.get(key) ?? { name, format, architecture, built: [], unbuilt: [] };
    shelf.set(key, list);
    return list;
  };
  const recipes = new Map<string, Recipe>();
  for (const recipe of catalog.recipes) {
    recipes.set(recipe.recipe, recipe);
    for (const architecture of recipe.architectures) {
      if (!stock.packages.has(stepKey(recipe, architecture)))
        on(recipe, architecture).unbuilt.push(fullVersion(recipe));
    }
  }
  for (const built of stock.packages.values()) {
    const recipe = recipes.get(built.recipe);
    if (recipe !== undefined && isMerged(built, recipe)) on(recipe, built.architecture).built.push(built);
  }
  const lists = new Map<string, ShelfList>();
  for (const [key, list] of shelf) {
    // Of two builds of one older version the later one stands first: a rebuild replaces what it rebuilt.
    list.built.reverse().sort((a, b) => compareVersions(list.format, b.version, a.version));
    lists.set(key, knownOr(list, before?.packages(list.name, list.architecture)));
  }
  const debs = new Map(
    [...Map.groupBy(shelf.values(), ({ architecture }) => architecture)].map(([architecture, all]) => [
      architecture,
      knownOr(newestDebs(all), before?.debs(architecture)),
    ]),
  );
  return {
    packages: (name, architecture) => lists.get(`${name}/${architecture}`) ?? NONE,
    debs: (architecture) => debs.get(architecture) ?? NONE,
  };
}

interface Shelved {
  readonly name: string;
  readonly format: PackageFormat;
  readonly architecture: Architecture;
  readonly built: PackageBuilt[];
  readonly unbuilt: string[];
}

/** The list of the shelf before, when it says the same. */
function knownOr(list: ShelfList, known: ShelfList | undefined): ShelfList {
  const isKnown = known !== undefined && isSameList(known.built, list.built) && isSameList(known.unbuilt, list.unbuilt);
  return isKnown ? known : { built: list.built, unbuilt: list.unbuilt };
}

function newestDebs(all: readonly Shelved[]): ShelfList {
  const debs = all.filter(({ format }) => format === 'deb').toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    built: debs.flatMap(({ built }) => built.slice(0, 1)),
    unbuilt: debs.filter(({ unbuilt }) => unbuilt.length > 0).map(({ name }) => name),
  };
}

function isMerged(built: PackageBuilt, recipe: Recipe): boolean {
  const order = compareVersions(recipe.format, built.version, fullVersion(recipe));
  return order < 0 || (order === 0 && built.stepKey === stepKey(recipe, built.architecture));
}

/** The lists that a line's composition rests on, besides the line itself. */
export function listsFor(line: Line, shelf: PackageShelf): readonly ShelfList[] {
  const lists: ShelfList[] = [];
  for (const { name } of line.packages)
    for (const architecture of line.architectures) lists.push(shelf.packages(name, architecture));
  if (line.format === 'deb') for (const architecture of line.architectures) lists.push(shelf.debs(architecture));
  return lists;
}

/** Whether a line's bound lets a package version in; a bound without revision speaks of the upstream version alone. */
export function isAllowed({ bound }: Pick<LinePackage, 'bound'>, version: string, format: PackageFormat): boolean {
  if (bound === null) return true;
  if (format === 'deb') return meetsBound(version, bound);
  return satisfiesBound(/-r\d+$/.test(bound.version) ? version : version.replace(/-r\d+$/, ''), bound);
}

export function boundText(wanted: LinePackage): string {
  return wanted.bound === null ? '' : `${wanted.bound.operator}${wanted.bound.version}`;
}

export function compositionDigest(line: Line, packages: readonly ComposedPackage[]): Composition['digest'] {
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
