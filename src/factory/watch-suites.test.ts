import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { digestOf } from '../core/digest.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { recipe } from '../../test/support/literals.ts';
import type { Recipe } from '../core/catalog/catalog.ts';
import { openStore, type Store } from '../io/store/open-store.ts';
import type { SuitesSeen, WatchedImport } from './watch-groups.ts';
import { emptyWatchMemory, watchUpstreams } from './watch-upstreams.ts';

const START = Temporal.Instant.from('2026-03-01T10:00:00Z');

/** Suites that show what a test says, a real store, and a clock that goes five minutes on with each turn. */
class World {
  readonly store: Store;
  /** Versions by suite. */
  readonly shown = new Map<string, readonly string[]>();
  memory = emptyWatchMemory();
  now = START;
  #asked = this.now;

  constructor(store: Store) {
    this.store = store;
  }

  async turn(
    things: { readonly recipes?: readonly Recipe[]; readonly imports?: readonly WatchedImport[] },
    { online = true } = {},
  ): Promise<number> {
    this.now = this.now.add({ minutes: 5 });
    if (online) this.#asked = this.now;
    const { facts, looks } = this.store;
    const seen = (suites: readonly string[]): Promise<SuitesSeen> => {
      const names = [...new Set(suites.flatMap((suite) => this.shown.get(suite) ?? []))];
      const tags = names.map((name) => ({ name, objectId: '', commit: `archive of ${name}` }));
      return Promise.resolve({
        tags,
        asked: { from: this.#asked, to: this.#asked },
        answers: async () => [Buffer.from(names.join())],
      });
    };
    const report = await watchUpstreams({ recipes: [], imports: [], ...things }, this.memory, {
      clock: { now: () => this.now },
      facts,
      looks,
      blobs: { put: async (bytes) => digestOf(bytes) },
      upstreams: { listTags: async () => ({ tags: [], answer: Buffer.alloc(0) }) },
      suites: { archives: (_, suites) => seen(suites), offered: (_, suites) => seen(suites) },
      everySeconds: 0,
    });
    assert.deepEqual(report.problems, []);
    return report.appended;
  }

  /** `version stream [from, to]` and withdrawals, times of this day. */
  async releases(): Promise<readonly string[]> {
    const time = (instant: Temporal.Instant) =>
      instant.epochMilliseconds === 0 ? 'ever' : instant.toString().slice(11, 16);
    const told: string[] = [];
    for await (const { type, at, payload } of this.store.facts.facts()) {
      if (type === 'release-observed')
        told.push(`${payload.version} ${payload.stream} [${time(at.from)}, ${time(at.to)}]`);
      if (type === 'release-withdrawn') told.push(`${payload.version} withdrawn`);
    }
    return told;
  }
}

async function world(t: TestContext): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-watch-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const holder: { world?: World } = {};
  const store = await openStore({ url: join(folder, 'store.db'), clock: { now: () => holder.world?.now ?? START } });
  t.after(() => store.close());
  holder.world = new World(store);
  return holder.world;
}

function imported(release: string, ...suites: readonly string[]): WatchedImport {
  return { source: 'pcre2', release, binaries: ['libpcre2-8-0'], suites };
}

function expat(...suites: readonly string[]): Recipe {
  return recipe({ source: { kind: 'debian', source: 'expat', version: '1.0.0', suites, expectedSha256: null } });
}

test('watchUpstreams(): one source in two releases of a distribution has looks and releases in both', async (t) => {
  const w = await world(t);
  const imports = [imported('12', 'bookworm'), imported('13', 'trixie')];
  w.shown.set('bookworm', ['10.42-4']);
  w.shown.set('trixie', ['10.46-1']);
  assert.equal(await w.turn({ imports }), 4);
  assert.equal(await w.turn({ imports }), 0);
  assert.equal(await w.turn({ imports }), 0);
  w.shown.set('trixie', ['10.46-1', '10.46-1+deb13u1']);
  w.memory = emptyWatchMemory();
  await w.turn({ imports });
  assert.deepEqual(await w.releases(), [
    '10.42-4 12 [ever, 10:05]',
    '10.46-1 13 [ever, 10:05]',
    '10.46-1+deb13u1 13 [10:15, 10:20]',
  ]);
});

test('watchUpstreams(): one version in two releases is a release of each', async (t) => {
  const w = await world(t);
  w.shown.set('trixie', ['10.46-1']);
  w.shown.set('forky', ['10.46-1']);
  await w.turn({ imports: [imported('13', 'trixie'), imported('14', 'forky')] });
  assert.deepEqual(await w.releases(), ['10.46-1 13 [ever, 10:05]', '10.46-1 14 [ever, 10:05]']);
});

test('watchUpstreams(): what is read again without asking the archive is no look', async (t) => {
  const w = await world(t);
  const imports = [imported('12', 'bookworm')];
  w.shown.set('bookworm', ['1-1']);
  await w.turn({ imports });
  for (let turn = 0; turn < 3; turn += 1) await w.turn({ imports }, { online: false });
  w.shown.set('bookworm', ['1-1', '1-1+deb12u1']);
  await w.turn({ imports });
  assert.deepEqual((await w.releases()).at(-1), '1-1+deb12u1 12 [10:05, 10:25]');
});

test('watchUpstreams(): what a suite shows that was not looked at before may always have been there', async (t) => {
  const w = await world(t);
  w.shown.set('bookworm', ['1-1']);
  w.shown.set('bookworm-security', ['1-1+deb12u1']);
  await w.turn({ imports: [imported('12', 'bookworm')] });
  await w.turn({ imports: [imported('12', 'bookworm', 'bookworm-security')] });
  assert.deepEqual(await w.releases(), ['1-1 12 [ever, 10:05]', '1-1+deb12u1 12 [ever, 10:10]']);
});

test('watchUpstreams(): a suite that a recipe names no more takes nothing back', async (t) => {
  const w = await world(t);
  w.shown.set('bookworm', ['1.0.0']);
  w.shown.set('sid', ['1.0.3']);
  await w.turn({ recipes: [expat('bookworm', 'sid')] });
  await w.turn({ recipes: [expat('bookworm')] });
  assert.deepEqual(await w.releases(), ['1.0.0 1.0 [ever, 10:05]', '1.0.3 1.0 [ever, 10:05]']);
});
