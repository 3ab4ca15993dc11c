import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { goProgram } from '../../../test/support/go-program.ts';
import { toolPath } from '../../../test/support/tool.ts';
import { zipOf } from '../../../test/support/zip.ts';
import { inventoryOfFolder } from './inventory-of-folder.ts';

function folderOf(t: TestContext, files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-scan-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const lodash = '{"name":"lodash","version":"4.17.21"}';
const placed = (folder: string) =>
  inventoryOfFolder(folder).inventory.components.map(({ purl, location }) => `${purl} ${location}`);

test('inventoryOfFolder() finds what is installed, with nothing of the disk but what it needs', (t) => {
  const folder = folderOf(t, {
    'app/node_modules/lodash/package.json': lodash,
    'app/node_modules/lodash/lodash.js': 'x',
    'opt/lib-1.jar': zipOf({ 'META-INF/maven/g/lib/pom.properties': 'groupId=g\nartifactId=lib\nversion=1\n' }),
    'venv/pip-23.0.dist-info/METADATA': 'Name: pip\nVersion: 23.0\n\n',
  });
  assert.deepEqual(placed(folder), [
    'pkg:maven/g/lib@1 opt/lib-1.jar',
    'pkg:npm/lodash@4.17.21 app/node_modules/lodash/package.json',
    'pkg:pypi/pip@23.0 venv/pip-23.0.dist-info/METADATA',
  ]);
});

test('inventoryOfFolder() finds a Go program by its bytes, whatever it is called', (t) => {
  const program = goProgram(t, {});
  if (program === undefined) return;
  const found = placed(folderOf(t, { 'bin/hello-1.0': program }));
  assert.equal(found.length, 5);
  assert.ok(found.includes('pkg:golang/example.com/dep@v1.2.3 bin/hello-1.0'), found.join());
});

test('inventoryOfFolder() follows no links, waits for no pipe and names what it may not read', (t) => {
  const outside = folderOf(t, { 'lodash/package.json': lodash });
  const folder = folderOf(t, { 'node_modules/a/package.json': '{', plain: '' });
  symlinkSync(outside, join(folder, 'node_modules/linked'));
  symlinkSync('..', join(folder, 'node_modules/up'));
  symlinkSync(join(outside, 'lodash/package.json'), join(folder, 'node_modules/a/linked.jar'));
  const mkfifo = toolPath(t, 'mkfifo');
  if (mkfifo !== undefined) execFileSync(mkfifo, [join(folder, 'pipe')]);
  const { inventory, unread } = inventoryOfFolder(folder);
  assert.deepEqual(inventory, { packages: [], components: [] });
  assert.deepEqual(unread, ['node_modules/a/package.json']);
});

test('inventoryOfFolder() refuses what is no folder', (t) => {
  const folder = folderOf(t, { file: '' });
  for (const path of [join(folder, 'file'), join(folder, 'none')]) {
    assert.throws(() => inventoryOfFolder(path), { code: 'E0902' });
  }
});

test('inventoryOfFolder() agrees with pip on what pip installed', (t) => {
  const python = toolPath(t, 'python3');
  if (python === undefined) return;
  const script = `import json, sysconfig, importlib.metadata as m
path = sysconfig.get_paths()["purelib"]
print(json.dumps([path, [[d.metadata["Name"], d.version] for d in m.distributions(path=[path]) if d.metadata["Name"]]]))`;
  const [path, installed] = JSON.parse(execFileSync(python, ['-c', script], { encoding: 'utf8' })) as [
    string,
    readonly (readonly [string, string])[],
  ];
  if (installed.length === 0) return t.skip('skipped: nothing is installed for Python');
  const expected = installed.map(
    ([name, version]) => `pkg:pypi/${name.toLowerCase().replace(/[-_.]+/g, '-')} ${version}`,
  );
  const { components } = inventoryOfFolder(path).inventory;
  const found = components.flatMap((one) => (one.purl.startsWith('pkg:pypi/') ? `${one.upstream} ${one.version}` : []));
  assert.deepEqual(new Set(found), new Set(expected));
});
