import type { ReleaseForm } from '../fact.ts';
import type { RecipeSource } from './catalog.ts';

/** The form of upstream's releases that a recipe is built from (promise rule 3); null for one that is built from nothing. */
export function formOfSource(source: RecipeSource): ReleaseForm | null {
  switch (source.kind) {
    case 'git':
      return 'git-tag';
    case 'debian':
      return 'tarball';
    case 'none':
      return null;
  }
}
