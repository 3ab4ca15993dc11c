import type { Catalog, RecipePatch } from '../core/catalog/catalog.ts';
import { digestOf } from '../core/digest.ts';
import { Failure } from '../core/failure.ts';
import type { CatalogSource } from '../factory/tick.ts';
import { type CatalogMemory, parseCatalog } from '../formats/catalog/parse-catalog.ts';
import type { GitCatalogRepository } from '../io/git/catalog-repository.ts';

const CATALOGS_KEPT = 32;
const CHECK = 'suture config check';

/** The catalog as committed: what is on main counts, what lies about in the work tree does not. Read once per commit. */
export function gitCatalogSource(
  folder: string,
  repository: Pick<GitCatalogRepository, 'head' | 'filesAt'>,
): CatalogSource {
  const known = new Map<string, Catalog>();
  const files: CatalogMemory = new Map();
  const at = async (commit: string): Promise<Catalog> => {
    const kept = known.get(commit);
    if (kept !== undefined) return kept;
    const catalog = read(await repository.filesAt(commit), folder, files);
    known.set(commit, catalog);
    const [oldest] = known.keys();
    if (known.size > CATALOGS_KEPT && oldest !== undefined) known.delete(oldest);
    return catalog;
  };
  let good: { readonly catalog: Catalog; readonly commit: string } | undefined;
  return {
    async main() {
      const commit = await repository.head();
      try {
        good = { catalog: await at(commit), commit };
        return good;
      } catch (problem) {
        // A slip on main must not stop the looking and judging: what was declared before goes on.
        if (!(problem instanceof Failure) || good === undefined) throw problem;
        return { ...good, problem };
      }
    },
    async recipeAt(commit, recipe) {
      return (await at(commit)).recipes.find((each) => each.recipe === recipe);
    },
  };
}

function read(files: ReadonlyMap<string, Uint8Array>, folder: string, memory: CatalogMemory): Catalog {
  const decoder = new TextDecoder();
  const reading = parseCatalog(
    new Map([...files].map(([path, bytes]) => [path, decoder.decode(bytes)])),
    folder,
    memory,
  );
  if (reading.kind === 'catalog') return withPatchDigests(reading.catalog, files);
  const [first, ...others] = reading.problems;
  if (first === undefined) throw new Failure('E0101', 'The committed catalog is not valid', { hint: CHECK });
  const why = others.length === 0 ? {} : { why: `it is the first of ${reading.problems.length} problems` };
  throw new Failure(first.code, first.message, { kept: 'nothing was done', hint: CHECK, ...why, ...first.detail });
}

/** A patch that changed under its old name is another patch: a build is known by its patches' bytes. */
function withPatchDigests(catalog: Catalog, files: ReadonlyMap<string, Uint8Array>): Catalog {
  if (catalog.recipes.every((recipe) => recipe.patches.length === 0)) return catalog;
  const digested = (patch: RecipePatch): RecipePatch => ({
    ...patch,
    digest: digestOf(files.get(patch.file) ?? new Uint8Array()),
  });
  const recipes = catalog.recipes.map((recipe) =>
    recipe.patches.length === 0 ? recipe : { ...recipe, patches: recipe.patches.map(digested) },
  );
  return { ...catalog, recipes };
}
