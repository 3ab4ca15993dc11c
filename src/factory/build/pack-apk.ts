import type { Recipe } from '../../core/catalog/catalog.ts';
import type { Digest } from '../../core/digest.ts';
import type { Architecture } from '../../core/fact.ts';
import type { Component } from '../../core/match/inventory.ts';
import { type PackageSigner, writePackage } from '../../formats/apk/write-package.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';

export interface FetchedSource {
  readonly entries: readonly TarEntry[];
  readonly digest: Digest;
  readonly commit: string | null;
  /** Unix seconds. */
  readonly epoch: number;
}

/** What a build left, to be packed. */
export interface BuiltContents {
  readonly recipe: Recipe;
  readonly version: string;
  readonly architecture: Architecture;
  readonly source: FetchedSource;
  readonly files: readonly TarEntry[];
}

export function packApk(built: BuiltContents, signer: PackageSigner | undefined): Uint8Array {
  const { recipe, version, architecture, source, files } = built;
  const input = {
    name: recipe.name,
    version,
    architecture,
    origin: recipe.recipe,
    description: recipe.description,
    license: recipe.license,
    url: '',
    commit: source.commit,
    builddate: source.epoch,
    dependencies: recipe.dependencies,
    provides: recipe.provides,
    replaces: recipe.replaces,
    components: [componentOf(recipe)],
  };
  return writePackage(input, files, signer);
}

/** The package itself: built from this upstream, with what our patches remove. */
export function componentOf(recipe: Recipe): Component {
  return {
    purl: `${recipe.upstream.purl}@${recipe.version}`,
    version: recipe.version,
    scheme: recipe.upstream.scheme,
    upstream: recipe.upstream.purl,
    stream: recipe.upstream.stream,
    edge: 'is',
    package: recipe.name,
    patched: [...new Set(recipe.patches.flatMap((patch) => patch.fixes))].toSorted(),
  };
}
