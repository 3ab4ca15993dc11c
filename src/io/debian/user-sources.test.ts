import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { lookAtApt } from '../doctor/look-at-apt.ts';
import { toolPath } from '../../../test/support/tool.ts';
import { readUserSources, sourcesOfSuites } from './user-sources.ts';
import type { UserSourcesPlace } from './user-sources.ts';

const debian = 'ID=debian\nVERSION_CODENAME=bookworm\n';
const ubuntu = 'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME="noble"\n';
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

const deb822 = `Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: ${KEYS}

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: ${KEYS}
`;
const oneLine = `deb http://mirror.example/debian bookworm main contrib
deb http://mirror.example/debian-security bookworm-security main
`;
const strangers = {
  'sources.list.d/a-browser.list': 'deb [signed-by=/k/b.gpg] http://browser.example/deb stable main\n',
  'sources.list.d/a-tool.list': 'deb [signed-by=/k/t.gpg] http://tool.example bookworm main\n',
  'sources.list.d/a-engine.list': 'deb [signed-by=/k/e.gpg] http://engine.example/linux/debian bookworm stable\n',
};

type Files = Readonly<Record<string, string>>;
/** Address, suite and keys of an entry. */
type Expected = readonly [uri: string, suite: string, signedBy: string | null];

const archive = 'http://mirror.example/debian';
const security = 'http://mirror.example/debian-security';

const cases: readonly (readonly [situation: string, files: Files, suite: string, expected: Expected | null])[] = [
  ['listed, deb822', { 'sources.list.d/debian.sources': deb822 }, 'bookworm', [archive, 'bookworm', KEYS]],
  ['listed, one line', { 'sources.list': oneLine }, 'bookworm', [archive, 'bookworm', null]],
  ['another suite', { 'sources.list.d/debian.sources': deb822 }, 'trixie', [archive, 'trixie', KEYS]],
  ['experimental', { 'sources.list': oneLine }, 'experimental', [archive, 'experimental', null]],
  ['its security suite', { 'sources.list': oneLine }, 'bookworm-security', [security, 'bookworm-security', null]],
  [
    'another security suite',
    { 'sources.list.d/d.sources': deb822 },
    'trixie-security',
    [security, 'trixie-security', KEYS],
  ],
  ['a security suite of old', { 'sources.list': oneLine }, 'buster-security', [security, 'buster/updates', null]],
  [
    'the old spelling lends to the new one',
    { 'sources.list': `deb ${archive} buster main\ndeb ${security} buster/updates main\n` },
    'bookworm-security',
    [security, 'bookworm-security', null],
  ],
  [
    'the old spelling of a listed one',
    { 'sources.list': `deb ${archive} buster main\ndeb ${security} buster/updates main\n` },
    'buster-security',
    [security, 'buster/updates', null],
  ],
  ['backports', { 'sources.list': oneLine }, 'bookworm-backports', [archive, 'bookworm-backports', null]],
  ['a class name', { 'sources.list': `deb ${archive} stable main\n` }, 'bookworm', [archive, 'bookworm', null]],
  ['switched off', { 'sources.list.d/d.sources': `Enabled: no\n${deb822.split('\n\n')[0]}\n` }, 'bookworm', null],
  ['sources only', { 'sources.list': `deb-src ${archive} bookworm main\n` }, 'bookworm', null],
  ['other file names', { 'sources.list.d/d.sources.disabled': deb822 }, 'bookworm', null],
  ['no security entry', { 'sources.list': `deb ${archive} bookworm main\n` }, 'bookworm-security', null],
  ['nothing at all', {}, 'bookworm', null],
  ['strangers beside it', { ...strangers, 'sources.list.d/debian.sources': deb822 }, 'sid', [archive, 'sid', KEYS]],
  [
    'strangers first, listed',
    { ...strangers, 'sources.list.d/z.sources': deb822 },
    'bookworm',
    [archive, 'bookworm', KEYS],
  ],
  [
    'the entry of the suite itself',
    { 'sources.list': `${oneLine}deb http://fresh.example/debian sid main\n` },
    'sid',
    ['http://fresh.example/debian', 'sid', null],
  ],
  [
    'a whole key',
    {
      'sources.list.d/d.sources': `Types: deb\nURIs: ${archive}\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN\n .\n abc\n`,
    },
    'sid',
    [archive, 'sid', '\n-----BEGIN\n.\nabc'],
  ],
];

