import { noSuites } from '../../test/support/no-suites.ts';
import assert from 'node:assert/strict';
import { digestOf } from '../core/digest.ts';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { recipe } from '../../test/support/literals.ts';
import type { Recipe } from '../core/catalog/catalog.ts';
import type { Fact } from '../core/fact.ts';
import type { SeenTag } from '../core/upstream/release-news.ts';
import { listTags } from '../io/git/list-tags.ts';
import { openStore, type Store } from '../io/store/open-store.ts';
import { emptyWatchMemory, type UpstreamTags, type WatchReport, watchUpstreams } from './watch-upstreams.ts';

/** A real git repository, a real store, and a clock that goes five minutes on with each look. */
class World {
  readonly folder: string;
  readonly repository: string;
  readonly store: Store;
  readonly recipes: readonly Recipe[];
  memory = emptyWatchMemory();
  now = Temporal.Instant.from('2026-03-01T10:00:00Z');

  constructor(folder: string, store: Store, recipes: readonly Partial<Recipe>[]) {
    this.folder = folder;
    this.store = store;
    this.repository = `file://${folder}/upstream`;
    const source = { kind: 'git', repository: this.repository, tag: 'v1.0.0', expectedCommit: null } as const;
    this.recipes = recipes.map((change) => recipe({ source, ...change }));
    this.git('init', '-q', 'upstream');
  }

  git(...args: readonly string[]): string {
    const env = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', PATH: process.env['PATH'] };
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
    const cwd = args[0] === 'init' ? this.folder : join(this.folder, 'upstream');
    return execFileSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8' }).trim();
  }

  release(...tags: readonly string[]): void {
    for (const tag of tags) {
      this.git('commit', '-q', '--allow-empty', '-m', tag);
      this.git('tag', '-a', '-m', tag, tag);
    }
  }

  readonly blobs = new Map<string, string>();

  async look(upstreams: UpstreamTags = { listTags }, everySeconds = 0): Promise<WatchReport> {
    this.now = this.now.add({ minutes: 5 });
    const { facts, looks } = this.store;
    const clock = { now: () => this.now };
    const things = { recipes: this.recipes, imports: [] };
    const blobs = {
      put: async (bytes: Uint8Array) => {
        const digest = digestOf(bytes);
        this.blobs.set(digest, Buffer.from(bytes).toString());
        return digest;
      },
    };
    const deps = { clock, facts, looks, blobs, upstreams, suites: noSuites, everySeconds };
    return watchUpstreams(things, this.memory, deps);
  }

  async facts(): Promise<readonly Fact[]> {
    const facts: Fact[] = [];
    for await (const fact of this.store.facts.facts()) facts.push(fact);
    return facts;
  }

  /** `type version [from, to]`, times of this day. */
  async story(): Promise<readonly string[]> {
    const time = (instant: Temporal.Instant) =>
      instant.epochMilliseconds === 0 ? 'ever' : instant.toString().slice(11, 16);
    return (await this.facts()).map(({ type, at, payload }) => {
      const what = 'version' in payload ? payload.version : 'versions' in payload ? payload.versions.join(' ') : '';
      return `${type} ${what} [${time(at.from)}, ${time(at.to)}]`;
    });
  }
}

async function world(t: TestContext, ...recipes: readonly Partial<Recipe>[]): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-watch-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const holder: { world?: World } = {};
  const clock = { now: () => holder.world?.now ?? Temporal.Instant.from('2026-03-01T10:00:00Z') };
  const store = await openStore({ url: join(folder, 'store.db'), clock });
  t.after(() => store.close());
  holder.world = new World(folder, store, recipes.length === 0 ? [{}] : recipes);
  return holder.world;
}

test('watchUpstreams() records what it sees first, and nothing while the answer stays the same', async (t) => {
  const w = await world(t);
  w.release('v1.0.0', 'v2.0.0', 'not-a-version');
  assert.deepEqual(await w.look(), { looked: 1, appended: 2, problems: [] });
  assert.equal((await w.look()).appended, 0);
  assert.deepEqual(await w.story(), ['looked 1.0.0 2.0.0 [10:05, 10:05]', 'release-observed 1.0.0 [ever, 10:05]']);
});

