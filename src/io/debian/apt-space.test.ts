import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { sha256, signedArchive } from '../../../test/support/signed-archive.ts';
import type { SignedArchive } from '../../../test/support/signed-archive.ts';
import { toolPath } from '../../../test/support/tool.ts';
import { Failure } from '../../core/failure.ts';
import { parseStanza } from '../../formats/deb/control-file.ts';
import { openAptSpace } from './apt-space.ts';
import type { AptSpace, AptSpaceSettings } from './apt-space.ts';

const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
const modulePath = join(import.meta.dirname, 'apt-space.ts');

// Packages of the made-up archive: the bytes are no real packages, and apt does not look inside.
const deb = { path: 'pool/main/h/hello/hello_1+b~1_all.deb', text: 'a package' };
const other = { path: 'pool/main/o/other/other_2_all.deb', text: 'another package' };
const tarball = { path: 'pool/main/h/hello/hello_1.orig.tar.xz', text: 'a tarball' };
const packages = [stanzaOf('hello', '1:1+b~1', deb), stanzaOf('other', '2', other)].join('\n');
const sources = `Package: hello
Version: 1:1-1
Directory: pool/main/h/hello
Checksums-Sha256:
 ${sha256('not there')} 9 hello_1-1.dsc
 ${sha256(tarball.text)} ${tarball.text.length} hello_1.orig.tar.xz
`;
const hello = wantedOf('hello', '1:1+b~1', deb);
const content = { packages, sources };

test('openAptSpace(): the indexes, packages and tarballs of a signed archive, and offline afterwards', async (t) => {
  const made = madeUp(t);
  if (made === undefined) return;
  const space = await openAptSpace(made.settings);
  await assert.rejects(space.indexes(), { code: 'E0203' });
  assert.deepEqual(await space.update(), { notes: [] });
  const hostile = [
    { ...hello, name: '-oDir=x' },
    { ...hello, version: '1 2' },
    { ...hello, file: { ...hello.file, path: '../etc/x' } },
  ];
  const gone = wantedOf('hello', '9', { path: 'pool/main/h/hello/hello_9_all.deb', text: 'gone' });
  const answer = await space.downloadPackages([gone, hello, wantedOf('other', '2', other), ...hostile]);
  assert.deepEqual(
    [...answer.files.values()].map((path) => readFileSync(path, 'utf8')),
    [deb.text, other.text],
  );
  assert.deepEqual(
    answer.missing.map(({ name, version }) => [name, version]),
    [
      ['-oDir=x', '1:1+b~1'],
      ['hello', '1 2'],
      ['hello', '1:1+b~1'],
      ['hello', '9'],
    ],
  );
  assert.match(answer.missing.at(-1)?.why ?? '', /no such file/i);
  assert.equal((await space.downloadTarball('hello', '1:1-1', expectedTarball())).kind, 'file');
  const absent = { ...expectedTarball(), name: 'hello_9.orig.tar.xz', sha256: sha256('9') };
  assert.equal((await space.downloadTarball('hello', '9-1', absent)).kind, 'missing');

  renameSync(made.archive.folder, `${made.archive.folder}.away`);
  const later = await openAptSpace(made.settings);
  const [suite, ...others] = await later.indexes();
  assert.deepEqual([suite?.suite, suite?.codename, others], ['bookworm', 'bookworm', []]);
  assert.equal(readFileSync(suite?.packages[0] ?? '', 'utf8'), packages);
  assert.equal(readFileSync(suite?.sources[0] ?? '', 'utf8'), sources);
  assert.match(readFileSync(suite?.release ?? '', 'utf8'), /^Codename: bookworm$/m);
  assert.equal((await later.downloadPackages([hello])).files.size, 1);
  assert.equal((await later.downloadTarball('hello', '1:1-1', expectedTarball())).kind, 'file');
});

