import type { Catalog } from '../core/catalog/catalog.ts';
import { Failure } from '../core/failure.ts';
import type { ClockDeps } from '../factory/deps.ts';
import type { CatalogSource } from '../factory/tick.ts';
import { type ApartCatalog, apartCatalog } from '../io/git/apart-catalog.ts';
import { catalogRepository, type GitCatalogRepository } from '../io/git/catalog-repository.ts';
import { gitCatalogSource } from './catalog-source.ts';
import { changesAt } from './changes-at.ts';
import type { Places } from './places.ts';

/** The repository that takes Suture's changes and the catalog that is in force, as `changes` in suture.yaml says. */
export async function openCatalog(
  places: Places,
  clock: ClockDeps,
): Promise<{ readonly repository: GitCatalogRepository; readonly source: CatalogSource }> {
  const changes = await changesAt(places);
  if (changes === 'here') {
    const repository = catalogRepository({ folder: places.catalog });
    return { repository, source: only(changes, gitCatalogSource(places.catalog, repository)) };
  }
  const apart = apartCatalog({ folder: places.catalog, gitFolder: places.apart }, clock);
  const source = takingIn(apart, gitCatalogSource(places.catalog, apart.repository));
  return { repository: apart.repository, source: only(changes, source) };
}

/**
 * What cannot be taken in is told, and what was in force before goes on. Files that are no catalog stop a start, as does
 * a start on which nothing was in force; a restart in the middle of a conflict does not: promises run on meanwhile.
 */
function takingIn(apart: ApartCatalog, source: CatalogSource): CatalogSource {
  let began = false;
  return {
    async main() {
      let problem: Failure | undefined;
      try {
        await apart.takeIn();
        began = true;
      } catch (error) {
        if (!(error instanceof Failure) || !(began || (await goesOnWithout(error, source)))) throw error;
        problem = error;
      }
      const main = await source.main();
      return problem === undefined ? main : { problem, ...main };
    },
    recipeAt: (commit, recipe) => source.recipeAt(commit, recipe),
  };
}

async function goesOnWithout({ code }: Failure, source: CatalogSource): Promise<boolean> {
  if (code !== 'E0804') return false;
  return await source.main().then(
    () => true,
    () => false,
  );
}

/** A catalog that says otherwise by now, or as committed, must not have its changes put where they do not belong. */
function only(changes: Catalog['changes'], source: CatalogSource): CatalogSource {
  return {
    async main() {
      const main = await source.main();
      if (main.catalog.changes === changes) return main;
      const what = `\`changes\` in suture.yaml is ${main.catalog.changes}, and this began with ${changes}`;
      throw new Failure('E0101', what, {
        at: 'suture.yaml',
        kept: 'nothing was done',
        hint: changes === 'here' ? 'commit suture.yaml as it is meant, and start again' : 'start again',
      });
    },
    recipeAt: (commit, recipe) => source.recipeAt(commit, recipe),
  };
}
