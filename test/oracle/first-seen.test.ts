import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewFact } from '../../src/core/fact.ts';
import { firstSeen, type FirstSeen } from '../../src/core/match/first-seen.ts';
import { emptyHistory, evolve } from '../../src/core/promise/obligations.ts';
import { parseFeedJson } from '../../src/formats/feed-json.ts';
import { parseOsv } from '../../src/formats/osv/parse-osv.ts';
import { gitText } from '../../src/io/git/git.ts';
import { eachBlob, type FileChange, pathHistory } from '../../src/io/git/path-history.ts';
import { factsFrom } from '../support/literals.ts';

/** Git folder of a clone of the Go vulnerability database: its commits say when each record said what. */
const gitFolder = process.env['SUTURE_VULNDB_GIT'];
const skip =
  process.env['SUTURE_LONG'] !== '1' || gitFolder === undefined
    ? 'skipped: needs SUTURE_LONG=1 and SUTURE_VULNDB_GIT, the git folder of a clone of the Go vulnerability database'
    : false;
const SAMPLE = 240;

/**
 * Until 2023-05-16 the events of this record said "fixed 0.8.5-security1, fixed 0.7.4-security1" without an `introduced`
 * in between: no range ended with the second one, so nothing that was affected was said to be fixed by it.
 */
const EXPLAINED = ['GO-2023-1515 0.7.4-security1: 1684271846000, its text says so since 1676391552000'];

/**
 * A `fixed` that follows another one, in the order of versions, with no `introduced` between them: it ends no range (OSV
 * schema, "Evaluation"), so these records name no fix by it.
 */
const ENDS_NOTHING = [
  'GO-2025-4121 5.21.5',
  'GO-2025-4121 6.6',
  'GO-2025-4148 4.2.1-0.20171004194140-6d3cb2ce07fc',
  'GO-2025-4191 4.2.1-0.20171004192657-8fbbd688ea24',
  'GO-2026-4282 4.2.1-0.20171013140502-b3e4b0ac9168',
  'GO-2026-5306 5.21.5',
  'GO-2026-5306 6.8',
];

test('firstSeen() agrees with the commits of the Go vulnerability database', { skip }, async (t) => {
  assert.ok(gitFolder !== undefined);
  const changes = await pathHistory({ gitFolder, paths: ['data/osv'] });
  const texts = await textsOf(gitFolder, changes);
  const seen = firstSeenIn(changes, texts);
  const named = [...seen].flatMap(([id, each]) => namings(each).map((naming) => ({ id, ...naming })));
  t.diagnostic(`${changes.length} versions of ${seen.size} records; ${named.length} fixes named`);

  // Without our readers: which was the first text of the file that says "fixed": "V"?
  const other = named.flatMap(({ id, version, at }) => {
    const first = changes.find(
      ({ path, blob }) => path.endsWith(`/${id}.json`) && saysFixed(texts.get(blob ?? '') ?? '', version),
    );
    const expected = first?.committedAt.epochMilliseconds;
    return expected === at ? [] : [`${id} ${version}: ${at}, its text says so since ${expected}`];
  });
  assert.deepEqual(other, EXPLAINED);

  // Nothing that a text names is left out, unless the record was withdrawn when it did.
  const names = new Set(named.map(({ id, version }) => `${id} ${version}`));
  const left = changes.flatMap(({ path, blob }) => {
    const text = texts.get(blob ?? '') ?? '';
    const id = idOf(path);
    return /"withdrawn"/.test(text)
      ? []
      : fixedIn(text).flatMap((version) => (names.has(`${id} ${version}`) ? [] : `${id} ${version}`));
  });
  assert.deepEqual([...new Set(left)].toSorted(), ENDS_NOTHING);

  // By git itself, for records that changed their minds and for some of the others.
  const later = named.filter(({ id, at }) => at !== seen.get(id)?.published.to);
  const rest = named.filter((each) => !later.includes(each));
  const every = Math.max(1, Math.floor(rest.length / SAMPLE));
  const sample = [...later.slice(0, SAMPLE / 2), ...rest.filter((_, index) => index % every === 0)].slice(0, SAMPLE);
  for (const { id, version, at } of sample) {
    const args = ['log', '--reverse', '--format=%ct', `-S"fixed": "${version}"`, 'HEAD', '--', `data/osv/${id}.json`];
    const dates = await gitText({ args, env: { GIT_DIR: gitFolder } }, 'E0203', id);
    if (EXPLAINED.some((each) => each.startsWith(`${id} ${version}:`))) continue;
    assert.equal(at / 1000, Number(dates.split('\n')[0]), `${id} ${version}`);
  }
  t.diagnostic(
    `${named.length - EXPLAINED.length} of ${named.length} agree with the texts; ${sample.length} agree with git log -S (${later.length} of all were named after publication)`,
  );
});

async function textsOf(gitDir: string, changes: readonly FileChange[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const blobs = changes.flatMap(({ blob }) => blob ?? []);
  for await (const [blob, bytes] of eachBlob(gitDir, blobs)) texts.set(blob, new TextDecoder().decode(bytes));
  return texts;
}

/** Through the ledger's own way: each version is a fact of the instant at which its commit landed. */
function firstSeenIn(
  changes: readonly FileChange[],
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, FirstSeen> {
  const facts = changes.flatMap(({ path, blob, committedAt: at }): readonly NewFact[] => {
    if (blob === null) return [];
    const bytes = new TextEncoder().encode(texts.get(blob) ?? '');
    const payload = parseOsv(parseFeedJson(bytes, path), { name: path, source: 'govulndb', observedAt: at });
    return [{ type: 'advisory-recorded', at: { from: at, to: at }, by: 'test', payload, evidence: [] }];
  });
  const history = emptyHistory(() => undefined);
  for (const fact of factsFrom(facts)) evolve(history, fact);
  return new Map(
    [...history.records.values()].flatMap(({ id, versions }) => {
      const seen = firstSeen(versions);
      return seen === undefined ? [] : [[id, seen] as const];
    }),
  );
}

/** The first time that each version was named, in whatever branch and package. */
function namings({ branches }: FirstSeen): readonly { readonly version: string; readonly at: number }[] {
  const first = new Map<string, number>();
  for (const { version, seen, kind } of branches.flatMap(({ changes }) => changes)) {
    if (kind !== 'withdrawn') first.set(version, Math.min(seen.to, first.get(version) ?? Infinity));
  }
  return [...first].map(([version, at]) => ({ version, at }));
}

function saysFixed(text: string, version: string): boolean {
  return text.includes(`"fixed": "${version}"`);
}

function fixedIn(text: string): readonly string[] {
  return [...text.matchAll(/"fixed": "([^"]+)"/g)].map(([, version]) => version ?? '');
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.json'.length);
}
