import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MaintainerWork } from './maintainer-work.ts';
import { standIn } from './stand-in.ts';

const nothing: MaintainerWork = {
  package: 'x',
  scripts: [],
  alternatives: [],
  alternativesNotUnderstood: 0,
  accounts: [],
  sysusers: '',
  passwd: '',
  group: '',
  certificates: '',
};

const made = (works: readonly Partial<MaintainerWork>[], there: readonly string[] = []) => {
  const files = new Set(there);
  const result = standIn(
    works.map((work) => ({ ...nothing, ...work })),
    { has: (path) => files.has(path), mtime: 7 },
  );
  return { ...result, links: result.entries.map(({ path, linkTarget }) => `${path} -> ${linkTarget}`) };
};

const awk = (path: string, priority: number) => ({
  link: '/usr/bin/awk',
  name: 'awk',
  path,
  priority,
  slaves: [
    { link: '/usr/share/man/man1/awk.1.gz', name: 'awk.1.gz', path: `/usr/share/man/man1${path.slice(8)}.1.gz` },
  ],
});

test('standIn() takes the alternative with the highest priority whose file is there, with its slaves', () => {
  const works = [{ alternatives: [awk('/usr/bin/mawk', 5)] }, { alternatives: [awk('/usr/bin/gawk', 10)] }];
  const there = ['usr/bin/mawk', 'usr/bin/gawk', 'usr/share/man/man1/gawk.1.gz'];
  assert.deepEqual(made(works, there).links, [
    'usr/bin/awk -> /etc/alternatives/awk',
    'etc/alternatives/awk -> /usr/bin/gawk',
    'usr/share/man/man1/awk.1.gz -> /etc/alternatives/awk.1.gz',
    'etc/alternatives/awk.1.gz -> /usr/share/man/man1/gawk.1.gz',
  ]);
  assert.deepEqual(made(works, ['usr/bin/mawk']).links, [
    'usr/bin/awk -> /etc/alternatives/awk',
    'etc/alternatives/awk -> /usr/bin/mawk',
  ]);
});

test('standIn() leaves a path alone that a package brings', () => {
  const { links } = made([{ alternatives: [awk('/usr/bin/mawk', 5)] }], ['usr/bin/mawk', 'usr/bin/awk']);
  assert.deepEqual(links, []);
});

test('standIn() finds the file of an alternative where merged /usr has it', () => {
  const { links } = made([{ alternatives: [{ ...awk('/bin/mawk', 5), slaves: [] }] }], ['usr/bin/mawk']);
  assert.deepEqual(links, ['usr/bin/awk -> /etc/alternatives/awk', 'etc/alternatives/awk -> /bin/mawk']);
});

test('standIn() gathers certificates into one bundle', () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
  const [bundle] = made([{ certificates: certificate }, { certificates: certificate }]).entries;
  assert.equal(bundle?.path, 'etc/ssl/certs/ca-certificates.crt');
  assert.equal(bundle.content?.toString(), certificate + certificate);
});

test('standIn() makes the accounts that packages declare, numbers that are open from the top down', () => {
  const { passwd, group } = made([
    {
      passwd: 'root:*:0:0:root:/root:/bin/bash\nwww-data:*:33:33:www-data:/var/www:/usr/sbin/nologin\n',
      group: 'root:*:0:\nwww-data:*:33:\n',
    },
    { sysusers: 'u beta - "Beta"\nu alpha 998 "Alpha" /var/lib/alpha\n' },
  ]);
  assert.deepEqual(passwd, [
    'root:x:0:0:root:/root:/bin/bash',
    'www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin',
    'alpha:x:998:998:Alpha:/var/lib/alpha:/usr/sbin/nologin',
    'beta:x:999:999:Beta:/:/usr/sbin/nologin',
  ]);
  assert.deepEqual(group, ['root:x:0:', 'www-data:x:33:', 'alpha:x:998:', 'beta:x:999:']);
});

test('standIn() says what only a script would have done', () => {
  const { notDone } = made([
    { package: 'messagebus', accounts: ['messagebus'] },
    { package: 'web', accounts: ['www-data'], passwd: 'www-data:*:33:33::/:/bin/sh\n' },
    { package: 'jdk', alternativesNotUnderstood: 4 },
  ]);
  assert.deepEqual(notDone, [
    'messagebus: its script would create messagebus',
    'jdk: 4 of its alternatives are only known to its script',
  ]);
});
