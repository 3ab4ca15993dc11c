import { acceptsVersion } from '../catalog/accepts-version.ts';
import type { Recipe } from '../catalog/catalog.ts';
import { formOfSource } from '../catalog/form-of-source.ts';
import { compareVersions } from '../version/compare.ts';
import type { Stock, StockRelease } from './stock.ts';

/**
 * The releases that a recipe could go to, newest first: usable ones of its stream above its own version, as accepted by
 * its update filter. None when it follows nothing or is at the newest.
 */
export function releasesToTake(recipe: Recipe, stock: Stock): readonly StockRelease[] {
  if (!recipe.update.enabled) return [];
  const releases = stock.releases.get(recipe.upstream.purl) ?? NONE;
  const known = chosen.get(recipe);
  if (known?.from === releases) return known.newer;
  const newer = newestAbove(recipe, releases);
  chosen.set(recipe, { from: releases, newer });
  return newer;
}

const NONE: readonly StockRelease[] = [];

/** Remembered per recipe for as long as its upstream's releases are the same list. */
const chosen = new WeakMap<
  Recipe,
  { readonly from: readonly StockRelease[]; readonly newer: readonly StockRelease[] }
>();

function newestAbove(recipe: Recipe, releases: readonly StockRelease[]): readonly StockRelease[] {
  const { stream, scheme } = recipe.upstream;
  const form = formOfSource(recipe.source);
  return releases
    .filter(
      (release) =>
        isUsable(release) &&
        release.stream === stream &&
        (form === null || release.form === form) &&
        acceptsVersion(recipe, release.version) &&
        compareVersions(scheme, release.version, recipe.version) > 0,
    )
    .toSorted((a, b) => compareVersions(scheme, b.version, a.version));
}

/** Usable: final, verified where asked, not withdrawn (promise rule 3). */
export function isUsable(release: StockRelease): boolean {
  return !release.prerelease && release.verified !== false && release.withdrawn !== true;
}

/** Whether upstream took back the very version that a recipe is at. */
export function isWithdrawn(recipe: Recipe, stock: Stock): boolean {
  const releases = stock.releases.get(recipe.upstream.purl) ?? NONE;
  const form = formOfSource(recipe.source);
  const own = releases.filter(
    (release) => release.version === recipe.version && (form === null || release.form === form),
  );
  return own.length > 0 && own.every((release) => release.withdrawn === true);
}
