import type { RegistryTarget } from '../core/catalog/catalog.ts';
import type { Digest } from '../core/digest.ts';
import { invariant } from '../core/invariant.ts';
import type { Inventory } from '../core/match/inventory.ts';
import { decodeInventory } from '../core/match/inventory-json.ts';
import { folderBlobs } from '../io/blobs/folder-blobs.ts';
import { readFolder } from '../io/files/read-folder.ts';
import { replaceFolder } from '../io/files/replace-folder.ts';
import type { FeedCommandDeps } from '../serve/cli/feed.ts';
import { type FeedDeps, lookUpFeed } from '../serve/look-up-feed.ts';
import { checkFeed } from '../views/feed/check-feed.ts';
import type { openReading } from './open-reading.ts';
import { placesFrom } from './places-from.ts';
import { programVersion } from './program-version.ts';

/** `suture feed`: checking needs no catalog. */
export const feedCommandDeps: FeedCommandDeps = {
  async world(cwd, asOf) {
    const read = await (await import('./open-reading.ts')).openReading(cwd);
    try {
      return await lookUpFeed(asOf, await feedDeps(cwd, read));
    } finally {
      await read.close();
    }
  },
  write: replaceFolder,
  async check(folder) {
    const files = [];
    for await (const file of readFolder(folder)) files.push(file);
    return checkFeed(files);
  },
};

type Reading = Awaited<ReturnType<typeof openReading>>;

/** What the feeds are made of, over a store that is open for reading. */
export async function feedDeps(cwd: string, read: Reading): Promise<FeedDeps> {
  const { blobs: folder } = await placesFrom(cwd);
  const blobs = folderBlobs(folder);
  const known = new Map<Digest, Inventory>();
  return {
    facts: read.facts,
    obligations: read.obligations,
    now: () => read.now(),
    programVersion,
    async inventory(digest) {
      const inventory = known.get(digest) ?? decodeInventory(await kept(digest));
      known.set(digest, inventory);
      return inventory;
    },
    async publisher() {
      const catalog = await read.catalog();
      const prefix = catalog === null ? '' : publicPrefix(catalog.registry);
      return { name: catalog?.name ?? 'suture', publicName: (repository) => `${prefix}${repository}` };
    },
  };

  async function kept(digest: Digest): Promise<Uint8Array> {
    const bytes = await blobs.get(digest);
    invariant(bytes !== undefined, `the inventory ${digest} is kept as long as the fact that names it`);
    return bytes;
  }
}

/** As `reachRegistry` names them, without opening it. */
function publicPrefix(target: RegistryTarget): string {
  if (target.kind === 'embedded') return target.port === 0 ? 'localhost/' : `127.0.0.1:${target.port}/`;
  return target.repositoryPrefix === '' ? `${target.host}/` : `${target.host}/${target.repositoryPrefix}/`;
}
