import type { Catalog, Recipe } from '../core/catalog/catalog.ts';
import type { Obligation } from '../core/promise/standing.ts';
import { Failure } from '../core/failure.ts';
import type { Looker } from './look.ts';

export interface FindMergedFixesDeps {
  /** Commits of the main branch that are not in a tag and name one of the ids. */
  commitsMentioning(
    repository: string,
    wanted: { readonly ids: readonly string[]; readonly sinceTag: string },
  ): Promise<readonly { readonly commit: string; readonly ids: readonly string[] }[]>;
}

/** Commits by which upstream seems to have fixed what it has not released yet, by vulnerability. */
export type MergedFixes = Map<string, readonly string[]>;

/**
 * For everything that waits for upstream: has upstream merged a fix without releasing it? Kept in memory, asked again at
 * each look, each repository once.
 */
export function findMergedFixes(found: MergedFixes, deps: FindMergedFixesDeps): Looker {
  return async (catalog, memory) => {
    const problems: Failure[] = [];
    for (const { repository, sinceTag, names } of questions(catalog, memory.obligations.values())) {
      try {
        const commits = await deps.commitsMentioning(repository, { ids: [...names.keys()], sinceTag });
        for (const vulnerability of new Set(names.values())) {
          const naming = commits.filter(({ ids }) => ids.some((id) => names.get(id) === vulnerability));
          const fixes = naming.map(({ commit }) => commit);
          if (found.get(vulnerability)?.join() !== fixes.join()) memory.fixesFound += 1;
          found.set(vulnerability, fixes);
        }
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        problems.push(error);
      }
    }
    return problems;
  };
}

interface Question {
  readonly repository: string;
  readonly sinceTag: string;
  /** Every id that is looked for, with the vulnerability that it names. */
  readonly names: Map<string, string>;
}

function questions(catalog: Catalog, obligations: Iterable<Obligation>): Iterable<Question> {
  const recipes = new Map(
    catalog.recipes.map((recipe) => [`${recipe.upstream.purl} ${recipe.upstream.stream}`, recipe]),
  );
  const asked = new Map<string, Question>();
  for (const { standing, vulnerability, aliases, claims } of obligations) {
    if (standing !== 'waiting') continue;
    const source = claims
      .map(({ upstream, stream }) => gitSource(recipes.get(`${upstream} ${stream}`)))
      .find((each) => each !== undefined);
    if (source === undefined) continue;
    const key = `${source.repository} ${source.tag}`;
    const question = asked.get(key) ?? { repository: source.repository, sinceTag: source.tag, names: new Map() };
    for (const id of [vulnerability, ...aliases]) question.names.set(id, vulnerability);
    asked.set(key, question);
  }
  return asked.values();
}

function gitSource(recipe: Recipe | undefined): { readonly repository: string; readonly tag: string } | undefined {
  return recipe?.source.kind === 'git' ? recipe.source : undefined;
}
