import type { Recipe } from '../core/catalog/catalog.ts';
import { Failure } from '../core/failure.ts';
import type { Looker } from './look.ts';

export interface FindMergedFixesDeps {
  /** Commits of the main branch that are not in a tag and name an id. */
  commitsMentioning(
    repository: string,
    wanted: { readonly id: string; readonly sinceTag: string },
  ): Promise<readonly { readonly commit: string }[]>;
}

/** Commits by which upstream seems to have fixed what it has not released yet, by vulnerability. */
export type MergedFixes = Map<string, readonly string[]>;

/** For everything that waits for upstream: has upstream merged a fix without releasing it? Kept in memory, asked again at each look. */
export function findMergedFixes(found: MergedFixes, deps: FindMergedFixesDeps): Looker {
  return async (catalog, memory) => {
    const recipes = new Map(
      catalog.recipes.map((recipe) => [`${recipe.upstream.purl} ${recipe.upstream.stream}`, recipe]),
    );
    const problems: Failure[] = [];
    for (const { standing, vulnerability, aliases, claims } of memory.obligations.values()) {
      if (standing !== 'waiting') continue;
      const recipe = claims
        .map((claim) => recipes.get(`${claim.upstream} ${claim.stream}`))
        .find((each) => each?.source.kind === 'git');
      if (recipe === undefined) continue;
      try {
        found.set(vulnerability, await commitsFor([vulnerability, ...aliases], recipe, deps));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        problems.push(error);
      }
    }
    return problems;
  };
}

async function commitsFor(
  ids: readonly string[],
  recipe: Recipe,
  deps: FindMergedFixesDeps,
): Promise<readonly string[]> {
  if (recipe.source.kind !== 'git') return [];
  const { repository, tag } = recipe.source;
  const commits: string[] = [];
  for (const id of ids)
    commits.push(...(await deps.commitsMentioning(repository, { id, sinceTag: tag })).map((each) => each.commit));
  return [...new Set(commits)];
}
