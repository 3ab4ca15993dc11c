import { join } from 'node:path';
import type { Catalog, Recipe } from '../core/catalog/catalog.ts';
import type { Architecture } from '../core/fact.ts';
import { type BuildSource, type FetchableSource, packageBuilder } from '../factory/build/build-package.ts';
import type { PackageBuilder } from '../factory/build/build.ts';
import type { BlobStore } from '../factory/deps.ts';
import { debianRoot } from '../io/debian/debian-root.ts';
import { fetchDebianSource } from '../io/debian/fetch-debian-source.ts';
import type { DebianArchive } from '../io/debian/suite-archive.ts';
import { checkout } from '../io/git/checkout.ts';
import { openRoot } from '../io/sandbox/open-root.ts';
import { openWorkspace, type WorkspaceSettings } from '../io/sandbox/open-workspace.ts';
import { runsHere } from '../io/sandbox/runs-here.ts';
import type { Places } from './places.ts';

export type FetchSource = (source: FetchableSource) => Promise<BuildSource>;

interface BuilderParts {
  readonly places: Places;
  readonly blobs: BlobStore;
  readonly suites: DebianArchive;
  readonly fetchSource: FetchSource;
}

/** The builder of a catalog: each package in the root that its recipe asks for, or in the one that the catalog names. */
export function openBuilder({ build }: Catalog, { places, blobs, suites, fetchSource }: BuilderParts): PackageBuilder {
  const { timeoutSeconds, memoryBytes } = build;
  return packageBuilder({
    blobs,
    fetchSource,
    openWorkspace: async (recipe, architecture) => {
      const root = await rootFor(recipe, architecture, { named: build.root, places, suites });
      return openWorkspace({ ...root, timeoutSeconds, memoryBytes });
    },
    runsHere,
    allowWithoutIsolation: process.env['SUTURE_ALLOW_NO_ISOLATION'] === '1',
  });
}

async function rootFor(
  { root }: Recipe,
  architecture: Architecture,
  { named, places, suites }: Pick<BuilderParts, 'places' | 'suites'> & { readonly named: string },
): Promise<Pick<WorkspaceSettings, 'root' | 'rootDigest' | 'rootLock' | 'shlibs'>> {
  if (root === null) {
    const { folder, digest } = await openRoot(named, places.cache);
    return { root: folder, rootDigest: digest };
  }
  const { folder, digest, lock, shlibs } = await debianRoot(root, architecture, {
    pool: await suites.pool(root.suites, architecture),
    space: await suites.space(architecture),
    folder: join(places.cache, 'roots'),
  });
  return { root: folder, rootDigest: digest, rootLock: new TextEncoder().encode(lock), shlibs };
}

/** Fetches what recipes are built from: tags of repositories, upstream's archives out of Debian's source packages. */
export function sourceFetcher(places: Places, suites: DebianArchive): FetchSource {
  return async (source) => {
    if (source.kind === 'debian') return fetchDebianSource(source, suites);
    const tree = await checkout(source.repository, source, { cacheFolder: places.cache });
    const epoch = Math.trunc(tree.committedAt.epochMilliseconds / 1000);
    return { entries: tree.entries, archive: tree.tar, commit: tree.commit, epoch };
  };
}
