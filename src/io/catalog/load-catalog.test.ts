import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { catalogFiles } from '../../../test/support/catalog-files.ts';
import { jsonSchema } from '../../formats/catalog/json-schemas.ts';
import { showProblems } from '../../formats/catalog/show-problem.ts';
import { loadCatalog } from './load-catalog.ts';
import { writeSchemas } from './write-schemas.ts';

function folderWith(t: TestContext, files: ReadonlyMap<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-catalog-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function problemsOf(folder: string): Promise<readonly (readonly [string, string, string | undefined])[]> {
  const loaded = await loadCatalog(folder);
  assert.ok(loaded.kind === 'problems');
  return loaded.problems.map(({ code, message, detail }) => [code, message, detail.at]);
}

test('loadCatalog() finds suture.yaml upward', async (t) => {
  const folder = folderWith(t, catalogFiles({ 'recipes/hello/notes.txt': 'x' }));
  const loaded = await loadCatalog(join(folder, 'recipes/hello'));
  assert.ok(loaded.kind === 'catalog');
  assert.equal(loaded.folder, folder);
  assert.equal(loaded.catalog.build.root, join(folder, 'root'));
  assert.deepEqual(
    loaded.catalog.recipes.map(({ recipe }) => recipe),
    ['greeting', 'hello'],
  );
});

test('loadCatalog() does not look above the top of a git repository', async (t) => {
  const folder = folderWith(t, catalogFiles());
  mkdirSync(join(folder, 'inner/.git'), { recursive: true });
  const found = await problemsOf(join(folder, 'inner'));
  assert.deepEqual(
    found.map(([code]) => code),
    ['E0103'],
  );
});

test('loadCatalog() follows a link inside the catalog', async (t) => {
  const folder = folderWith(t, catalogFiles({ 'patches/shared.patch': '' }));
  rmSync(join(folder, 'patches/CVE-2099-0001.patch'));
  symlinkSync('shared.patch', join(folder, 'patches/CVE-2099-0001.patch'));
  assert.equal((await loadCatalog(folder)).kind, 'catalog');
});

test('loadCatalog() refuses links out of the catalog, to nothing and in circles, each once', async (t) => {
  const folder = folderWith(t, catalogFiles());
  symlinkSync('/etc/hostname', join(folder, 'lines/outside.yaml'));
  symlinkSync('nowhere.yaml', join(folder, 'lines/nowhere-else.yaml'));
  symlinkSync('circle.yaml', join(folder, 'lines/circle.yaml'));
  rmSync(join(folder, 'patches/CVE-2099-0001.patch'));
  symlinkSync('/etc/hostname', join(folder, 'patches/CVE-2099-0001.patch'));
  assert.deepEqual(await problemsOf(folder), [
    ['E0101', 'this link leads back to itself', 'lines/circle.yaml:1:1'],
    ['E0101', 'this link leads to nothing', 'lines/nowhere-else.yaml:1:1'],
    ['E0101', 'this link leads out of the catalog', 'lines/outside.yaml:1:1'],
    ['E0101', 'this link leads out of the catalog', 'patches/CVE-2099-0001.patch:1:1'],
  ]);
});

test('loadCatalog() refuses a folder that is a link out of the catalog', async (t) => {
  const files = catalogFiles();
  files.delete('lines/hello.yaml');
  const folder = folderWith(t, files);
  symlinkSync(tmpdir(), join(folder, 'lines'));
  assert.deepEqual(await problemsOf(folder), [['E0101', 'this link leads out of the catalog', 'lines:1:1']]);
});

test('loadCatalog() refuses what is too large, no text and no file', async (t) => {
  const folder = folderWith(t, new Map<string, string | Uint8Array>(catalogFiles()));
  writeFileSync(join(folder, 'lines/large.yaml'), `# ${'x'.repeat(1 << 20)}\n`);
  writeFileSync(join(folder, 'lines/latin.yaml'), Uint8Array.of(0x23, 0xe4, 0x0a));
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(folder, 'lines/pipe.yaml')]);
  mkdirSync(join(folder, 'recipes/1/2/3/4/5/6/7/8/9'), { recursive: true });
  assert.deepEqual(await problemsOf(folder), [
    ['E0101', 'this file is larger than 1 MiB', 'lines/large.yaml:1:1'],
    ['E0101', 'this file is not text in UTF-8', 'lines/latin.yaml:1:1'],
    ['E0101', 'this is not a file', 'lines/pipe.yaml:1:1'],
    ['E0101', 'folders are nested deeper than 8', 'recipes/1/2/3/4/5/6/7/8:1:1'],
  ]);
});

test('writeSchemas() writes the schemas that the starter points to', async (t) => {
  const folder = folderWith(t, new Map());
  const written = await writeSchemas(folder);
  assert.equal(written.length, 5);
  const text = await readFile(join(folder, '.suture/schema/recipe.json'), 'utf8');
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(jsonSchema('recipe'))));
});

const examples = join(import.meta.dirname, '../../../examples');

for (const name of readdirSync(examples)) {
  test(`loadCatalog() accepts examples/${name}`, {
    skip: !existsSync(join(examples, name, 'suture.yaml')),
  }, async () => {
    const loaded = await loadCatalog(join(examples, name));
    assert.equal(loaded.kind === 'problems' ? showProblems(loaded.problems) : '', '');
  });
}