test('update() takes over options for reaching archives, and runs no hook', async (t) => {
  const made = madeUp(t);
  if (made === undefined) return;
  const mark = join(made.settings.folder, 'mark');
  const etcApt = made.settings.etcApt ?? '';
  mkdirSync(join(etcApt, 'apt.conf.d'), { recursive: true });
  const hooks = ['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success'].map(
    (name) => `APT::Update::${name} {"touch ${mark}"};\n`,
  );
  writeFileSync(
    join(etcApt, 'apt.conf.d/90ours'),
    `${hooks.join('')}Acquire::http::Timeout "7";\nAcquire::Languages "de";\n`,
  );
  await (await openAptSpace(made.settings)).update();
  assert.equal(existsSync(mark), false);
  const config = readFileSync(join(made.settings.folder, 'etc/apt.conf'), 'utf8');
  assert.match(config, /^Acquire::http::Timeout "7";$/m);
  assert.doesNotMatch(config, /touch|"de"/);
});

const damages: readonly {
  readonly situation: string;
  readonly code: string;
  readonly words: RegExp;
  readonly damage: (archive: SignedArchive) => void;
}[] = [
  {
    situation: 'a Release that was changed after it was signed',
    code: 'E0301',
    words: /^The signature of bookworm does not verify: /,
    damage: ({ folder, put }) => {
      const text = readFileSync(join(folder, 'dists/bookworm/InRelease'), 'utf8');
      put('dists/bookworm/InRelease', text.replace('Label: Debian', 'Label: Debiam'));
    },
  },
  {
    situation: 'a Release without signature',
    code: 'E0301',
    words: /^The signature of bookworm does not verify: /,
    damage: (archive) => {
      rmSync(join(archive.folder, 'dists/bookworm/InRelease'));
      archive.publish('bookworm', { ...content, signed: false });
    },
  },
  {
    situation: 'an index that is not what its Release says',
    code: 'E0301',
    words: /^An index of bookworm is not what its Release says: /,
    damage: (archive) => {
      archive.publish('bookworm', { ...content, packages: `${packages}\n` });
      archive.put('dists/bookworm/main/binary-amd64/Packages', `${packages}#`);
      archive.put('dists/bookworm/main/binary-arm64/Packages', `${packages}#`);
    },
  },
  {
    situation: 'an index past its date',
    code: 'E0203',
    words: /^bookworm cannot be reached: .*expired/,
    damage: (archive) =>
      archive.publish('bookworm', { ...content, release: ['Valid-Until: Sun, 02 Aug 2026 00:00:00 UTC'] }),
  },
  {
    situation: 'no such suite',
    code: 'E0203',
    words: /^bookworm does not exist there: /,
    damage: ({ folder }) => rmSync(join(folder, 'dists/bookworm'), { recursive: true }),
  },
];

for (const { situation, code, words, damage } of damages) {
  test(`update() refuses and keeps the former indexes: ${situation}`, async (t) => {
    const made = madeUp(t);
    if (made === undefined) return;
    const space = await openAptSpace(made.settings);
    await space.update();
    const before = await space.indexes();
    damage(made.archive);
    await assert.rejects(space.update(), failureLike(code, words));
    assert.deepEqual(await space.indexes(), before);
    assert.equal(readFileSync(before[0]?.packages[0] ?? '', 'utf8'), packages);
  });
}

test('update() refuses: a key that the user does not trust', async (t) => {
  const made = madeUp(t);
  const stranger = madeUp(t);
  if (made === undefined || stranger === undefined) return;
  writeFileSync(made.archive.keyring, readFileSync(stranger.archive.keyring));
  await assert.rejects((await openAptSpace(made.settings)).update(), failureLike('E0301', /signature of bookworm/));
});

test('update() tells that a suite is past its date where that cannot be refused, and names one that is not there', async (t) => {
  const made = madeUp(t);
  if (made === undefined) return;
  made.archive.publish('sid', { ...content, release: ['Valid-Until: Sun, 02 Aug 2026 00:00:00 UTC'] });
  const open = (suites: readonly string[]) =>
    openAptSpace({ ...made.settings, suites, now: () => Temporal.Instant.from('2026-08-03T00:00:00Z') });
  const { notes } = await (await open(['bookworm', 'sid'])).update();
  assert.deepEqual(notes, ['sid: its index was valid until Sun, 02 Aug 2026 00:00:00 UTC; newer packages may exist']);
  await assert.rejects(
    (await open(['bookworm', 'trixie'])).update(),
    failureLike('E0203', /^trixie does not exist there/),
  );
  const others = await (await open(['bookworm', 'trixie'])).indexes();
  assert.deepEqual(
    others.map(({ suite }) => suite),
    ['bookworm'],
  );
});

