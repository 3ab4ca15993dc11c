import type { Architecture } from '../fact.ts';
import type { Recipe, RecipeStep } from './catalog.ts';

/**
 * The recipe for one architecture: what depends on it (`${{build.arch}}` and its kin) is put into steps, tests and
 * environment. A recipe that names none of them comes back as it is.
 */
export function forArchitecture(recipe: Recipe, architecture: Architecture): Recipe {
  const put = (text: string) => text.replace(NAME, (_, name: string) => values[architecture][name] ?? '');
  const steps = (list: readonly RecipeStep[]) => list.map((step) => ({ ...step, runs: put(step.runs) }));
  const environment = Object.fromEntries(Object.entries(recipe.environment).map(([key, value]) => [key, put(value)]));
  return { ...recipe, steps: steps(recipe.steps), tests: steps(recipe.tests), environment };
}

const NAME = /\$\{\{(build\.arch|build\.goarch|host\.triplet\.gnu|host\.triplet\.rust)\}\}/g;

const values: Readonly<Record<Architecture, Readonly<Record<string, string>>>> = {
  amd64: {
    'build.arch': 'x86_64',
    'build.goarch': 'amd64',
    'host.triplet.gnu': 'x86_64-pc-linux-gnu',
    'host.triplet.rust': 'x86_64-unknown-linux-gnu',
  },
  arm64: {
    'build.arch': 'aarch64',
    'build.goarch': 'arm64',
    'host.triplet.gnu': 'aarch64-unknown-linux-gnu',
    'host.triplet.rust': 'aarch64-unknown-linux-gnu',
  },
};
