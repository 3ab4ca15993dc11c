import { digestOf } from '../core/digest.ts';
import { Failure } from '../core/failure.ts';
import type { NewFactOf } from '../core/fact.ts';
import { invariant } from '../core/invariant.ts';
import type { Step, WantedImport } from '../core/plan/step.ts';
import type { BlobStore, ClockDeps } from './deps.ts';
import { packageLayer, type PackageLayerDeps } from './image/package-layer.ts';
import type { StepDone } from './run-step.ts';
import type { SuiteArchive } from './suites.ts';

export interface ImportDeps extends PackageLayerDeps {
  readonly clock: ClockDeps;
  readonly blobs: BlobStore;
  readonly suites: Pick<SuiteArchive, 'fetchPackages' | 'releaseOf'>;
}

/**
 * Takes packages of a distribution over into the blob store and states each. What no mirror has is a result as well: the
 * next plan does without it. E0203 when nothing at all came.
 */
export async function importPackages(step: Step, deps: ImportDeps): Promise<StepDone> {
  invariant(step.kind === 'import-packages', 'only an import-packages step imports packages');
  const began = deps.clock.now();
  const { files, absent } = await deps.suites.fetchPackages(step.packages);
  const facts: NewFactOf<'package-imported'>[] = [];
  for (const wanted of step.packages) {
    const read = files.get(wanted.package.file.sha256);
    if (read !== undefined) facts.push(await imported(wanted, { bytes: await read(), began }, deps));
  }
  const missing = step.packages.filter(({ package: { file } }) => absent.has(file.sha256));
  return {
    facts,
    result: {
      imported: facts.length,
      absent: missing.map(({ package: { file } }) => file.sha256),
      why: missing.map(({ package: { name, version, file } }) => `${name} ${version}: ${absent.get(file.sha256)}`),
    },
  };
}

async function imported(
  { architecture, package: wanted }: WantedImport,
  { bytes, began }: { readonly bytes: Uint8Array; readonly began: Temporal.Instant },
  deps: ImportDeps,
): Promise<NewFactOf<'package-imported'>> {
  const { name, version, suite, source } = wanted;
  if (digestOf(bytes) !== `sha256:${wanted.file.sha256}`) {
    throw new Failure('E0301', `${name} ${version} is not what the index of ${suite} says`, { at: wanted.file.path });
  }
  const digest = await deps.blobs.put(bytes);
  // Made here, while the bytes are at hand: composing finds it in the cache.
  const { builtAt } = await packageLayer({ name, version, digest }, 'deb', deps);
  return {
    type: 'package-imported',
    at: { from: began, to: deps.clock.now() },
    by: 'suture',
    payload: {
      name,
      version,
      architecture,
      digest,
      sizeBytes: bytes.length,
      suite,
      release: deps.suites.releaseOf(suite) ?? suite,
      source,
      sourceEpoch: builtAt,
    },
    evidence: [],
  };
}
