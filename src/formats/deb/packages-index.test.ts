import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { toolPath } from '../../../test/support/tool.ts';
import { packagesIndex } from './packages-index.ts';

const sha256 = 'a'.repeat(64);
const file = (name: string) => `Filename: pool/main/x/${name}.deb\nSize: 10\nSHA256: ${sha256}\n`;
const stanza = (name: string, version: string, more = '') =>
  `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\n${more}${file(`${name}_${version}`)}\n`;

const open = (text: string) => packagesIndex(Buffer.from(text), { suite: 'bookworm', at: 'Packages' });

test('packagesIndex() gives every field its place, and what is not stated its default', () => {
  const more = `Multi-Arch: same
Source: zlib (1:1.2.13)
Essential: yes
Priority: required
Pre-Depends: dpkg (>= 1.15)
Depends: libc6 (>= 2.14) | musl,
 debconf
Conflicts: zlib1
Breaks: libxml2 (<< 2.7)
Provides: libz1 (= 1), libz
Replaces: zlib1
Description: compression library – runtime
 with more
`;
  const index = open(stanza('zlib1g', '1:1.2.13-1', more) + stanza('plain', '1'));
  assert.deepEqual([...index.names()], ['zlib1g', 'plain']);
  assert.equal(index.suite, 'bookworm');
  const relation = { qualifier: null, operator: null, version: '' };
  assert.deepEqual(index.named('zlib1g'), [
    {
      name: 'zlib1g',
      version: '1:1.2.13-1',
      architecture: 'amd64',
      multiArch: 'same',
      source: { name: 'zlib', version: '1:1.2.13' },
      essential: true,
      priority: 'required',
      dependencies: [
        [{ ...relation, name: 'dpkg', operator: '>=', version: '1.15' }],
        [
          { ...relation, name: 'libc6', operator: '>=', version: '2.14' },
          { ...relation, name: 'musl' },
        ],
        [{ ...relation, name: 'debconf' }],
      ],
      conflicts: [
        { ...relation, name: 'zlib1' },
        { ...relation, name: 'libxml2', operator: '<<', version: '2.7' },
      ],
      provides: [
        { name: 'libz1', version: '1' },
        { name: 'libz', version: null },
      ],
      replaces: [{ ...relation, name: 'zlib1' }],
      suite: 'bookworm',
      file: { path: 'pool/main/x/zlib1g_1:1.2.13-1.deb', sizeBytes: 10, sha256 },
    },
  ]);
  const [plain] = index.named('plain');
  assert.deepEqual(
    [plain?.multiArch, plain?.source, plain?.essential, plain?.priority, plain?.dependencies, plain?.provides],
    [null, { name: 'plain', version: '1' }, false, 'optional', [], []],
  );
});

test('packagesIndex() sorts versions of a name, and providers by name, then version', () => {
  const provides = (text: string) => `Provides: ${text}\n`;
  const index = open(
    [
      stanza('postfix', '3.9', provides('mail-transport-agent')),
      stanza('exim4', '4.9', provides('mta, mail-transport-agent (= 1)')),
      stanza('exim4', '4.10', provides('mta,\n mail-transport-agent')),
      stanza('exim4', '4.10~rc1'),
      stanza('other', '1', provides('not-mail-transport-agent')),
    ].join(''),
  );
  assert.deepEqual(
    index.named('exim4').map((one) => one.version),
    ['4.10', '4.10~rc1', '4.9'],
  );
  assert.deepEqual(
    index.providing('mail-transport-agent').map((one) => `${one.name} ${one.version}`),
    ['exim4 4.10', 'exim4 4.9', 'postfix 3.9'],
  );
  assert.deepEqual(index.providing('nobody'), []);
  assert.deepEqual(index.named('nobody'), []);
  assert.equal(index.named('exim4'), index.named('exim4'));
});

test('packagesIndex() bears blank lines around stanzas, a missing last line feed, and a part of a larger buffer', () => {
  const text = `\n\n${stanza('aa', '1')}\n\n\n${stanza('bb', '2').trimEnd()}`;
  const larger = Buffer.from(`rubbish${text}rubbish`);
  const index = packagesIndex(larger.subarray(7, larger.length - 7), { suite: 's', at: 'x' });
  assert.deepEqual(
    [...index.names()].map((name) => index.named(name)[0]?.version),
    ['1', '2'],
  );
  assert.deepEqual([...open('').names()], []);
});

for (const [what, text] of [
  ['another first field', 'Version: 1\nPackage: aa\n'],
  ['no package at all', '<html>'],
] as const) {
  test(`packagesIndex() refuses: ${what}`, () => {
    assert.throws(() => open(text), { code: 'E0404' });
  });
}

for (const [what, text] of [
  ['a doubled field', stanza('aa', '1', 'Version: 2\n')],
  ['no version', `Package: aa\nArchitecture: amd64\n${file('a')}`],
  ['a version that climbs', stanza('aa', '../1')],
  ['an architecture that climbs', stanza('aa', '1').replace('amd64', '../amd64')],
  ['a file that climbs', stanza('aa', '1').replace('pool/', '../')],
  ['an absolute file', stanza('aa', '1').replace('pool/', '/')],
  ['a size that is no number', stanza('aa', '1').replace('Size: 10', 'Size: -1')],
  ['a digest that is none', stanza('aa', '1').replace(sha256, 'abc')],
  ['a dependency that is none', stanza('aa', '1', 'Depends: bb (>= )\n')],
  ['an unknown Multi-Arch', stanza('aa', '1', 'Multi-Arch: perhaps\n')],
  ['two stanzas in one', stanza('aa', '1').replace('Size', ' \nSize')],
] as const) {
  test(`packagesIndex() refuses a stanza when it is asked for it: ${what}`, () => {
    const index = open(`${stanza('bb', '1')}${text}`);
    assert.equal(index.named('bb').length, 1);
    assert.throws(() => index.named('aa'), { code: 'E0404' });
  });
}

test('packagesIndex() reads every stanza of the smallest list that this machine has from its archive', (t) => {
  const tool = toolPath(t, 'apt-get');
  if (tool === undefined) return;
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const format = ['indextargets', '--format', '$(FILENAME)', 'Created-By: Packages'];
  const texts = execFileSync(tool, format, options)
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => execFileSync('/usr/lib/apt/apt-helper', ['cat-file', path], options));
  const [smallest] = texts.toSorted((a, b) => a.length - b.length);
  if (smallest === undefined) return t.skip('skipped: no lists of an archive');
  const index = open(smallest);
  const count = [...index.names()].reduce((sum, name) => sum + index.named(name).length, 0);
  assert.equal(count, smallest.match(/^Package:/gm)?.length);
});
