import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { hostToolsRoot, isolationOr } from '../../../test/support/isolation.ts';
import type { Recipe } from '../../core/catalog/catalog.ts';
import type { Digest } from '../../core/digest.ts';
import { digestOf } from '../../core/digest.ts';
import type { Architecture } from '../../core/fact.ts';
import { Failure } from '../../core/failure.ts';
import { readPackage } from '../../formats/apk/read-package.ts';
import { parseCatalog } from '../../formats/catalog/parse-catalog.ts';
import { starterFiles } from '../../formats/catalog/starter.ts';
import { checkout } from '../../io/git/checkout.ts';
import { listTags } from '../../io/git/list-tags.ts';
import { writeHistory } from '../../io/git/write-history.ts';
import { openRoot } from '../../io/sandbox/open-root.ts';
import { openWorkspace } from '../../io/sandbox/open-workspace.ts';
import { runInSandbox } from '../../io/sandbox/run-in-sandbox.ts';
import { runsHere } from '../../io/sandbox/runs-here.ts';
import type { IsolationKind } from '../../io/sandbox/sandbox.ts';
import { writeTree } from '../../io/sandbox/write-tree.ts';
import { makeUpstreamRepository } from '../../serve/demo/world/hello/history.ts';
import { helloRecipe } from '../../serve/demo/world/hello/recipe.ts';
import { packageBuilder } from './build-package.ts';

const at = (text: string) => Temporal.Instant.from(text);
let scratch = '';
let root = '';
let repository = '';
const commits = new Map<string, string>();
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'suture-build-test-'));
  root = await hostToolsRoot();
  repository = `file://${join(scratch, 'hello.git')}`;
  await makeUpstreamRepository(
    join(scratch, 'hello.git'),
    [
      { at: at('2026-02-01T10:00:00Z'), happens: { kind: 'release', version: '1.0.0' } },
      { at: at('2026-03-02T11:00:00Z'), happens: { kind: 'merged-fix', vulnerability: 'CVE-2099-0002' } },
      { at: at('2026-03-02T14:00:00Z'), happens: { kind: 'release', version: '1.0.1' } },
    ],
    writeHistory,
  );
  for (const tag of (await listTags(repository)).tags) commits.set(tag.name, tag.commit);
});
after(() => rm(scratch, { recursive: true, force: true }));

