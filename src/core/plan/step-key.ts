import type { Recipe } from '../catalog/catalog.ts';
import { digestOf } from '../digest.ts';
import type { Architecture } from '../fact.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';

/**
 * The identity of a build, from what is desired alone: what goes into the package, its source, its patches, the
 * architecture and the rebuild counter (`epoch`). The build root and the compiler are recorded, never compared: only a
 * decision raises the counter. How releases are watched and where the file lies change nothing.
 */
export function stepKey(recipe: Recipe, architecture: Architecture): string {
  const known = keys.get(recipe) ?? new Map<Architecture, string>();
  keys.set(recipe, known);
  const key = known.get(architecture) ?? keyOf(recipe, architecture);
  known.set(architecture, key);
  return key;
}

/** Remembered per recipe: hashing thousands of them in every turn would cost more than all the rest of the plan. */
const keys = new WeakMap<Recipe, Map<Architecture, string>>();

function keyOf(recipe: Recipe, architecture: Architecture): string {
  const desired = {
    v: 1,
    kind: 'build-package',
    architecture,
    name: recipe.name,
    origin: recipe.recipe,
    version: recipe.version,
    epoch: recipe.epoch,
    description: recipe.description,
    license: recipe.license,
    dependencies: recipe.dependencies,
    upstream: { purl: recipe.upstream.purl, stream: recipe.upstream.stream, scheme: recipe.upstream.scheme },
    source: sourceIdentity(recipe.source),
    patches: recipe.patches.map(({ file, fixes, digest }) => ({ content: digest ?? file, fixes })),
    steps: recipe.steps.map(({ name, runs }) => ({ name, runs })),
    tests: recipe.tests.map(({ name, runs }) => ({ name, runs })),
    environment: recipe.environment,
    // Left out where there is none: what was built before debs were known keeps its key.
    ...(recipe.root === null ? {} : { format: recipe.format, root: recipe.root }),
    ...(recipe.provides.length + recipe.replaces.length === 0
      ? {}
      : { provides: recipe.provides, replaces: recipe.replaces }),
  };
  return digestOf(canonicalJson(desired)).slice('sha256:'.length);
}

/** Which suites are looked at says where an archive comes from, not what it is. */
function sourceIdentity(source: Recipe['source']) {
  if (source.kind !== 'debian') return source;
  const { kind, source: name, version, expectedSha256 } = source;
  return { kind, source: name, version, expectedSha256 };
}
