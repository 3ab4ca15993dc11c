import type { WatchedImport } from '../../src/factory/watch-groups.ts';
import { noSuites } from '../support/no-suites.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Looker } from '../../src/factory/look.ts';
import { emptyFeedMemory, type FeedReader, ingestFeeds } from '../../src/factory/ingest-feeds.ts';
import { emptyWatchMemory, watchUpstreams } from '../../src/factory/watch-upstreams.ts';
import type { memoryStore } from '../support/memory-store.ts';
import type { World } from './world.ts';

const EVERY_SECONDS = 1800;

/** The real stages that look at feeds and upstreams, over the simulated world's answers. */
export function lookAtWorld(world: World, store: ReturnType<typeof memoryStore>): Looker {
  const clock = { now: () => world.now };
  const feedMemory = emptyFeedMemory();
  const watchMemory = emptyWatchMemory();
  const upstreams = { listTags: (repository: string) => tagsOf(world, repository) };
  const feed = [{ kind: 'osv' as const, from: 'the world' }];
  const packages = new Set(world.script.upstreams);
  const feeds = feedOf(world);
  return async (catalog) => {
    const ingested = await ingestFeeds(
      feed,
      { packages: () => packages, everySeconds: EVERY_SECONDS, mayHaveGrown: false },
      feedMemory,
      {
        clock,
        facts: store.facts,
        blobs: { put: (bytes) => world.putBlob(bytes) },
        feeds,
      },
    );
    const { facts, looks } = store;
    const blobs = { put: (bytes: Uint8Array) => world.putBlob(bytes) };
    const deps = { clock, facts, looks, blobs, upstreams, suites: noSuites, everySeconds: EVERY_SECONDS };
    const watched = await watchUpstreams({ recipes: catalog.recipes, imports: NONE }, watchMemory, deps);
    return [...ingested.problems, ...watched.problems];
  };
}

/** The same list each time, so that the groups are made once. */
const NONE: readonly WatchedImport[] = [];

async function tagsOf(world: World, repository: string) {
  if (world.inTrouble('upstream-down'))
    throw new Failure('E0203', `${repository} cannot be reached`, { retryable: true });
  const known = world.inTrouble('upstream-empty') ? [] : [...(world.tags.get(repository) ?? [])];
  const tags = known.map(([name, objectId]) => ({ name, objectId, commit: `commit of ${objectId}` }));
  return { tags, answer: Buffer.from(JSON.stringify(tags)) };
}

function feedOf(world: World): FeedReader {
  let since: Temporal.Instant | undefined;
  return {
    async read(_feed, { onlyChanged }) {
      if (world.inTrouble('feed')) throw new Failure('E0201', 'The feed does not answer', { retryable: true });
      return { items: items(world, onlyChanged ? since : undefined), settled: async () => void (since = world.now) };
    },
  };
}

async function* items(world: World, since: Temporal.Instant | undefined) {
  for (const { advisory, at } of world.advisories.values()) {
    if (since !== undefined && Temporal.Instant.compare(at, since) < 0) continue;
    const record = {
      schema_version: '1.7.0',
      id: advisory.id,
      modified: at.toString(),
      published: at.toString(),
      ...(advisory.withdrawn ? { withdrawn: at.toString() } : {}),
      aliases: advisory.aliases,
      severity: advisory.level === null ? [] : [{ type: 'CVSS_V3', score: VECTORS[advisory.level] }],
      affected: [
        {
          package: {
            ecosystem: 'OSS-Fuzz',
            name: advisory.upstream.slice('pkg:generic/'.length),
            purl: advisory.upstream,
          },
          ranges: [
            {
              type: 'ECOSYSTEM',
              events: [{ introduced: '0' }, ...(advisory.fixed === null ? [] : [{ fixed: advisory.fixed }])],
            },
          ],
        },
      ],
    };
    yield {
      kind: 'item' as const,
      name: `${advisory.id}.json`,
      bytes: new TextEncoder().encode(JSON.stringify(record)),
      observedAt: world.now,
    };
  }
}

const VECTORS = {
  critical: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  high: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
  medium: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:L/I:L/A:N',
  low: 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N',
};
