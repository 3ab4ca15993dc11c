import { loadCatalog } from '../io/catalog/load-catalog.ts';
import { machineClock } from '../io/clock.ts';
import { runChecks } from '../io/doctor/checks.ts';
import type { DoctorDeps } from '../serve/cli/doctor.ts';
import { placesOf } from './places.ts';

/** `suture doctor`: this machine, and the catalog here when there is one. */
export async function openDoctor(cwd: string): Promise<DoctorDeps> {
  const loaded = await loadCatalog(cwd);
  const catalog = loaded.kind === 'catalog' ? loaded.catalog : undefined;
  return {
    checks: () =>
      runChecks({
        stateFolder: placesOf(loaded.folder).state,
        registryPort: catalog?.registry.kind === 'embedded' ? catalog.registry.port : null,
        // Recipes that bring their own root need none of the catalog's.
        buildRoot: catalog?.recipes.some(({ root }) => root === null) === true ? catalog.build.root : null,
        now: () => machineClock.now(),
        lastRecordedAt: null,
      }),
  };
}
