import { formOfSource } from '../../core/catalog/form-of-source.ts';
import type { NewFactOf } from '../../core/fact.ts';
import { invariant } from '../../core/invariant.ts';
import type { Step } from '../../core/plan/step.ts';
import type { ClockDeps } from '../deps.ts';
import type { StepDone } from '../run-step.ts';
import type { PackageBuilder } from './build.ts';

export interface RunBuildDeps {
  readonly clock: ClockDeps;
  readonly builder: PackageBuilder;
  /** A file of the catalog as of a commit. */
  readonly catalogFile: (commit: string, path: string) => Promise<Uint8Array>;
}

/** Builds one package for one architecture and states it as a fact; how long it took goes to the operations log. */
export async function runBuild(step: Step, deps: RunBuildDeps): Promise<StepDone> {
  invariant(step.kind === 'build-package', 'only a build-package step builds');
  const { recipe, architecture } = step;
  const started = deps.clock.now();
  const built = await deps.builder.build({
    recipe,
    architecture,
    catalogFile: (path) => deps.catalogFile(step.commit, path),
  });
  const form = formOfSource(recipe.source);
  const fact: NewFactOf<'package-built'> = {
    type: 'package-built',
    at: { from: started, to: deps.clock.now() },
    by: 'suture',
    payload: {
      recipe: recipe.recipe,
      name: built.name,
      version: built.version,
      architecture,
      digest: built.digest,
      sizeBytes: built.sizeBytes,
      stepKey: step.key,
      upstream: recipe.upstream.purl,
      upstreamVersion: recipe.version,
      sourceDigest: built.sourceDigest,
      ...(form === null ? {} : { form }),
      isolation: built.isolation,
      sourceEpoch: built.sourceEpoch,
      delta: built.delta,
      ...(built.relations === null ? {} : { relations: built.relations }),
      ...(built.rootLock === null ? {} : { rootLock: built.rootLock }),
    },
    evidence: [built.log, ...(built.rootLock === null ? [] : [built.rootLock])],
  };
  return {
    facts: [fact],
    result: {
      log: built.log,
      rootDigest: built.rootDigest,
      commit: built.commit,
      seconds: built.seconds,
      testsRun: built.testsRun,
      catalogCommit: step.commit,
    },
  };
}
