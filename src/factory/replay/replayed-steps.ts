import type { Line, Recipe } from '../../core/catalog/catalog.ts';
import { fullVersion } from '../../core/catalog/full-version.ts';
import { type Digest, digestOf } from '../../core/digest.ts';
import type { Architecture, ImagePublished, PackageBuilt } from '../../core/fact.ts';
import type { Composition } from '../../core/plan/step.ts';

/** What a build that the plan wanted makes; its digest stands for bytes that nobody made. */
export function packageOf(stepKey: string, recipe: Recipe, architecture: Architecture): PackageBuilt {
  const digest = digestOf(stepKey);
  return {
    recipe: recipe.recipe,
    name: recipe.name,
    version: fullVersion(recipe),
    architecture,
    digest,
    sizeBytes: 1,
    stepKey,
    upstream: recipe.upstream.purl,
    upstreamVersion: recipe.version,
    sourceDigest: digest,
    isolation: 'none',
    sourceEpoch: 0,
  };
}

export function publicationOf(line: Line, composition: Composition, reason: string): ImagePublished {
  return {
    line: line.line,
    repository: line.repository,
    tag: line.tag,
    digest: digestOf(`index of ${composition.digest}`),
    manifests: { amd64: manifestOf(composition) },
    packages: composition.packages.map(({ name, version }) => `${name}=${version}`),
    composition: composition.digest,
    reason,
  };
}

export function manifestOf({ digest }: Composition): Digest {
  return digestOf(`manifest of ${digest}`);
}