for (const [situation, files, suite, expected] of cases) {
  test(`sourcesOfSuites() ${expected === null ? 'refuses' : 'derives'}: ${situation}`, async (t) => {
    const user = await readUserSources(machine(t, debian, files));
    if (expected === null) {
      assert.throws(() => sourcesOfSuites(user, [suite]), { code: 'E0203', message: new RegExp(`^${suite} `) });
      return;
    }
    const [found] = sourcesOfSuites(user, [suite]);
    assert.deepEqual(
      [...(found?.source.uris ?? []), ...(found?.source.suites ?? []), found?.source.signedBy],
      expected,
    );
    assert.deepEqual(found?.source.types, ['deb', 'deb-src']);
    assert.equal(found?.source.components[0], 'main');
  });
}

const noble = {
  'sources.list':
    'deb http://mirror.example/ubuntu noble main universe\ndeb http://mirror.example/ubuntu noble-security main\n',
  ...strangers,
};

test('sourcesOfSuites() on another system: refuses without an entry of Debian, uses one where there is', async (t) => {
  const without = await readUserSources(machine(t, ubuntu, noble));
  for (const suite of ['bookworm', 'bookworm-security', 'sid']) {
    assert.throws(() => sourcesOfSuites(without, [suite]), { code: 'E0203' }, suite);
  }
  const place = machine(t, ubuntu, { ...noble, 'sources.list.d/debian.sources': deb822 });
  const found = sourcesOfSuites(await readUserSources(place), ['trixie', 'trixie-security']);
  assert.deepEqual(
    found.map(({ source }) => source.uris[0]),
    [archive, security],
  );
});

test('sourcesOfSuites() lets dates pass: suites that are not listed, rolling ones; others as their entry says', async (t) => {
  const list = `deb [check-valid-until=yes] ${archive} bookworm main\ndeb ${archive} sid main\n`;
  const user = await readUserSources(machine(t, debian, { 'sources.list': list }));
  const found = sourcesOfSuites(user, ['bookworm', 'sid', 'trixie']);
  assert.deepEqual(
    found.map(({ source }) => source.checkValidUntil),
    [true, false, false],
  );
});

test('sourcesOfSuites() refuses what cannot be a suite', async (t) => {
  const user = await readUserSources(machine(t, debian, { 'sources.list': oneLine }));
  for (const suite of ['', '-o', '../x', 'a b', 'a\nTrusted: yes', 'x/', './', 'BOOKWORM']) {
    assert.throws(() => sourcesOfSuites(user, [suite]), { code: 'E0101' }, suite);
  }
});

test('lookAtApt() works: a Debian entry; warns with what to add: none', async (t) => {
  if (toolPath(t, 'apt') === undefined) return;
  assert.equal((await lookAtApt(machine(t, debian, { 'sources.list': oneLine }))).state, 'works');
  const without = await lookAtApt(machine(t, ubuntu, noble));
  assert.equal(without.state, 'warns');
  assert.match(without.fix ?? '', /add an entry for Debian's archive/);
  const half = await lookAtApt(machine(t, debian, { 'sources.list': `deb ${archive} bookworm main\n` }));
  assert.match(half.fix ?? '', /security archive/);
});

function machine(t: TestContext, osRelease: string, files: Files): UserSourcesPlace {
  const etcApt = mkdtempSync(join(tmpdir(), 'suture-etc-apt-'));
  t.after(() => rmSync(etcApt, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ ...files, 'os-release': osRelease })) {
    mkdirSync(dirname(join(etcApt, name)), { recursive: true });
    writeFileSync(join(etcApt, name), text);
  }
  return { etcApt, osRelease: join(etcApt, 'os-release') };
}
