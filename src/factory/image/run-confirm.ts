import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import type { NewFactOf } from '../../core/fact.ts';
import { invariant } from '../../core/invariant.ts';
import type { Stock } from '../../core/plan/stock.ts';
import type { Step } from '../../core/plan/step.ts';
import type { StepDone } from '../run-step.ts';
import { type ConfirmDeps, type ConfirmedImage, confirmImage } from './confirm-image.ts';

export interface RunConfirmDeps extends ConfirmDeps {
  readonly stock: () => Stock;
  /** Pushes what is published once more: somebody moved the tag, or the registry lost it. */
  readonly restore: (step: Step) => Promise<void>;
}

/** Pulls a published line back and states what the pulled bytes hold; the registry's own clock dates it (promise rule 5). */
export async function runConfirm(step: Step, deps: RunConfirmDeps): Promise<StepDone> {
  invariant(step.kind === 'confirm-image', 'only a confirm-image step confirms');
  const { line } = step;
  const published = deps.stock().published.get(line.line);
  invariant(published !== undefined, `${line.line} is published before it is confirmed`);
  const confirmation = await confirmImage({ line, published }, deps);
  if (confirmation.kind === 'different') {
    await deps.restore(step);
    throw new Failure('E0603', confirmation.why, {
      at: `${line.repository}:${line.tag}`,
      why: `expected ${confirmation.expected}, found ${confirmation.found ?? 'nothing'}`,
      kept: 'nothing counts as confirmed; the image was pushed again and is pulled back at the next attempt',
      retryable: true,
    });
  }
  const { advisorySet } = deps.stock();
  return {
    facts: confirmation.images.map((image) => confirmed(line.line, image, advisorySet)),
    result: { digest: confirmation.digest },
  };
}

function confirmed(line: string, image: ConfirmedImage, advisorySet: Digest): NewFactOf<'image-confirmed'> {
  return {
    type: 'image-confirmed',
    // `Date` has whole seconds: the pull lies within the one that it names.
    at: { from: image.registryDate, to: image.registryDate.add({ seconds: 1 }) },
    by: 'suture',
    payload: {
      line,
      architecture: image.architecture,
      digest: image.digest,
      inventory: image.inventoryDigest,
      advisorySet,
    },
    evidence: [image.inventoryDigest, image.answerDigest],
    sourceKey: image.registryDate.toString(),
  };
}
