import type { Catalog } from '../core/catalog/catalog.ts';
import type { Stock } from '../core/plan/stock.ts';
import type { Memory } from './memory.ts';

/**
 * Everything that is built, was taken over or was ever shipped: an advisory about anything else can wait until it is. Made
 * only when somebody asks, for most turns read no feed.
 */
export function concerned(
  catalog: Catalog,
  memory: Pick<Memory, 'shipped'> & { readonly stock: Pick<Stock, 'imported'> },
): () => ReadonlySet<string> {
  let packages: Set<string> | undefined;
  return () => {
    if (packages !== undefined) return packages;
    packages = memory.shipped.union(new Set(catalog.recipes.map((recipe) => recipe.upstream.purl)));
    // Before its first image is out: what is known of it then is on time.
    for (const { source } of memory.stock.imported.values()) packages.add(`pkg:deb/debian/${source.name}`);
    return packages;
  };
}