function recipeOf(version: string, more: Partial<Recipe> = {}, testLongNames = true): Recipe {
  const files = new Map(starterFiles({ name: 'demo' }));
  for (const name of files.keys()) if (/^(recipes|patches)\//.test(name)) files.delete(name);
  const expectedCommit = commits.get(`v${version}`) ?? '';
  files.set('recipes/hello.yaml', helloRecipe({ repository, version, expectedCommit, testLongNames }));
  const reading = parseCatalog(files, scratch);
  assert.ok(reading.kind === 'catalog', JSON.stringify(reading));
  const [recipe] = reading.catalog.recipes;
  assert.ok(recipe !== undefined);
  return { ...recipe, ...more };
}

interface Built {
  readonly built: Awaited<ReturnType<ReturnType<typeof packageBuilder>['build']>>;
  readonly blobs: ReadonlyMap<Digest, Uint8Array>;
}

async function build(
  t: TestContext,
  recipe: Recipe,
  more: {
    kind?: IsolationKind;
    architecture?: Architecture;
    files?: Readonly<Record<string, string>>;
    allow?: boolean;
  } = {},
): Promise<Built | undefined> {
  const isolation = await isolationOr(t, more.kind ?? 'bubblewrap');
  if (isolation === undefined) return undefined;
  const blobs = new Map<Digest, Uint8Array>();
  const opened = await openRoot(root, join(scratch, 'roots'));
  const builder = packageBuilder({
    blobs: {
      put: async (bytes) => {
        blobs.set(digestOf(bytes), bytes);
        return digestOf(bytes);
      },
    },
    async fetchSource(source) {
      assert.ok(source.kind === 'git');
      const tree = await checkout(source.repository, source, { cacheFolder: join(scratch, 'sources') });
      const epoch = Math.trunc(tree.committedAt.epochMilliseconds / 1000);
      return { entries: tree.entries, archive: tree.tar, commit: tree.commit, epoch };
    },
    openWorkspace: () =>
      openWorkspace({
        root: opened.folder,
        rootDigest: opened.digest,
        timeoutSeconds: 30,
        memoryBytes: 2 * 1024 ** 3,
        isolation,
        scratchFolder: scratch,
      }),
    runsHere,
    allowWithoutIsolation: more.allow ?? false,
  });
  const catalogFile = async (path: string) => Buffer.from(more.files?.[path] ?? '');
  const built = await builder.build({ recipe, architecture: more.architecture ?? hostArchitecture(), catalogFile });
  return { built, blobs };
}

const hostArchitecture = (): Architecture => (process.arch === 'arm64' ? 'arm64' : 'amd64');

const isFailure = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof Failure && error.code === code && words.test(`${error.message}\n${error.detail.why ?? ''}`);

test('build() makes a package that runs from nothing but its own files', async (t) => {
  const result = await build(t, recipeOf('1.0.1'));
  if (result === undefined) return;
  const { built, blobs } = result;
  assert.equal(built.version, '1.0.1-r0');
  assert.equal(built.commit, commits.get('v1.0.1'));
  assert.equal(built.testsRun, 2);
  assert.equal(built.sourceEpoch, at('2026-03-02T14:00:00Z').epochMilliseconds / 1000);
  assert.ok(blobs.has(built.sourceDigest) && blobs.has(built.log));

  const bytes = blobs.get(built.digest);
  assert.ok(bytes !== undefined);
  const { files } = readPackage(bytes, { archive: 'hello.apk' });
  const program = files.find((file) => file.path === 'usr/bin/hello');
  assert.equal(program?.mode, 0o755);
  const image = await mkdtemp(join(scratch, 'image-'));
  await writeTree(image, files);
  const isolation = await isolationOr(t, 'bubblewrap');
  const run = await runInSandbox(
    {
      root: image,
      mounts: [],
      command: ['/usr/bin/hello', 'Ada'],
      cwd: '/',
      env: {},
      timeoutSeconds: 10,
      memoryBytes: 64 * 1024 ** 2,
      outputBytesMax: 4096,
      network: false,
      user: { uid: 65532, gid: 65532 },
    },
    isolation,
  );
  assert.equal(run.stdout, 'hello 1.0.1: hello, Ada!\n', run.stderr);
});

test('build() is bit for bit the same: again, and by another kind of isolation', async (t) => {
  const one = await build(t, recipeOf('1.0.1'));
  const two = await build(t, recipeOf('1.0.1'));
  const other = await build(t, recipeOf('1.0.1'), { kind: 'unshare' });
  if (one === undefined || two === undefined || other === undefined) return;
  assert.equal(two.built.digest, one.built.digest);
  assert.equal(two.built.log, one.built.log);
  assert.equal(other.built.digest, one.built.digest);
});

test('build() for the other architecture: built here, its tests left for there', async (t) => {
  const architecture = hostArchitecture() === 'amd64' ? 'arm64' : 'amd64';
  const result = await build(t, recipeOf('1.0.1'), { architecture });
  if (result === undefined || runsHere(architecture)) return;
  assert.equal(result.built.testsRun, 0);
  const log = new TextDecoder().decode(result.blobs.get(result.built.log));
  assert.match(log, /tests not run: \w+ programs do not run here/);
});

test('build() is E0402: the test of a flaw fails where the flaw is', async (t) => {
  await assert.rejects(
    async () => (await build(t, recipeOf('1.0.0'))) ?? Promise.reject(new Failure('E0402', 'cuts long names')),
    isFailure('E0402', /hello-1\.0\.0-r0 for \w+: test: cuts long names: exit code 1/),
  );
});

const patch = `--- a/hello.asm
+++ b/hello.asm
@@ -10,5 +10,6 @@
 next:
         letter                  ; letter = *from++
         jump-if-end print
+        jump-if-full print
         keep                    ; *into++ = letter
         jump next
`;

test('build() applies patches: the flaw is gone and the package says so', async (t) => {
  const patches = [{ file: 'patches/bound.patch', fixes: ['CVE-2099-0001'] }];
  const result = await build(t, recipeOf('1.0.0', { patches, epoch: 1 }), { files: { 'patches/bound.patch': patch } });
  if (result === undefined) return;
  assert.equal(result.built.version, '1.0.0-r1');
  assert.equal(result.built.testsRun, 2);
  const { components } = readPackage(result.blobs.get(result.built.digest) ?? new Uint8Array(), {
    archive: 'hello.apk',
  });
  assert.deepEqual(
    components.map(({ purl, edge, patched }) => ({ purl, edge, patched })),
    [{ purl: 'pkg:generic/hello@1.0.0', edge: 'is', patched: ['CVE-2099-0001'] }],
  );
});

test('build() is E0402: patches that do not apply, leave the tree, or go through a link', async (t) => {
  const patches = [{ file: 'patches/x.patch', fixes: [] }];
  const bad = [
    patch.replace('jump-if-end print', 'jump-if-end elsewhere'),
    '--- a/../outside\n+++ b/../outside\n@@ -0,0 +1 @@\n+x\n',
    'diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+/tmp\n\\ No newline at end of file\n' +
      'diff --git a/link/x b/link/x\nnew file mode 100644\n--- /dev/null\n+++ b/link/x\n@@ -0,0 +1 @@\n+x\n',
    'no patch at all\n',
  ];
  for (const text of bad) {
    if ((await isolationOr(t, 'bubblewrap')) === undefined) return;
    await assert.rejects(
      build(t, recipeOf('1.0.0', { patches }), { files: { 'patches/x.patch': text } }),
      isFailure('E0402', /the patch patches\/x\.patch does not apply/),
    );
  }
});

test('build() is E0402 with recipe, step, exit code and the last lines; the log is kept', async (t) => {
  if ((await isolationOr(t, 'bubblewrap')) === undefined) return;
  const cases: readonly (readonly [string, RegExp])[] = [
    ['seq 1 9; echo no compiler >&2; exit 3', /break: exit code 3\n6\n7\n8\n9\nno compiler/],
    ['false; echo still here', /break: exit code 1/],
    [
      'mkdir -p melange-out/hello; cp /usr/bin/true melange-out/hello/t; chmod 4755 melange-out/hello/t',
      /which no package may hold/,
    ],
    ['mkdir -p melange-out; ln -s /etc melange-out/hello', /which no package may hold/],
  ];
  for (const [runs, words] of cases) {
    await assert.rejects(build(t, recipeOf('1.0.1', { steps: [{ name: 'break', runs }] })), isFailure('E0402', words));
  }
});

test('build() is E0405: the tag is not the expected commit', async (t) => {
  const source = { kind: 'git', repository, tag: 'v1.0.1', expectedCommit: 'a'.repeat(40) } as const;
  await assert.rejects(
    async () => (await build(t, recipeOf('1.0.1', { source }))) ?? Promise.reject(new Failure('E0405', 'expects')),
    isFailure('E0405', /expects/),
  );
});

test('build() is E0403: no isolation, unless that is allowed, and then the package says so', async (t) => {
  await assert.rejects(build(t, recipeOf('1.0.1'), { kind: 'none' }), isFailure('E0403', /nothing here can isolate/));
  const result = await build(t, recipeOf('1.0.1'), { kind: 'none', allow: true });
  assert.equal(result?.built.isolation, 'none');
});
