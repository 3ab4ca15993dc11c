import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWithPredecessor } from './compare-images.ts';
import { diffImages } from './diff-images.ts';
import type { Account, ConfigFacts, FileFact, ImageFacts } from './image-facts.ts';

const config: ConfigFacts = {
  entrypoint: ['/usr/bin/hello'],
  cmd: [],
  environment: { PATH: '/usr/bin' },
  workDir: '/',
  user: '65532:65532',
  exposedPorts: ['80/tcp'],
  volumes: ['/data'],
  stopSignal: '',
};
const hello = (version: string) => ({
  name: 'hello',
  version,
  architecture: 'x86_64',
  origin: 'hello',
  license: 'MIT',
});
const file = (path: string, change: Partial<FileFact> = {}): FileFact => ({
  path,
  kind: 'file',
  mode: 0o755,
  uid: 0,
  gid: 0,
  sizeBytes: 1,
  content: 'aa',
  ...change,
});
const image = (files: readonly FileFact[], change: Partial<Omit<ImageFacts, 'files'>> = {}): ImageFacts => ({
  architecture: 'amd64',
  config,
  packages: [hello('1.0.0-r0')],
  accounts: [],
  sizeBytes: 10_000_000,
  ...change,
  files: new Map(files.map((one) => [one.path, one])),
});

const next = { packages: [hello('1.0.1-r0')] };
const withConfig = (change: Partial<ConfigFacts>) => ({ config: { ...config, ...change } });

const library = (path: string, soname: string, ...symbols: readonly string[]) =>
  file(path, { library: { soname, symbols } });

const link = (path: string, target: string) => file(path, { kind: 'symlink', content: target });
const DEB = 'usr/lib/x86_64-linux-gnu';
const expat = (version: string) => [
  library(`${DEB}/libexpat.so.${version}`, 'libexpat.so.1', 'XML_Parse'),
  link(`${DEB}/libexpat.so.1`, `libexpat.so.${version}`),
];
const user = (name: string, change: Partial<Extract<Account, { readonly kind: 'user' }>> = {}): Account => ({
  kind: 'user',
  name,
  id: 1000,
  groupId: 1000,
  home: '/srv',
  shell: '/bin/sh',
  ...change,
});
const group = (name: string, id: number, ...members: readonly string[]): Account => ({
  kind: 'group',
  name,
  id,
  members,
});
const accounts = (...list: readonly Account[]) => image([], { accounts: list });

