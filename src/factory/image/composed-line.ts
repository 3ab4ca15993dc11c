import { parseDigest } from '../../core/digest.ts';
import { invariant } from '../../core/invariant.ts';
import type { Composition } from '../../core/plan/step.ts';
import type { BlobStore, StepStore } from '../deps.ts';
import type { ComposedLine } from './image.ts';

/** What the compose-image step of this composition made; the plan asks for it only after that step was done. */
export async function composedLine(
  line: string,
  composition: Composition,
  deps: { readonly steps: Pick<StepStore, 'outcome'>; readonly blobs: Pick<BlobStore, 'get'> },
): Promise<ComposedLine> {
  const outcome = await deps.steps.outcome(`compose-image ${line} ${composition.digest}`);
  invariant(outcome?.kind === 'done', `${line} is composed before it is verified or published`);
  const digest = parseDigest(String(outcome.result['composed']));
  const bytes = digest === undefined ? undefined : await deps.blobs.get(digest);
  invariant(bytes !== undefined, `what was composed for ${line} is in the blob store`);
  // Our own bytes, found by their digest.
  return JSON.parse(new TextDecoder().decode(bytes)) as ComposedLine;
}
