import { Failure } from '../../core/failure.ts';
import type { Architecture } from '../../core/fact.ts';
import { invariant } from '../../core/invariant.ts';
import { onLinux } from '../../core/match/component-verdict.ts';
import { flawsIn } from '../../core/match/flaws-in.ts';
import type { Inventory } from '../../core/match/inventory.ts';
import type { Step } from '../../core/plan/step.ts';
import type { Stock } from '../../core/plan/stock.ts';
import type { Policy } from '../../core/promise/policy.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import type { BlobStore, StepStore } from '../deps.ts';
import type { StepDone } from '../run-step.ts';
import { composedLine } from './composed-line.ts';
import type { ComposedImage } from './image.ts';
import { readImage, type ReadImage } from './read-image.ts';
import { type RunImage, type Verification, verifyImage } from './verify-image.ts';
import type { Cache } from './cache.ts';
import type { LayerFacts } from '../../formats/oci/read-layer.ts';

export interface RunVerifyDeps {
  readonly steps: Pick<StepStore, 'outcome'>;
  readonly blobs: BlobStore;
  readonly layerFacts: Cache<LayerFacts>;
  readonly run: RunImage;
  readonly stock: () => Stock;
  readonly policy: () => Promise<Policy>;
}

/** Judges every architecture of a composed line; one gate that does not pass keeps the whole line from publication. */
export async function runVerify(step: Step, deps: RunVerifyDeps): Promise<StepDone> {
  invariant(step.kind === 'verify-image', 'only a verify-image step verifies');
  const { line, composition } = step;
  const composed = await composedLine(line.line, composition, deps);
  const policy = await deps.policy();
  const gates: Record<string, Verification['gates']> = {};
  for (const image of composed.images) {
    const predecessor = await published(line.line, image.architecture, deps);
    const verified = await verifyImage(
      { image, line, predecessor: predecessor?.facts ?? null, policy },
      {
        blob: (ref) => stored(deps.blobs, ref.digest),
        layerFacts: deps.layerFacts,
        run: deps.run,
        judge: (inventory) =>
          Promise.resolve(notWorse({ next: inventory, before: predecessor?.inventory, image }, deps.stock())),
      },
    );
    gates[image.architecture] = verified.gates;
    if (!verified.passed) throw refused(line.line, image, verified);
  }
  return { facts: [], result: { gates } };
}

/** What the line serves now, read from our own store; undefined for the first image of an architecture. */
async function published(
  line: string,
  architecture: Architecture,
  deps: RunVerifyDeps,
): Promise<ReadImage | undefined> {
  const digest = deps.stock().published.get(line)?.manifests[architecture];
  if (digest === undefined) return undefined;
  const bytes = await stored(deps.blobs, digest);
  return readImage(
    { mediaType: mediaTypes.manifest, digest, sizeBytes: bytes.length },
    { blob: (ref) => stored(deps.blobs, ref.digest), layerFacts: deps.layerFacts },
  );
}

async function stored(blobs: BlobStore, digest: Parameters<BlobStore['get']>[0]): Promise<Uint8Array> {
  const bytes = await blobs.get(digest);
  invariant(bytes !== undefined, `${digest} was composed here and is kept`);
  return bytes;
}

/**
 * An image may go out with flaws that the one before it had too, but it may not only add some. What nobody can determine
 * refuses nothing, because waiting would not tell, and is named.
 */
function notWorse(
  { next, before, image }: { next: Inventory; before: Inventory | undefined; image: ComposedImage },
  { advisories }: Stock,
): { readonly passed: boolean; readonly detail: string } {
  const on = { ...onLinux, architecture: image.architecture };
  const { affected: now, undetermined } = flawsIn(next, advisories, on);
  const then = before === undefined ? new Set<string>() : flawsIn(before, advisories, on).affected;
  const added = now.difference(then);
  const removed = then.difference(now);
  const words = [
    removed.size > 0 ? `fixes ${[...removed].join(', ')}` : '',
    added.size > 0 ? `brings ${[...added].join(', ')}` : '',
    now.size > 0 ? `${now.size} known and open` : 'nothing known is wrong with it',
    undetermined.size > 0 ? `to be looked at: ${[...undetermined].join(', ')}` : '',
  ];
  return {
    passed: before === undefined || added.size === 0 || removed.size > 0,
    detail: words.filter((each) => each !== '').join('; '),
  };
}

function refused(line: string, image: ComposedImage, { gates }: Verification): Failure {
  const failed = gates.filter((gate) => !gate.passed);
  return new Failure(
    'E0406',
    `${line} for ${image.architecture} did not pass: ${failed.map((gate) => `${gate.gate}: ${gate.detail}`).join('; ')}`,
    {
      at: image.manifest.digest,
      kept: 'the published image stays as it is',
      hint: `suture explain ${line}`,
    },
  );
}
