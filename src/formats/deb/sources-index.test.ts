import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourcesIndex } from './sources-index.ts';

const sha256 = (digit: string) => digit.repeat(64);
const stanza = (version: string) => `Package: expat
Binary: libexpat1-dev, libexpat1,
 expat
Version: ${version}
Files:
 ${'0'.repeat(32)} 1427 expat_${version}.dsc
Checksums-Sha256:
 ${sha256('A')} 1427 expat_${version}.dsc
 ${sha256('b')} 8320988 expat_2.5.0.orig.tar.gz
Directory: pool/main/e/expat

`;
const open = (text: string) => sourcesIndex(Buffer.from(text), { suite: 'bookworm', at: 'Sources' });

test('sourcesIndex() has the versions of a source, newest first, with their files and binaries', () => {
  const index = open(stanza('2.5.0-1') + stanza('2.5.0-1+deb12u2'));
  const [newest, older, ...others] = index.named('expat');
  assert.deepEqual([older?.version, others.length, index.suite], ['2.5.0-1', 0, 'bookworm']);
  assert.deepEqual(newest, {
    name: 'expat',
    version: '2.5.0-1+deb12u2',
    suite: 'bookworm',
    directory: 'pool/main/e/expat',
    files: [
      { name: 'expat_2.5.0-1+deb12u2.dsc', sizeBytes: 1427, sha256: sha256('a') },
      { name: 'expat_2.5.0.orig.tar.gz', sizeBytes: 8320988, sha256: sha256('b') },
    ],
    binaries: ['libexpat1-dev', 'libexpat1', 'expat'],
  });
  assert.deepEqual(index.named('nobody'), []);
});

for (const [what, text] of [
  ['a directory that climbs', stanza('1').replace('pool/', '../')],
  ['a file name with a directory', stanza('1').replace('8320988 expat', '8320988 ../expat')],
  ['a file name that is an option', stanza('1').replace('8320988 expat', '8320988 -expat')],
  ['no digests', stanza('1').replace('Checksums-Sha256', 'Checksums-Sha1')],
  ['a short digest', stanza('1').replace(sha256('b'), 'bb')],
  ['no version', stanza('1').replace('Version:', 'Revision:')],
] as const) {
  test(`sourcesIndex() refuses a stanza when it is asked for it: ${what}`, () => {
    assert.throws(() => open(text).named('expat'), { code: 'E0404' });
  });
}
