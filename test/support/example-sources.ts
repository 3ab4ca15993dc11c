import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Catalog, Recipe } from '../../src/core/catalog/catalog.ts';
import type { Architecture } from '../../src/core/fact.ts';
import type { BuildSource } from '../../src/factory/build/build-package.ts';
import type { BuiltPackage } from '../../src/factory/build/build.ts';
import { loadCatalog } from '../../src/io/catalog/load-catalog.ts';
import { folderBlobs } from '../../src/io/blobs/folder-blobs.ts';
import { debianRoot } from '../../src/io/debian/debian-root.ts';
import { debianArchive } from '../../src/io/debian/suite-archive.ts';
import { openBuilder, sourceFetcher } from '../../src/wire/open-builder.ts';
import { placesOf } from '../../src/wire/places.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/debian-sources');

/** The recipes of examples/debian-sources, built as a factory builds them, in a folder that stays until it is removed. */
export interface ExampleSources {
  readonly recipes: readonly string[];
  /** What a build takes as given: the root that it happens in, and upstream's archive. */
  given(recipe: string): Promise<{
    readonly recipe: Recipe;
    readonly architecture: Architecture;
    readonly root: string;
    readonly source: BuildSource;
  }>;
  build(recipe: string): Promise<Built>;
}

export interface Built {
  readonly built: BuiltPackage;
  readonly deb: Uint8Array;
  readonly log: string;
  /** From the call to the package in the blob store. */
  readonly wallSeconds: number;
}

/** E0203 where apt reaches no Debian. */
export async function exampleSources(folder: string): Promise<ExampleSources> {
  const catalog = await exampleCatalog();
  const places = placesOf(folder, {});
  const blobs = folderBlobs(places.blobs);
  const suites = debianArchive({ folder: join(places.cache, 'apt'), now: () => Temporal.Now.instant() });
  const [problem] = await suites.refresh(catalog);
  if (problem !== undefined) throw problem;
  const fetchSource = sourceFetcher(places, suites);
  const builder = openBuilder(catalog, { places, blobs, suites, fetchSource });
  const architecture: Architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const named = (name: string): Recipe => {
    const recipe = catalog.recipes.find((each) => each.recipe === name);
    assert.ok(recipe !== undefined, `${name} is a recipe of the example`);
    return recipe;
  };
  return {
    recipes: catalog.recipes.map(({ recipe }) => recipe),
    async given(name) {
      const recipe = named(name);
      assert.ok(recipe.root !== null && recipe.source.kind !== 'none');
      const { folder: root } = await debianRoot(recipe.root, architecture, {
        pool: await suites.pool(recipe.root.suites, architecture),
        space: await suites.space(architecture),
        folder: join(places.cache, 'roots'),
      });
      return { recipe, architecture, root, source: await fetchSource(recipe.source) };
    },
    async build(name) {
      const started = performance.now();
      const built = await builder.build({
        recipe: named(name),
        architecture,
        catalogFile: async () => new Uint8Array(),
      });
      const wallSeconds = (performance.now() - started) / 1000;
      const bytesOf = async (digest: BuiltPackage['digest']) => (await blobs.get(digest)) ?? new Uint8Array();
      const log = new TextDecoder().decode(await bytesOf(built.log));
      return { built, deb: await bytesOf(built.digest), log, wallSeconds };
    },
  };
}

async function exampleCatalog(): Promise<Catalog> {
  const loaded = await loadCatalog(EXAMPLE);
  assert.ok(loaded.kind === 'catalog');
  return loaded.catalog;
}
