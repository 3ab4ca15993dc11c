import type { RecipeSource } from '../core/catalog/catalog.ts';
import type { Step } from '../core/plan/step.ts';
import { invariant } from '../core/invariant.ts';
import { raiseRecipe } from '../formats/catalog/edit-recipe.ts';
import type { FetchableSource } from './build/build-package.ts';
import type { ClockDeps } from './deps.ts';
import type { StepDone } from './run-step.ts';

export interface ProposeChangeDeps {
  readonly clock: ClockDeps;
  readonly catalogRepository: CatalogRepository;
  /** Fetches a source, so that nothing is proposed that cannot be had; E0203 when it cannot. */
  readonly fetchSource: (source: FetchableSource) => Promise<unknown>;
}

/** The catalog as a git repository: recipe edits are commits on a branch, merged after build and tests. */
export interface CatalogRepository {
  /** Text of a file on the main branch. */
  readMain(path: string): Promise<string>;
  /** One commit on top of main; the same input gives the same commit. Returns its id. */
  commitOnBranch(change: {
    readonly branch: string;
    readonly files: ReadonlyMap<string, string>;
    readonly message: string;
    readonly at: Temporal.Instant;
  }): Promise<string>;
  /**
   * Fast-forwards main to the branch, or puts its one commit on top when main went on. Refused when the branch is not at
   * the commit that was built. Returns main's new commit.
   */
  merge(branch: string, commit?: string): Promise<string>;
}

/** Raises a recipe to a release, as a commit on a branch of its own that keeps every comment of the file. */
export async function proposeChange(step: Step, deps: ProposeChangeDeps): Promise<StepDone> {
  invariant(step.kind === 'propose-change', 'only a propose-change step proposes a change');
  const { recipe, release } = step;
  await fetchNew(recipe.source, release, deps);
  const raised = raiseRecipe(await deps.catalogRepository.readMain(recipe.file), {
    version: release.version,
    epoch: 0,
    ...(release.expected === null ? {} : { expected: release.expected }),
  });
  const branch = `suture/${recipe.recipe}-${release.version}`;
  const commit = await deps.catalogRepository.commitOnBranch({
    branch,
    files: new Map([[recipe.file, raised]]),
    message: `${recipe.recipe}: ${recipe.version} -> ${release.version}\n\n${step.reason}\n`,
    at: deps.clock.now(),
  });
  return { result: { recipe: recipe.recipe, version: release.version, branch, commit }, facts: [] };
}

/** An archive is announced by an index, and a mirror may lack its file; a tag that was listed is there. */
async function fetchNew(
  source: RecipeSource,
  { version, expected }: { readonly version: string; readonly expected: string | null },
  deps: ProposeChangeDeps,
): Promise<void> {
  if (source.kind === 'debian') await deps.fetchSource({ ...source, version, expectedSha256: expected });
}
