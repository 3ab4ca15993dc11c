import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { catalogFiles } from '../../test/support/catalog-files.ts';
import { Failure } from '../core/failure.ts';
import { catalogInForce } from './catalog-in-force.ts';
import { openCatalog } from './open-catalog.ts';
import { placesOf } from './places.ts';

const at = Temporal.Instant.from('2099-01-05T12:00:00Z');
const clock = { now: () => at };
const files = catalogFiles();
const apartYaml = `${files.get('suture.yaml')}changes: apart\n`;
const recipe = files.get('recipes/hello.yaml') ?? '';

function folderWith(t: TestContext, change: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-open-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of catalogFiles(change)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function commitAll(folder: string): void {
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
  git('init', '--quiet');
  git('add', '.');
  git('-c', 'user.name=Eve', '-c', 'user.email=eve@h.example', 'commit', '--quiet', '-m', 'Start');
}

const versionIn = ({
  recipes,
}: {
  readonly recipes: readonly { readonly recipe: string; readonly version: string }[];
}) => recipes.find((each) => each.recipe === 'hello')?.version;

test('openCatalog() with changes apart: what Suture merges is in force, and paths are those of the folder', async (t) => {
  const folder = folderWith(t, { 'suture.yaml': apartYaml });
  const places = placesOf(folder, {});
  const { repository, source } = await openCatalog(places, clock);
  const { catalog } = await source.main();
  assert.deepEqual([versionIn(catalog), catalog.build.root], ['1.0.1', join(folder, 'root')]);
  await repository.commitOnBranch({
    branch: 'suture/hello-1.0.2',
    files: new Map([['recipes/hello.yaml', recipe.replace('1.0.1', '1.0.2')]]),
    message: 'hello: 1.0.1 -> 1.0.2\n',
    at,
  });
  await repository.merge('suture/hello-1.0.2');
  assert.equal(versionIn((await source.main()).catalog), '1.0.2');
  const inForce = await catalogInForce(places);
  assert.ok(inForce.kind === 'catalog');
  assert.deepEqual([versionIn(inForce.catalog), inForce.catalog.build.root], ['1.0.2', join(folder, 'root')]);

  await t.test('a conflict is told, and what was in force goes on, also after a restart', async () => {
    writeFileSync(join(folder, 'recipes/hello.yaml'), recipe.replace('1.0.1', '1.0.3'));
    let main = await source.main();
    for (const until = performance.now() + 20_000; main.problem === undefined && performance.now() < until; ) {
      await pause(20);
      main = await source.main();
    }
    assert.match(main.problem?.detail.why ?? '', /hello\.yaml was raised to 1\.0\.2 by Suture and edited by you/);
    assert.equal(versionIn(main.catalog), '1.0.2');
    const again = await (await openCatalog(places, clock)).source.main();
    assert.deepEqual([again.problem?.code, versionIn(again.catalog)], ['E0804', '1.0.2']);
  });
});

test('openCatalog() is E0101 and makes nothing: suture.yaml does not say clearly where changes go', async (t) => {
  for (const text of [apartYaml.replace('apart', 'aprat'), `${apartYaml}: [`]) {
    const places = placesOf(folderWith(t, { 'suture.yaml': text }), {});
    commitAll(places.catalog);
    await assert.rejects(openCatalog(places, clock), (error) => error instanceof Failure && error.code === 'E0101');
  }
});

test('openCatalog() is E0101: apart as committed, and here as the file lies there', async (t) => {
  const folder = folderWith(t, { 'suture.yaml': apartYaml });
  commitAll(folder);
  writeFileSync(join(folder, 'suture.yaml'), apartYaml.replace('apart', 'here'));
  const { source } = await openCatalog(placesOf(folder, {}), clock);
  await assert.rejects(source.main(), /is apart, and this began with here/);
});

test('catalogInForce() before the first run, and where the file is broken: what the folder says', async (t) => {
  const folder = folderWith(t, { 'suture.yaml': apartYaml });
  assert.equal((await catalogInForce(placesOf(folder, {}))).kind, 'catalog');
  writeFileSync(join(folder, 'suture.yaml'), 'changes: [');
  assert.equal((await catalogInForce(placesOf(folder, {}))).kind, 'problems');
});