test('watchUpstreams() puts a release between the last look without it and the first sighting', async (t) => {
  const w = await world(t);
  w.release('v1.0.0');
  await w.look();
  await w.look();
  await w.look();
  w.release('v1.0.1');
  await w.look();
  assert.deepEqual((await w.story()).slice(2), [
    'looked 1.0.0 [10:05, 10:15]',
    'looked 1.0.0 1.0.1 [10:20, 10:20]',
    'release-observed 1.0.1 [10:15, 10:20]',
  ]);
  const [observed] = (await w.facts()).flatMap((fact) =>
    fact.type === 'release-observed' && fact.payload.version === '1.0.1' ? [fact.payload] : [],
  );
  assert.equal(observed?.objectId, w.git('rev-parse', 'v1.0.1'));
  assert.equal(observed?.commit, w.git('rev-parse', 'v1.0.1^{}'));
  assert.deepEqual([observed?.stream, observed?.form, observed?.ref], ['1.0', 'git-tag', 'v1.0.1']);
});

test('watchUpstreams() goes on from the ledger after a restart', async (t) => {
  const w = await world(t);
  w.release('v1.0.0');
  await w.look();
  w.memory = emptyWatchMemory();
  assert.equal((await w.look()).appended, 0);
  w.release('v1.0.1');
  w.memory = emptyWatchMemory();
  await w.look();
  assert.ok((await w.story()).includes('release-observed 1.0.1 [10:10, 10:15]'));
});

test('watchUpstreams() marks a release candidate, and passes over what the filter ignores', async (t) => {
  const update = { enabled: true, stripPrefix: 'v', versionPrefix: '1.0.', ignore: ['^1\\.0\\.9$'] };
  const w = await world(t, { update });
  w.release('v1.0.1-rc.1', 'v1.0.9');
  await w.look();
  const releases = (await w.facts()).filter((fact) => fact.type === 'release-observed');
  assert.deepEqual(
    releases.map(({ payload }) => [payload.version, payload.prerelease]),
    [['1.0.1-rc.1', true]],
  );
});

test('watchUpstreams() dates a release that a new recipe takes by when it was there first', async (t) => {
  const w = await world(t);
  w.release('v1.0.0');
  await w.look();
  w.release('v1.1.0');
  await w.look();
  await w.look();
  const [first = recipe()] = w.recipes;
  const update = { ...first.update, versionPrefix: '1.1.' };
  Object.assign(w, {
    recipes: [first, { ...first, recipe: 'hello-1.1', upstream: { ...first.upstream, stream: '1.1' }, update }],
  });
  await w.look();
  assert.equal((await w.story()).at(-1), 'release-observed 1.1.0 [10:05, 10:10]');
});

test('watchUpstreams() withdraws what upstream takes back, and takes it again when it returns', async (t) => {
  const w = await world(t);
  w.release('v1.0.0', 'v1.0.1');
  await w.look();
  const id = w.git('rev-parse', 'v1.0.1');
  w.git('tag', '-d', 'v1.0.1');
  await w.look();
  assert.equal((await w.story()).at(-1), 'release-withdrawn 1.0.1 [10:05, 10:10]');
  assert.equal((await w.look()).appended, 0);
  w.git('update-ref', 'refs/tags/v1.0.1', id);
  await w.look();
  assert.equal((await w.story()).at(-1), 'release-observed 1.0.1 [10:15, 10:20]');
  w.git('tag', '-d', 'v1.0.1');
  await w.look();
  assert.equal((await w.story()).at(-1), 'release-withdrawn 1.0.1 [10:20, 10:25]');
});

test('watchUpstreams() withdraws a tag that points at other code, says so, and builds nothing from it by itself', async (t) => {
  const w = await world(t);
  w.release('v1.0.0', 'v1.0.1');
  await w.look();
  w.git('commit', '-q', '--allow-empty', '-m', 'other');
  w.git('tag', '-f', '-a', '-m', 'again', 'v1.0.1');
  const report = await w.look();
  assert.deepEqual(
    report.problems.map(({ code }) => code),
    ['E0204'],
  );
  assert.equal((await w.story()).at(-1), 'release-withdrawn 1.0.1 [10:05, 10:10]');
  const again = await w.look();
  assert.deepEqual([again.appended, again.problems.length], [0, 1]);
  const subject = `release pkg:generic/hello@1.0.1 ${w.git('rev-parse', 'v1.0.1^{}')}`;
  assert.ok(again.problems[0]?.detail.hint?.includes(subject));
  const payload = { subject, decision: 'approved', reason: 'compared' } as const;
  await w.store.facts.append([
    { type: 'review-decided', at: { from: w.now, to: w.now }, by: 'a person', payload, evidence: [] },
  ]);
  const approved = await w.look();
  assert.deepEqual([approved.appended, approved.problems.length], [1, 0]);
});

