import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { after, before, describe, test } from 'node:test';
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

describe('bad input, through the command line', () => {
  const shown: string[] = [];
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
    for (const bad of cases) {
      test(`${group}: ${bad.name}`, async (t) => {
        const skipped = bad.skip?.();
        if (skipped !== undefined) return t.skip(skipped);
        const [text, json] = [await copyOf(world, 'text'), await copyOf(world, 'json')];
        const undo = [await bad.breaks?.(text), await bad.breaks?.(json)];
        try {
          const [asText, asJson] = await Promise.all([
            runSuture(text, bad.argv, bad.prefix?.(text)),
            runSuture(json, [...bad.argv, '--json'], bad.prefix?.(json)),
          ]);
          shown.push(
            `${bad.name}\n$ suture ${bad.argv.join(' ')}   exits ${asText.exitCode}\n\n${plain(asText, text)}`,
          );
          saysIt(bad, asText, asJson);
        } finally {
          for (const each of undo) await each?.();
        }
        for (const each of [text, json]) await keepsAll(bad, each, good);
      });
    }
  }

  test('what people read: golden', (t) => {
    matchesGolden(t, 'bad-input.txt', shown.map((each) => `${each.trimEnd()}\n`).join(`\n${'-'.repeat(80)}\n`));
  });

  /** Without what differs from machine to machine and from run to run. */
  function plain({ out, err }: Ran, { folder }: World): string {
    return `${out}${err}`
      .replaceAll(folder, 'WORLD')
      .replaceAll(world.folder, 'WORLD')
      .replaceAll(root, 'ROOT')
      .replaceAll(hostname(), 'HOST')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
      .replace(/\b\d\d:\d\d:\d\dZ/g, 'TIME')
      .replace(/process \d+/g, 'process PID')
      .replace(/\b[0-9a-f]{64}\b/g, 'HEX')
      .replace(/\b[0-9a-f]{40}\b/g, 'COMMIT')
      .replace(/\b(amd64|arm64|x86_64|aarch64)\b/g, 'ARCH');
  }
});

/** One error with its code, in words and in JSON, and the same exit code. */
function saysIt(bad: BadInput, text: Ran, json: Ran): void {
  const all = `${text.out}${text.err}`;
  assert.deepEqual({ text: text.exitCode, json: json.exitCode }, { text: bad.exitCode, json: bad.exitCode }, all);
  assert.doesNotMatch(all, /^\s+at .+:\d+:\d+\)?$/m, 'no stack trace');
  assert.doesNotMatch(all, /\u001b|\u009b|\u202e/, 'nothing that moves a terminal');
  if (bad.says !== undefined) assert.match(all, bad.says);
  const codes = bad.code === null ? [] : [bad.code];
  assert.deepEqual(
    [...all.matchAll(/error\[(E\d{4})\]/g)].map(([, code]) => code),
    codes,
    all,
  );
  const problems = problemsIn(JSON.parse(json.out));
  assert.deepEqual(
    problems.map((problem) => problem['code']),
    codes,
    json.out,
  );
  for (const problem of problems) {
    for (const key of ['type', 'title', 'detail', 'at', 'retryable', 'exitCode'])
      assert.ok(problem[key] !== undefined, `the error has ${key}: ${JSON.stringify(problem)}`);
    assert.ok(problem['kept'] !== undefined || problem['hint'] !== undefined, 'it says what was kept, or what to do');
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