test('downloadPackages() refuses other bytes than the index lists, and keeps the rest', async (t) => {
  const made = madeUp(t);
  if (made === undefined) return;
  made.archive.put(deb.path, 'a packagE');
  const space = await openAptSpace(made.settings);
  const wanted = [hello, wantedOf('other', '2', other)];
  await assert.rejects(space.downloadPackages(wanted), failureLike('E0301', /^hello 1:1\+b~1 is not the file/));
  rmSync(made.archive.folder, { recursive: true });
  const { files } = await space.downloadPackages(wanted.slice(1));
  const [path = ''] = files.values();
  writeFileSync(path, 'damaged by the disk');
  assert.equal((await space.downloadPackages(wanted.slice(1))).missing.length, 1);
});

test('a space is usable after its process was killed in the middle of an update', async (t) => {
  const made = madeUp(t);
  if (made === undefined) return;
  const server = await serve(t, made.archive.folder);
  writeSources(made, server.address);
  const space = await openAptSpace(made.settings);
  await space.update();
  const before = await space.indexes();
  made.archive.publish('bookworm', { ...content, packages: `${packages}\n` });
  const asked = server.stopAt('/dists/bookworm/main/');
  const settings = JSON.stringify(made.settings);
  const child = spawn(process.execPath, ['--input-type=module', '-e', script('await space.update();', settings)]);
  await asked;
  child.kill('SIGKILL');
  const after = await openAptSpace(made.settings);
  assert.deepEqual(await after.indexes(), before);
  server.goOn();
  await after.update();
  assert.equal(readFileSync((await after.indexes())[0]?.packages[0] ?? '', 'utf8'), `${packages}\n`);
});

test('a space needs no root: an ordinary user fetches', (t) => {
  const made = madeUp(t);
  if (made === undefined) return;
  if (process.getuid?.() !== 0) return t.skip('skipped: all of these tests run as an ordinary user');
  const setpriv = toolPath(t, 'setpriv');
  if (setpriv === undefined) return;
  chownSync(made.settings.folder, 65_534, 65_534);
  const work = `await space.update(); const { files } = await space.downloadPackages(${JSON.stringify([hello])});
    console.log(process.getuid(), files.size, (await space.indexes()).length);`;
  const ordinary = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath];
  const run = spawnSync(
    setpriv,
    [...ordinary, '--input-type=module', '-e', script(work, JSON.stringify(made.settings))],
    {
      encoding: 'utf8',
      cwd: '/',
      env: { PATH: process.env['PATH'] },
    },
  );
  assert.equal(run.stdout, '65534 1 1\n', run.stderr);
  assert.equal(statSync(join(made.settings.folder, 'lists')).uid, 65_534);
});

test('openAptSpace() on the archive of this machine: two suites, two packages, a version that nobody has', async (t) => {
  if (toolPath(t, 'apt') === undefined) return;
  const space = await reachable(t);
  if (space === undefined) return;
  const suites = await space.indexes();
  assert.deepEqual(
    suites.map(({ suite, codename, packages: found, sources: src }) => [suite, codename, found.length, src.length]),
    ['bookworm', 'bookworm-security'].map((suite) => [suite, suite, 1, 1]),
  );
  const smallest = smallPackages(readFileSync(suites[0]?.packages[0] ?? '', 'utf8'), 2);
  const [first] = smallest;
  assert.ok(first !== undefined && smallest.length === 2);
  const path = first.file.path.replace('.deb', '.nobody.deb');
  const nobody = { ...first, version: `${first.version}.nobody`, file: { ...first.file, path, sha256: sha256('x') } };
  const { files, missing } = await space.downloadPackages([...smallest, nobody]);
  assert.deepEqual(new Set(files.keys()), new Set(smallest.map(({ file }) => file.sha256)));
  for (const each of files.values()) assert.equal(readFileSync(each).subarray(0, 8).toString('latin1'), '!<arch>\n');
  assert.deepEqual(
    missing.map(({ version }) => version),
    [nobody.version],
  );
});