const rows: readonly {
  readonly what: string;
  readonly before: ImageFacts;
  readonly after: ImageFacts;
  readonly found: readonly string[];
}[] = [
  { what: 'nothing changed', before: image([file('a')]), after: image([file('a')]), found: [] },
  {
    what: 'a program with other content',
    before: image([file('usr/bin/a')]),
    after: image([file('usr/bin/a', { content: 'bb' })]),
    found: [],
  },
  { what: 'a new file', before: image([]), after: image([file('a')]), found: [] },
  { what: 'a removed file', before: image([file('usr/bin/a')]), after: image([]), found: ['file-removed /usr/bin/a'] },
  {
    what: 'a library that offers more, in another file',
    before: image([library('usr/lib/libz.so.1.2', 'libz.so.1', 'a')], { packages: [hello('1.2-r0')] }),
    after: image([library('usr/lib/libz.so.1.3', 'libz.so.1', 'a', 'b')], { packages: [hello('1.3-r0')] }),
    found: [],
  },
  {
    what: 'a library that offers less',
    before: image([library('usr/lib/libz.so.1', 'libz.so.1', 'a', 'b')]),
    after: image([library('usr/lib/libz.so.1', 'libz.so.1', 'a')]),
    found: ['symbol-removed b'],
  },
  {
    what: 'a library with another soname, even under a name that a version change explains',
    before: image([library('usr/lib/libz.so.1.2', 'libz.so.1.2')], { packages: [hello('1.2-r0')] }),
    after: image([library('usr/lib/libz.so.1.3', 'libz.so.1.3')], { packages: [hello('1.3-r0')] }),
    found: ['soname-removed libz.so.1.2'],
  },
  {
    what: 'a file whose name differs by more than the bare number of a version',
    before: image([file('usr/bin/tool1')], { packages: [hello('1-r0')] }),
    after: image([file('usr/bin/tool2')], { packages: [hello('2-r0')] }),
    found: ['file-removed /usr/bin/tool1'],
  },
  { what: 'a removed folder', before: image([file('a', { kind: 'directory' })]), after: image([]), found: [] },
  {
    what: 'a removed manual page',
    before: image([file('usr/share/man/man1/a.1'), file('var/lib/db/sbom/hello-1.0.0-r0.spdx.json')]),
    after: image([]),
    found: [],
  },
  {
    what: 'a library under its new version',
    before: image([file('usr/lib/libh.so.1.0.0')]),
    after: image([file('usr/lib/libh.so.1.0.1')], next),
    found: [],
  },
  {
    what: 'a library that is gone with the new version',
    before: image([file('usr/lib/libh.so.1.0.0')]),
    after: image([file('usr/lib/libh.so.2')], next),
    found: ['file-removed /usr/lib/libh.so.1.0.0'],
  },
  {
    what: 'a changed file under /etc',
    before: image([file('etc/h.conf')]),
    after: image([file('etc/h.conf', { content: 'bb' })]),
    found: ['config-changed /etc/h.conf'],
  },
  {
    what: 'a changed database or name under /etc',
    before: image([file('etc/apk/world'), file('etc/os-release')]),
    after: image([file('etc/apk/world', { content: 'b' }), file('etc/os-release', { content: 'b' })]),
    found: [],
  },
  {
    what: 'a file under /etc that became a link',
    before: image([file('etc/h')]),
    after: image([file('etc/h', { kind: 'symlink', content: 'aa' })]),
    found: ['config-changed /etc/h'],
  },
  {
    what: 'a new variable',
    before: image([]),
    after: image([], withConfig({ environment: { PATH: '/usr/bin', A: '1' } })),
    found: [],
  },
  {
    what: 'a changed variable',
    before: image([]),
    after: image([], withConfig({ environment: { PATH: '/bin' } })),
    found: ['config-changed'],
  },
  {
    what: 'a variable that is gone',
    before: image([]),
    after: image([], withConfig({ environment: {} })),
    found: ['config-changed'],
  },
  {
    what: 'another working directory',
    before: image([]),
    after: image([], withConfig({ workDir: '/app' })),
    found: ['config-changed'],
  },
  {
    what: 'a port and a volume that are gone',
    before: image([]),
    after: image([], withConfig({ exposedPorts: [], volumes: [] })),
    found: ['config-changed', 'config-changed'],
  },
  {
    what: 'another entrypoint',
    before: image([]),
    after: image([], withConfig({ entrypoint: ['/bin/sh'] })),
    found: ['entrypoint-changed'],
  },
  {
    what: 'another command',
    before: image([]),
    after: image([], withConfig({ cmd: ['-v'] })),
    found: ['entrypoint-changed'],
  },
  { what: 'another user', before: image([]), after: image([], withConfig({ user: '' })), found: ['user-changed'] },
  {
    what: 'a new program with set-user-id',
    before: image([]),
    after: image([file('a', { mode: 0o4755 })]),
    found: ['setuid-added /a'],
  },
  {
    what: 'set-group-id on a known one',
    before: image([file('a', { mode: 0o4755 })]),
    after: image([file('a', { mode: 0o6755 })]),
    found: ['setuid-added /a'],
  },
  {
    what: 'set-user-id that was there',
    before: image([file('a', { mode: 0o4755 })]),
    after: image([file('a', { mode: 0o4755 })]),
    found: [],
  },
  { what: 'a quarter more', before: image([]), after: image([], { sizeBytes: 12_500_000 }), found: [] },
  {
    what: 'more than a quarter more',
    before: image([]),
    after: image([], { sizeBytes: 12_500_001 }),
    found: ['size-grew'],
  },
  {
    what: 'a quarter more and a byte, and that just a mebibyte',
    before: image([], { sizeBytes: 2 ** 20 }),
    after: image([], { sizeBytes: 2 ** 21 }),
    found: ['size-grew'],
  },
  {
    what: 'double, but a byte less than a mebibyte',
    before: image([], { sizeBytes: 2 ** 20 - 1 }),
    after: image([], { sizeBytes: 2 ** 21 - 2 }),
    found: [],
  },
  {
    what: 'double, but small',
    before: image([], { sizeBytes: 1_000 }),
    after: image([], { sizeBytes: 2_000 }),
    found: [],
  },
  {
    what: 'a library of Debian under its new file name, and the links to it',
    before: image([...expat('1.8.10'), link(`${DEB}/libexpat.so`, 'libexpat.so.1.8.10')]),
    after: image(expat('1.9.2')),
    found: [],
  },
  {
    what: 'a library whose file moved between /lib and /usr/lib',
    before: image([library('lib/x86_64-linux-gnu/libz.so.1', 'libz.so.1')]),
    after: image([library(`${DEB}/libz.so.1`, 'libz.so.1')]),
    found: [],
  },
  {
    what: 'a library under its new file name, without the link that the loader opens',
    before: image(expat('1.8.10')),
    after: image(expat('1.9.2').slice(0, 1)),
    found: [`file-removed /${DEB}/libexpat.so.1`],
  },
  {
    what: 'a library in a folder that programs were told about',
    before: image([...expat('1.8.10'), link('opt/app/libexpat.so.1', `/${DEB}/libexpat.so.1`)]),
    after: image(expat('1.8.10')),
    found: ['file-removed /opt/app/libexpat.so.1'],
  },
  {
    what: 'the loader in another folder',
    before: image([library('lib64/ld-linux-x86-64.so.2', 'ld-linux-x86-64.so.2')]),
    after: image([library('usr/lib64/ld-linux-x86-64.so.2', 'ld-linux-x86-64.so.2')]),
    found: ['file-removed /lib64/ld-linux-x86-64.so.2'],
  },
  {
    what: 'a library and its links that are gone',
    before: image(expat('1.8.10')),
    after: image([]),
    found: ['soname-removed libexpat.so.1', `file-removed /${DEB}/libexpat.so.1 /${DEB}/libexpat.so.1.8.10`],
  },
  {
    what: 'a plug-in in a folder of another version',
    before: image([...expat('1.8.10'), file(`${DEB}/engines-1/a.so`)]),
    after: image([...expat('1.8.10'), file(`${DEB}/engines-3/a.so`)]),
    found: [`file-removed /${DEB}/engines-1/a.so`],
  },
  {
    what: 'files that are reached through a folder that became a link',
    before: image([file('bin', { kind: 'directory' }), file('bin/sh')]),
    after: image([link('bin', 'usr/bin'), file('usr/bin/sh')]),
    found: [],
  },
  {
    what: 'files below a folder that became a link to nowhere',
    before: image([file('bin', { kind: 'directory' }), file('bin/sh')]),
    after: image([link('bin', 'usr/bin')]),
    found: ['file-removed /bin/sh'],
  },
  {
    what: 'a new default version of a symbol, beside the old one',
    before: image([library('lib/libc.so.6', 'libc.so.6', 'memcpy@@GLIBC_2.2.5')]),
    after: image([library('lib/libc.so.6', 'libc.so.6', 'memcpy@@GLIBC_2.14', 'memcpy@GLIBC_2.2.5')]),
    found: [],
  },
  {
    what: 'a version of a symbol that is gone',
    before: image([library('lib/libc.so.6', 'libc.so.6', 'memcpy@@GLIBC_2.14', 'memcpy@GLIBC_2.2.5')]),
    after: image([library('lib/libc.so.6', 'libc.so.6', 'memcpy@@GLIBC_2.14')]),
    found: ['symbol-removed memcpy@GLIBC_2.2.5'],
  },
  {
    what: 'a symbol that has versions now',
    before: image([library('lib/liba.so.1', 'liba.so.1', 'a', 'b')]),
    after: image([library('lib/liba.so.1', 'liba.so.1', 'a@@A_1', 'b@A_1')]),
    found: ['symbol-removed b'],
  },
  {
    what: 'a symbol that lost its versions',
    before: image([library('lib/liba.so.1', 'liba.so.1', 'a@@A_1')]),
    after: image([library('lib/liba.so.1', 'liba.so.1', 'a')]),
    found: ['symbol-removed a@@A_1'],
  },
  {
    what: 'a symbol that only the parts of glibc use',
    before: image([library('lib/libc.so.6', 'libc.so.6', '__libc_early_init@@GLIBC_PRIVATE')]),
    after: image([library('lib/libc.so.6', 'libc.so.6')]),
    found: [],
  },
  {
    what: "Debian's records and documentation",
    before: image(
      [
        'var/lib/dpkg/info/libc6.list',
        'var/lib/dpkg/status.d/base',
        'usr/share/lintian/overrides/a',
        'usr/share/bug/a/control',
        'usr/share/info/a.info.gz',
        'usr/share/doc/a/copyright',
      ].map((path) => file(path)),
    ),
    after: image([]),
    found: [],
  },
  {
    what: 'files beside those',
    before: image(
      ['var/lib/dpkg2', 'usr/share/misc/a', 'usr/lib/os-release', 'etc/debian_version'].map((path) => file(path)),
    ),
    after: image([]),
    found: ['file-removed /etc/debian_version /usr/lib/os-release /usr/share/misc/a /var/lib/dpkg2'],
  },
  {
    what: 'what says under /etc which release it is',
    before: image(
      ['debian_version', 'issue', 'issue.net', 'os-release', 'ld.so.cache', 'passwd', 'group-'].map((name) =>
        file(`etc/${name}`),
      ),
    ),
    after: image(
      ['debian_version', 'issue', 'issue.net', 'os-release', 'ld.so.cache', 'passwd', 'group-'].map((name) =>
        file(`etc/${name}`, { content: 'bb' }),
      ),
    ),
    found: [],
  },
  {
    what: 'names under /etc that are only like those',
    before: image(['issue.d', 'ld.so.conf', 'shadow'].map((name) => file(`etc/${name}`))),
    after: image(['issue.d', 'ld.so.conf', 'shadow'].map((name) => file(`etc/${name}`, { content: 'bb' }))),
    found: ['config-changed /etc/issue.d /etc/ld.so.conf /etc/shadow'],
  },
  {
    what: 'another alternative',
    before: image([link('etc/alternatives/awk', '/usr/bin/mawk'), file('usr/bin/mawk')]),
    after: image([link('etc/alternatives/awk', '/usr/bin/gawk'), file('usr/bin/gawk'), file('usr/bin/mawk')]),
    found: [],
  },
  {
    what: 'an alternative that leads nowhere now',
    before: image([link('etc/alternatives/awk', '/usr/bin/mawk'), file('usr/bin/mawk')]),
    after: image([link('etc/alternatives/awk', '/usr/bin/gawk'), file('usr/bin/mawk')]),
    found: ['config-changed /etc/alternatives/awk'],
  },
  {
    what: 'an alternative that is gone, with its manual page',
    before: image([
      link('etc/alternatives/awk', '/usr/bin/mawk'),
      link('etc/alternatives/awk.1.gz', '/usr/share/man/man1/mawk.1.gz'),
    ]),
    after: image([]),
    found: ['file-removed /etc/alternatives/awk'],
  },
  { what: 'a new account', before: accounts(), after: accounts(user('app'), group('app', 1000)), found: [] },
  {
    what: 'accounts that are gone',
    before: accounts(user('app'), group('app', 1000)),
    after: accounts(user('other')),
    found: ['user-changed group app is gone user app is gone'],
  },
  {
    what: 'accounts with other numbers and places',
    before: accounts(user('a'), user('b'), user('c'), group('d', 4)),
    after: accounts(
      user('a', { id: 1001, home: '/home/a' }),
      user('b', { groupId: 1 }),
      user('c', { shell: '' }),
      group('d', 5),
    ),
    found: [
      [
        'user-changed group d has gid 5 instead of 4',
        'user a has uid 1001 instead of 1000 and has home /home/a instead of /srv',
        'user b has gid 1 instead of 1000',
        'user c has shell  instead of /bin/sh',
      ].join(' '),
    ],
  },
  {
    what: 'a group with other members',
    before: accounts(group('adm', 4, 'app', 'log'), group('log', 5)),
    after: accounts(group('adm', 4, 'log', 'new'), group('log', 5, 'new')),
    found: ['user-changed group adm lost its member app'],
  },
  {
    what: 'set-user-id of a program with its version in its name',
    before: image([file('usr/lib/h-1.0.0/helper', { mode: 0o4755 })]),
    after: image([file('usr/lib/h-1.0.1/helper', { mode: 0o4755 })], next),
    found: [],
  },
  {
    what: 'set-group-id of a folder',
    before: image([]),
    after: image([file('var/mail', { kind: 'directory', mode: 0o2775 })]),
    found: [],
  },
];