test('watchUpstreams() takes a tag that was only signed again for the same', async (t) => {
  const w = await world(t);
  w.release('v1.0.0');
  await w.look();
  w.git('tag', '-f', '-a', '-m', 'signed again', 'v1.0.0', 'v1.0.0^{}');
  assert.deepEqual(await w.look(), { looked: 1, appended: 0, problems: [] });
});

test('watchUpstreams() withdraws nothing on an outage: it is reported, left alone for a while, and asked again', async (t) => {
  const w = await world(t);
  w.release('v1.0.0');
  await w.look();
  renameSync(join(w.folder, 'upstream'), join(w.folder, 'away'));
  const report = await w.look();
  assert.deepEqual([report.looked, report.appended, report.problems[0]?.code], [0, 0, 'E0203']);
  assert.equal((await w.look()).problems.length, 1);
  const asked: string[] = [];
  const counting = {
    listTags: (repository: string) => {
      asked.push(repository);
      return listTags(repository);
    },
  };
  w.now = w.now.subtract({ minutes: 4 });
  assert.deepEqual(await w.look(counting), { looked: 0, appended: 0, problems: [] });
  assert.deepEqual(asked, []);
  renameSync(join(w.folder, 'away'), join(w.folder, 'upstream'));
  w.release('v1.0.1');
  await w.look(counting);
  assert.equal((await w.story()).at(-1), 'release-observed 1.0.1 [10:05, 10:21]');
});

test('watchUpstreams() does not believe an empty answer, nor one in which most releases vanished at once', async (t) => {
  const w = await world(t);
  w.release('v1.0.0', 'v1.0.1', 'v1.0.2', 'v1.0.3');
  await w.look();
  const lying = (tags: readonly SeenTag[]): UpstreamTags => ({
    listTags: async () => ({ tags, answer: Buffer.alloc(0) }),
  });
  const all = (await listTags(w.repository)).tags;
  for (const tags of [[], all.slice(0, 1)]) {
    w.memory = emptyWatchMemory();
    const report = await w.look(lying(tags));
    assert.deepEqual([report.appended, report.problems[0]?.code], [0, 'E0204']);
  }
  assert.equal((await w.look(lying(all.slice(0, 2)))).problems.length, 0);
});

test('watchUpstreams() keeps what was answered where it brought news, and names it', async (t) => {
  const w = await world(t);
  w.release('v1.0.0');
  await w.look();
  await w.look();
  assert.equal(w.blobs.size, 1);
  w.release('v1.0.1');
  await w.look();
  const observed = (await w.facts()).findLast(({ type }) => type === 'release-observed');
  const [digest = ''] = observed?.evidence ?? [];
  assert.match(w.blobs.get(digest) ?? '', /\trefs\/tags\/v1\.0\.1\^\{\}\n/);
});

test('watchUpstreams() asks once for recipes of one upstream, and not again before its time', async (t) => {
  const w = await world(t, {}, { recipe: 'hello-2.0' });
  w.release('v1.0.0');
  let asked = 0;
  const counting: UpstreamTags = {
    listTags: (repository) => {
      asked += 1;
      return listTags(repository);
    },
  };
  await w.look(counting, 600);
  await w.look(counting, 600);
  assert.equal(asked, 1);
  await w.look(counting, 600);
  assert.equal(asked, 2);
});

test("watchUpstreams() believes an author's date only where it lies between the looks", async (t) => {
  const w = await world(t);
  w.release('v1.0.0');
  await w.look();
  w.release('v1.0.1', 'v1.0.2');
  const dates: Readonly<Record<string, string>> = {
    'v1.0.1': '2026-03-01T10:07:00Z',
    'v1.0.2': '2020-01-01T00:00:00Z',
  };
  const authoredAt = async (_: string, tag: SeenTag) => Temporal.Instant.from(dates[tag.name] ?? '');
  await w.look({ listTags, authoredAt });
  assert.deepEqual((await w.story()).slice(-2), [
    'release-observed 1.0.1 [10:07, 10:10]',
    'release-observed 1.0.2 [10:05, 10:10]',
  ]);
});
