import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { debianRoot } from '../../src/io/debian/debian-root.ts';
import { runInSandbox } from '../../src/io/sandbox/run-in-sandbox.ts';
import { differences, linesOfFolder, type TreeLines } from '../support/compared-trees.ts';
import { debianPackages } from '../support/debian-packages.ts';
import { dpkgUnpack, mergedLinks } from '../support/dpkg-unpack.ts';
import { isolationOr } from '../support/isolation.ts';
import type { RootOrder } from '../support/make-debian-root.ts';
import { toolPath } from '../support/tool.ts';

const isLong = process.env['SUTURE_LONG'] === '1';
const wanted = isLong
  ? 'gcc g++ make libc6-dev autoconf automake libtool cmake ninja-build pkg-config python3'.split(' ')
  : 'gcc make libc6-dev'.split(' ');

const scratch = mkdtempSync(join(tmpdir(), 'suture-roots-'));
chmodSync(scratch, 0o755); // another user reads it too
after(() => rmSync(scratch, { recursive: true, force: true }));

interface Made {
  readonly folder: string;
  readonly order: Omit<RootOrder, 'folder'>;
}

let made: Promise<Made | undefined> | undefined;

/** The root that all tests here look at, made once. */
async function madeRoot(t: TestContext): Promise<Made | undefined> {
  made ??= makeRoot(t);
  const there = await made;
  if (there === undefined) t.skip('skipped: there is nothing to make a root of');
  return there;
}

async function makeRoot(t: TestContext): Promise<Made | undefined> {
  const debian = await debianPackages(t);
  if (debian === undefined) return undefined;
  let order: Made['order'] = { wanted, packages: [], files: [] };
  const downloadPackages: typeof debian.downloadPackages = async (packages) => {
    const downloads = await debian.downloadPackages(packages);
    const named = packages.map(({ name, version }) => debian.pool.named(name).find((one) => one.version === version));
    order = { wanted, packages: named.filter((one) => one !== undefined), files: [...downloads.files] };
    return downloads;
  };
  const { folder } = await debianRoot({ packages: wanted, suites: debian.suites }, 'amd64', {
    pool: debian.pool,
    space: { downloadPackages },
    folder: join(scratch, 'roots'),
  });
  t.diagnostic(`${order.packages.length} packages`);
  return { folder, order };
}

test('debianRoot() is for an ordinary user what it is for root, owners aside', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('skipped: only root can become somebody else');
  const setpriv = toolPath(t, 'setpriv');
  const there = setpriv === undefined ? undefined : await madeRoot(t);
  if (setpriv === undefined || there === undefined) return;
  const home = join(scratch, 'home');
  mkdirSync(home, { mode: 0o777 });
  chmodSync(home, 0o777);
  const order: RootOrder = { ...there.order, folder: join(home, 'roots') };
  writeFileSync(join(scratch, 'order.json'), JSON.stringify(order));
  const script = join(import.meta.dirname, '../support/make-debian-root.ts');
  const asNobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
  if (spawnSync(setpriv, [...asNobody, 'test', '-r', script]).status !== 0) {
    return t.skip('skipped: nobody else may read this checkout');
  }
  const words = [...asNobody, process.execPath, '--disable-warning=ExperimentalWarning', script];
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: home };
  const run = spawnSync(setpriv, [...words, join(scratch, 'order.json')], { env, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  assert.equal(lstatSync(run.stdout).uid, 65_534);
  assert.deepEqual(differences(withoutOwners(run.stdout), withoutOwners(there.folder)), []);
});

function withoutOwners(folder: string): TreeLines {
  const lines = [...linesOfFolder(folder)];
  return new Map(lines.map(([path, line]) => [path, line.replace(/ \d+:\d+/, '').replace(/^(symlink \d+) \d+/, '$1')]));
}

test('debianRoot() holds what dpkg unpacks, special bits and owners aside', { skip: !isLong }, async (t) => {
  if (process.getuid?.() !== 0) return t.skip('skipped: dpkg unpacks for root alone');
  const there = await madeRoot(t);
  if (there === undefined) return;
  const theirs = mkdtempSync(join(scratch, 'dpkg-'));
  dpkgUnpack(
    there.order.files.map(([, path]) => path),
    theirs,
  );
  const plain = (folder: string): TreeLines =>
    new Map(
      [...withoutOwners(folder)].flatMap(([path, line]) =>
        isOurs(path)
          ? []
          : [[path.replace(/\.dpkg-new$/, ''), line.replace(/^(\w+) [1-7](\d{3}\b)/, '$1 $2')] as const],
      ),
    );
  const ours = plain(there.folder);
  const found = differences(ours, plain(theirs)).filter((path) => !isAlternative(path, ours));
  assert.deepEqual(found, []);
  rmSync(theirs, { recursive: true });
});