for (const { what, before, after, found } of rows) {
  test(`compareWithPredecessor(): ${what}`, () => {
    assert.deepEqual(
      compareWithPredecessor(before, after).map((one) => [one.kind, ...one.names].join(' ')),
      found,
    );
  });
}

test('compareWithPredecessor() finds nothing about the first image of a line', () => {
  assert.deepEqual(compareWithPredecessor(null, image([file('a', { mode: 0o4755 })])), []);
});

test('diffImages() tells packages, files, configuration and size apart', () => {
  const before = image([file('a'), file('b'), file('c')], {
    packages: [hello('1.0.0-r0'), { ...hello('1'), name: 'old' }],
  });
  const after = image([file('b', { content: 'bb', mode: 0o644 }), file('c', { uid: 1 }), file('d')], {
    ...withConfig({ user: '0', environment: { PATH: '/bin', A: '1' } }),
    packages: [hello('1.0.1-r0'), { ...hello('1'), name: 'new' }],
    sizeBytes: 11,
  });
  assert.deepEqual(diffImages(before, after), {
    packages: {
      added: [{ ...hello('1'), name: 'new' }],
      removed: [{ ...hello('1'), name: 'old' }],
      changed: [{ name: 'hello', before: '1.0.0-r0', after: '1.0.1-r0' }],
    },
    files: {
      added: ['d'],
      removed: ['a'],
      changed: [
        { path: 'b', what: ['content', 'mode'] },
        { path: 'c', what: ['owner'] },
      ],
    },
    config: [
      { field: 'environment A', before: '', after: '1' },
      { field: 'environment PATH', before: '/usr/bin', after: '/bin' },
      { field: 'user', before: '65532:65532', after: '0' },
    ],
    size: { beforeBytes: 10_000_000, afterBytes: 11 },
  });
});
