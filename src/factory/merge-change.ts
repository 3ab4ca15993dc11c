import { invariant } from '../core/invariant.ts';
import type { Step } from '../core/plan/step.ts';
import type { CatalogRepository } from './propose-change.ts';
import type { StepDone } from './run-step.ts';

export interface MergeChangeDeps {
  readonly catalogRepository: Pick<CatalogRepository, 'merge'>;
}

/** Brings a built and tested change to the catalog's main branch. */
export async function mergeChange(step: Step, deps: MergeChangeDeps): Promise<StepDone> {
  invariant(step.kind === 'merge-change', 'only a merge-change step merges a change');
  const main = await deps.catalogRepository.merge(step.branch, step.commit);
  return { result: { branch: step.branch, main }, facts: [] };
}