/** What stands in for dpkg's configuring and for maintainer scripts, and what a root to build in needs besides. */
function isOurs(path: string): boolean {
  if (/^(var\/lib\/dpkg|etc\/alternatives|home)(\/|$)/.test(path)) return true;
  return /^(etc\/(passwd|group)|dev|proc|root|tmp)$/.test(path) || mergedLinks.some((name) => isMerged(path, name));
}

function isMerged(path: string, name: string): boolean {
  return path === name || path === `usr/${name}`;
}

function isAlternative(path: string, ours: TreeLines): boolean {
  return ours.get(path)?.includes('-> /etc/alternatives/') === true;
}

test('debianRoot() has a database that dpkg finds no fault with', async (t) => {
  const there = await madeRoot(t);
  if (there === undefined) return;
  for (const action of ['--verify', '--audit']) {
    const run: SpawnSyncReturns<string> = spawnSync('dpkg', [`--root=${there.folder}`, action], { encoding: 'utf8' });
    assert.deepEqual([run.stdout, run.stderr, run.status], ['', '', 0], action);
  }
});

const hello = '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n';

const builds: readonly {
  readonly what: string;
  readonly long: boolean;
  readonly files: Readonly<Record<string, string>>;
  readonly script: string;
}[] = [
  {
    what: 'cc and make',
    long: false,
    files: { 'hello.c': hello, Makefile: 'hello: hello.c\n\tcc -O2 -o $@ hello.c\n' },
    script: 'make -s && ./hello',
  },
  {
    what: 'what no package brings: awk, which, sh',
    long: false,
    files: {},
    script: "for name in sh awk which cc; do which $name >/dev/null; done; echo hello | awk '{ print $1 }'",
  },
  {
    what: 'autoconf, automake and libtool',
    long: true,
    files: {
      'named.c': 'const char *named(void) { return "hello"; }\n',
      'main.c': '#include <stdio.h>\nconst char *named(void);\nint main(void) { return puts(named()) < 0; }\n',
      'configure.ac':
        'AC_INIT([hello], [1])\nAM_INIT_AUTOMAKE([foreign])\nAC_PROG_CC\nLT_INIT\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n',
      'Makefile.am':
        'lib_LTLIBRARIES = libnamed.la\nlibnamed_la_SOURCES = named.c\n' +
        'bin_PROGRAMS = hello\nhello_SOURCES = main.c\nhello_LDADD = libnamed.la\n',
    },
    script:
      '{ libtoolize && aclocal && automake --add-missing && autoconf && ./configure && make; } >log 2>&1 || cat log >&2; ./hello',
  },
  {
    what: 'cmake, ninja and c++',
    long: true,
    files: {
      'hello.cc': '#include <iostream>\nint main() { std::cout << "hello\\n"; }\n',
      'CMakeLists.txt': 'cmake_minimum_required(VERSION 3.25)\nproject(hello CXX)\nadd_executable(hello hello.cc)\n',
    },
    script: 'cmake -G Ninja -B build . >log && cmake --build build >log && which c++ >/dev/null && build/hello',
  },
  {
    what: 'python3 and pkg-config',
    long: true,
    files: {},
    script: 'pkg-config --version >/dev/null && python3 -c "import json, hashlib, zlib; print(\'hello\')"',
  },
];

for (const { what, long, files, script } of builds) {
  test(`debianRoot() builds with ${what}`, { skip: long && !isLong }, async (t) => {
    const isolation = await isolationOr(t, 'bubblewrap');
    const there = isolation === undefined ? undefined : await madeRoot(t);
    if (there === undefined) return;
    const home = mkdtempSync(join(scratch, 'build-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text);
    }
    const result = await runInSandbox(
      {
        root: there.folder,
        mounts: [{ from: home, to: '/home/build', writable: true }],
        command: ['/bin/sh', '-e', '-c', script],
        cwd: '/home/build',
        env: { PATH: '/usr/bin:/bin', HOME: '/home/build' },
        timeoutSeconds: 120,
        memoryBytes: 1024 ** 3,
        outputBytesMax: 65_536,
        network: false,
      },
      isolation,
    );
    assert.equal(result.stdout, 'hello\n', result.stderr);
    assert.equal(result.exitCode, 0);
  });
}
