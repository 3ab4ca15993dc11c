import type { Recipe } from '../catalog/catalog.ts';
import { compareVersions } from '../version/compare.ts';
import type { Stock, StockRelease } from './stock.ts';

/**
 * The release that a recipe should be at: the newest usable one of its stream, as accepted by its update filter.
 * Undefined when the recipe is there already or follows nothing.
 */
export function releaseToTake(recipe: Recipe, stock: Stock): StockRelease | undefined {
  if (!recipe.update.enabled) return undefined;
  let newest: StockRelease | undefined;
  for (const release of stock.releases.get(recipe.upstream.purl) ?? []) {
    if (!isUsable(release) || release.stream !== recipe.upstream.stream) continue;
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
