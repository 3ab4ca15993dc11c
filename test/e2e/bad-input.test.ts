import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { detect } from '../../src/io/sandbox/detect-isolation.ts';
import { hostToolsRoot } from '../support/isolation.ts';
import { matchesGolden } from '../support/golden.ts';
import { copyOf, keptIn, type Kept, playWorld, type Ran, runSuture, type World } from '../support/broken-world.ts';
import { archives } from './bad-input/archives.ts';
import { builds } from './bad-input/builds.ts';
import type { BadInput } from './bad-input/case.ts';
import { catalogs } from './bad-input/catalogs.ts';
import { feeds } from './bad-input/feeds.ts';
import { registries } from './bad-input/registries.ts';
import { stores } from './bad-input/stores.ts';
import { upstreams } from './bad-input/upstreams.ts';

const groups: Readonly<Record<string, readonly BadInput[]>> = {
  catalogs,
  feeds,
  upstreams,
  builds,
  archives,
  registries,
  stores,
};

const isolated = (await detect(undefined)).kind !== 'none';
assert.ok(isolated || !(process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('bwrap'), 'bwrap is required');

describe('bad input, through the command line', { skip: isolated ? false : 'skipped: no isolation' }, () => {
  /** By name, in the order of the cases. */
  const shown = new Map<string, string>();
  let world: World;
  let root: string;
  let good: Kept;

  before(async () => {
    world = await playWorld();
    root = await hostToolsRoot();
    good = await keptIn(world);
    assert.deepEqual({ published: good.published, findings: good.findings }, { published: 1, findings: [] });
  });
  after(() => rm(world.folder, { recursive: true, force: true }));

  for (const [group, cases] of Object.entries(groups)) {
    // All worlds share one upstream: what breaks it has it for itself.
    describe(group, { concurrency: group === 'upstreams' ? 1 : 2 }, () => {
      for (const [index, bad] of cases.entries()) test(bad.name, (t) => judge(bad, `${group}-${index}`, t));
    });
  }

  async function judge(bad: BadInput, copy: string, t: TestContext): Promise<void> {
    const skipped = bad.skip?.();
    if (skipped !== undefined) return t.skip(skipped);
    shown.set(bad.name, '');
    const worlds = [await copyOf(world, `${copy}-text`)];
    if (wantsJson(bad, copy)) worlds.push(await copyOf(world, `${copy}-json`));
    const undo = [];
    for (const each of worlds) undo.push(await bad.breaks?.(each));
    try {
      const forms = [[], ['--json']];
      const ran = await Promise.all(
        worlds.map((each, form) => runSuture(each, [...bad.argv, ...(forms[form] ?? [])], bad.prefix?.(each))),
      );
      const [text, json] = ran;
      assert.ok(text !== undefined);
      const head = `${bad.name}\n$ suture ${bad.argv.join(' ')}   exits ${text.exitCode}`;
      shown.set(
        bad.name,
        bad.varies === true ? '' : `${head}\n\n${plain(text, join(world.folder, 'copies', `${copy}-text`))}`,
      );
      saysIt(bad, text);
      if (json !== undefined) saysItInJson(bad, json);
    } finally {
      for (const each of undo) await each?.();
    }
    for (const each of worlds) {
      await keepsAll(bad, each, good);
      await rm(each.folder, { recursive: true });
    }
  }

  test('what people read: golden', (t) => {
    matchesGolden(
      t,
      'bad-input.txt',
      [...shown.values()]
        .filter((each) => each !== '')
        .map((each) => `${each.trimEnd()}\n`)
        .join(`\n${'-'.repeat(80)}\n`),
    );
  });

  /** Without what differs from machine to machine and from run to run. */
  function plain({ out, err }: Ran, folder: string): string {
    return `${out}${err}`
      .replace(/(?<=\S)\n {5}(?=\S)/g, ' ') // where lines break depends on how long paths are
      .replaceAll(folder, 'WORLD')
      .replaceAll(world.folder, 'WORLD')
      .replaceAll(root, 'ROOT')
      .replaceAll(hostname(), 'HOST')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
      .replace(/^\d\d:\d\d:\d\dZ .+\n/gm, '') // progress: other golden files have it
      .replace(/\b\d+ bytes/g, 'N bytes')
      .replace(/sha256\/[0-9a-f]{2}\//g, 'sha256/XX/')
      .replace(/process \d+/g, 'process PID')
      .replace(/\b[0-9a-f]{64}\b/g, 'HEX')
      .replace(/\b[0-9a-f]{40}\b/g, 'COMMIT')
      .replace(/\b(amd64|arm64|x86_64|aarch64)\b/g, 'ARCH');
  }
});

/** One form tells all failed steps and looks: of those every third is enough. */
function wantsJson({ argv }: BadInput, copy: string): boolean {
  return process.env['SUTURE_LONG'] === '1' || argv[0] !== 'run' || Number(copy.split('-')[1]) % 3 === 0;
}

/** One error with its code, in words. */
function saysIt(bad: BadInput, { out, err, exitCode }: Ran): void {
  const all = `${out}${err}`;
  assert.equal(exitCode, bad.exitCode, all);
  assert.doesNotMatch(all, /^\s+at .+:\d+:\d+\)?$/m, 'no stack trace');
  assert.doesNotMatch(all, /[\p{Cf}[\p{Cc}--\n]]/v, 'nothing that moves a terminal');
  if (bad.says !== undefined) assert.match(all, bad.says);
  const errors = all.split(/^(?=error\[)/m).filter((each) => each.startsWith('error['));
  assert.deepEqual(
    errors.map((each) => each.slice(6, 11)),
    bad.code === null ? [] : [bad.code],
    all,
  );
  for (const each of errors) {
    assert.match(each, /^ +┌─ \S/m, 'it says where');
    // A place in a file of the catalog, shown with its line, needs no more words.
    if (!/┌─ .+\.yaml:\d+:\d+$/m.test(each)) assert.match(each, /^ +(= kept|hint:) /m, 'what was kept, or what to do');
  }
}

/** The same in JSON, with the same exit code. */
function saysItInJson(bad: BadInput, { out, exitCode }: Ran): void {
  assert.equal(exitCode, bad.exitCode, out);
  const problems = problemsIn(JSON.parse(out));
  assert.deepEqual(
    problems.map((problem) => problem['code']),
    bad.code === null ? [] : [bad.code],
    out,
  );
  for (const problem of problems) {
    for (const key of ['type', 'title', 'detail', 'at', 'retryable', 'exitCode'])
      assert.ok(problem[key] !== undefined, `the error has ${key}: ${JSON.stringify(problem)}`);
  }
}

type Problem = Readonly<Record<string, unknown>>;

function problemsIn(answer: {
  readonly error?: Problem;
  readonly items?: readonly Problem[];
  readonly problems?: readonly Problem[];
  readonly failed?: readonly Problem[];
  readonly schema?: string;
}): readonly Problem[] {
  if (answer.error !== undefined) return [answer.error];
  if (answer.schema === 'suture/config-check/1') return answer.items ?? [];
  return [...(answer.problems ?? []), ...(answer.failed ?? [])];
}

/** Nothing published, and nothing lost: what was there before is there, in its place. */
async function keepsAll(bad: BadInput, world: World, good: Kept): Promise<void> {
  if (bad.ruins === true) return;
  const kept = await keptIn(world);
  assert.deepEqual(kept.findings, [], 'the ledger verifies');
  assert.deepEqual(kept.facts.slice(0, good.facts.length), good.facts, 'earlier facts are there');
  assert.deepEqual(kept.tags, good.tags, 'no tag was moved or added');
  assert.equal(kept.published, good.published + (bad.publishes ?? 0), 'nothing was published');
}