type Bytes = { readonly path: string; readonly text: string };

function stanzaOf(name: string, version: string, { path, text }: Bytes): string {
  return `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: Made Up <made-up@example.org>
Filename: ${path}\nSize: ${text.length}\nSHA256: ${sha256(text)}\nDescription: made up\n`;
}

function wantedOf(name: string, version: string, { path, text }: Bytes) {
  return { name, version, architecture: 'all', file: { path, sizeBytes: text.length, sha256: sha256(text) } };
}

function expectedTarball() {
  return { name: 'hello_1.orig.tar.xz', sizeBytes: tarball.text.length, sha256: sha256(tarball.text) };
}

function failureLike(code: string, words: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    return true;
  };
}

interface MadeUp {
  readonly archive: SignedArchive;
  readonly settings: AptSpaceSettings & { readonly etcApt: string };
}

/** A machine whose apt knows one made-up archive; undefined where apt or gpg is missing. */
function madeUp(t: TestContext): MadeUp | undefined {
  const gpg = toolPath(t, 'apt') === undefined ? undefined : toolPath(t, 'gpg');
  if (gpg === undefined) return undefined;
  const archive = signedArchive(t, gpg);
  for (const { path, text } of [deb, other, tarball]) archive.put(path, text);
  archive.publish('bookworm', content);
  const etcApt = temporary(t);
  const osRelease = join(etcApt, 'os-release');
  writeFileSync(osRelease, 'ID=debian\nVERSION_CODENAME=bookworm\n');
  mkdirSync(join(etcApt, 'sources.list.d'));
  const made = { archive, settings: { folder: temporary(t), suites: ['bookworm'], architecture, etcApt, osRelease } };
  writeSources(made, `file:${archive.folder}`);
  return made;
}

function writeSources({ archive, settings }: MadeUp, address: string): void {
  const entry = `Types: deb\nURIs: ${address}\nSuites: bookworm\nComponents: main\nSigned-By: ${archive.keyring}\n`;
  writeFileSync(join(settings.etcApt, 'sources.list.d/debian.sources'), entry);
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-apt-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  chmodSync(folder, 0o755); // other users read the sources in it
  return folder;
}

/** Serves a folder on loopback; it can be told to leave requests without answer. */
async function serve(t: TestContext, folder: string) {
  let stop: { readonly prefix: string; readonly reached: () => void } | undefined;
  const server = createServer((request, answer) => {
    const path = decodeURIComponent(request.url ?? '/');
    if (stop !== undefined && path.startsWith(stop.prefix)) return stop.reached();
    const file = join(folder, path);
    if (!existsSync(file)) return answer.writeHead(404).end();
    return answer.writeHead(200).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stopAt: (prefix: string) => new Promise<void>((resolve) => (stop = { prefix, reached: resolve })),
    goOn: () => {
      stop = undefined;
      server.closeAllConnections();
    },
  };
}

/** A program that opens a space and works with it. */
function script(work: string, settings: string): string {
  return `const { openAptSpace } = await import(${JSON.stringify(modulePath)});
    const space = await openAptSpace(${settings}); ${work}`;
}

/** The archive that this machine's own apt knows, its indexes fetched; the test is skipped where there is none. */
async function reachable(t: TestContext): Promise<AptSpace | undefined> {
  try {
    const space = await openAptSpace({ folder: temporary(t), suites: ['bookworm', 'bookworm-security'], architecture });
    await space.update();
    return space;
  } catch (error) {
    const isRequired = (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('apt');
    if (isRequired || !(error instanceof Failure) || error.code !== 'E0203') throw error;
    t.skip(`skipped: ${error.message}`);
    return undefined;
  }
}

function smallPackages(index: string, count: number) {
  return index
    .split('\n\n')
    .filter((text) => /^Size: \d{1,4}$/m.test(text))
    .slice(0, count)
    .map((text) => {
      const field = (name: string) => parseStanza(text, 'Packages').get(name) ?? '';
      const file = { path: field('filename'), sizeBytes: Number(field('size')), sha256: field('sha256') };
      return { name: field('package'), version: field('version'), architecture: field('architecture'), file };
    });
}
