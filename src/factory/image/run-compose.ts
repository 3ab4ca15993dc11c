import type { Architecture } from '../../core/fact.ts';
import type { Digest } from '../../core/digest.ts';
import { invariant } from '../../core/invariant.ts';
import type { Composition, Step } from '../../core/plan/step.ts';
import type { BlobStore } from '../deps.ts';
import type { StepDone } from '../run-step.ts';
import { composeImage } from './compose-image.ts';
import { composeIndex } from './compose-index.ts';
import type { ComposedImage, ComposedLine } from './image.ts';
import type { PackageLayerDeps } from './package-layer.ts';

/** Composes a line for all of its architectures; the images are found again by the result's digest. */
export async function runCompose(step: Step, deps: PackageLayerDeps): Promise<StepDone> {
  invariant(step.kind === 'compose-image', 'only a compose-image step composes');
  const { line, composition } = step;
  const createdAt = Temporal.Instant.fromEpochMilliseconds(sourceEpoch(composition) * 1000);
  const images: ComposedImage[] = [];
  for (const architecture of line.architectures) {
    images.push(
      await composeImage(
        {
          line,
          architecture,
          packages: packagesFor(composition, architecture),
          createdAt,
          release: releaseOf(composition),
        },
        deps,
      ),
    );
  }
  const composed = await composeIndex(images, deps);
  return { facts: [], result: { composed: await keepComposed(composed, deps.blobs), index: composed.index.digest } };
}

/** The newest source inside dates the image: the same packages make the same image whenever it is made. */
function sourceEpoch({ packages }: Composition): number {
  return Math.max(0, ...packages.map((built) => built.sourceEpoch));
}

/** The distribution's release that most packages were taken over from. */
function releaseOf({ packages }: Composition): string | null {
  const taken = packages.flatMap((each) => ('release' in each ? [each.release] : []));
  const [most] = [...Map.groupBy(taken, (release) => release)].toSorted(([, a], [, b]) => b.length - a.length);
  return most?.[0] ?? null;
}

function packagesFor({ packages }: Composition, architecture: Architecture): Composition['packages'] {
  return packages.filter((built) => built.architecture === architecture);
}

async function keepComposed(composed: ComposedLine, blobs: Pick<BlobStore, 'put'>): Promise<Digest> {
  return blobs.put(new TextEncoder().encode(JSON.stringify(composed)));
}
