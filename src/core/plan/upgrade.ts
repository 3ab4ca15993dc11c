import { acceptsVersion } from '../catalog/accepts-version.ts';
import type { Recipe } from '../catalog/catalog.ts';
import { compareVersions } from '../version/compare.ts';
import type { Stock, StockRelease } from './stock.ts';

/**
 * The release that a recipe should be at: the newest usable one of its stream, as accepted by its update filter.
 * Undefined when the recipe is there already or follows nothing.
 */
export function releaseToTake(recipe: Recipe, stock: Stock): StockRelease | undefined {
  if (!recipe.update.enabled) return undefined;
  const releases = stock.releases.get(recipe.upstream.purl) ?? NONE;
  const known = chosen.get(recipe);
  if (known?.from === releases) return known.release;
  const release = newestAbove(recipe, releases);
  chosen.set(recipe, { from: releases, release });
  return release;
}

const NONE: readonly StockRelease[] = [];

/** Remembered per recipe for as long as its upstream's releases are the same list. */
const chosen = new WeakMap<
  Recipe,
  { readonly from: readonly StockRelease[]; readonly release: StockRelease | undefined }
>();

function newestAbove(recipe: Recipe, releases: readonly StockRelease[]): StockRelease | undefined {
  let newest: StockRelease | undefined;
  for (const release of releases) {
    if (!isUsable(release) || release.stream !== recipe.upstream.stream || !acceptsVersion(recipe, release.version))
      continue;
    if (newest === undefined || compareVersions(recipe.upstream.scheme, release.version, newest.version) > 0)
      newest = release;
  }
  if (newest === undefined) return undefined;
  return compareVersions(recipe.upstream.scheme, newest.version, recipe.version) > 0 ? newest : undefined;
}

/** Usable: final, verified where asked, not withdrawn (promise rule 3). */
export function isUsable(release: StockRelease): boolean {
  return !release.prerelease && release.verified !== false && !release.withdrawn;
}

/** Whether upstream took back the very version that a recipe is at. */
export function isWithdrawn(recipe: Recipe, stock: Stock): boolean {
  const releases = stock.releases.get(recipe.upstream.purl) ?? NONE;
  const own = releases.filter((release) => release.version === recipe.version);
  return own.length > 0 && own.every((release) => release.withdrawn);
}
