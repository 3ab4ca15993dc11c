import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replacedVersions } from './replaced-versions.ts';

const named = (version: string) => [{ name: 'p', version, architecture: 'amd64', origin: 'p', license: '' }];

const rows: readonly (readonly [before: string, after: string, path: string, candidates: readonly string[]])[] = [
  ['1.2.13-r0', '1.3.1-r1', 'lib/libz.so.1.2.13', ['lib/libz.so.1.3.1']],
  ['1.2.13-r0', '1.2.13-r1', 'x/a-1.2.13-r0', ['x/a-1.2.13-r1']],
  ['1.2.13-r0', '1.2.13-r1', 'lib/libz.so.1.2.13', []],
  ['1:1.2.13.dfsg-1', '1:1.3.dfsg+really1.3.1-1+b1', 'lib/libz.so.1.2.13', ['lib/libz.so.1.3.1']],
  ['1:1.2.13.dfsg-1+deb12u1', '1:1.2.14-1', 'lib/libz.so.1.2.13', ['lib/libz.so.1.2.14']],
  ['1:1.2.13.dfsg-1+deb12u1', '1:1.2.13.dfsg-1+deb12u2', 'lib/libz.so.1.2.13', []],
  ['1.2.13-1', '1:1.2.14-1', 'lib/libz.so.1.2.13', ['lib/libz.so.1.2.14']],
  ['2.36-9+deb12u7', '2.36-9+deb12u8', 'x/p_2.36-9+deb12u7.list', ['x/p_2.36-9+deb12u8.list']],
  ['5.6.1+really5.4.6-1', '5.6.1+really5.4.7-1', 'lib/liblzma.so.5.4.6', ['lib/liblzma.so.5.4.7']],
  ['1.1.1n-0+deb11u4', '1.1.1w-0+deb11u1', 'lib/a-1.1.1n/b-1.1.1n', ['lib/a-1.1.1w/b-1.1.1w']],
  ['2024a-0+deb12u1', '2024b-0+deb12u1', 'usr/share/zi/2024a', ['usr/share/zi/2024b']],
  ['12.4+deb12u5', '12.4+deb12u6', 'usr/lib/a-12.4', []],
  ['1.2.1-1', '1.2.2-1', 'lib/libz.so.1.2.13', []],
  ['1.2.1-1', '1.2.2-1', 'lib/libz.so.11.2.1', []],
  ['1-1', '2-1', 'usr/bin/tool1', []],
  ['1.2+x.3-1', '1.4-1', 'a/1.2+x.3', ['a/1.4', 'a/1.4+x.3']],
];

for (const [before, after, path, candidates] of rows) {
  test(`replacedVersions() from ${before} to ${after}: ${path} ${candidates.length > 0 ? `may be ${candidates.join()}` : 'is no other'}`, () => {
    assert.deepEqual([...new Set(replacedVersions(named(before), named(after))(path))], candidates);
  });
}

test('replacedVersions() knows nothing of packages that came, went or stayed', () => {
  assert.deepEqual(replacedVersions(named('1.0.0'), [])('a-1.0.0'), []);
  assert.deepEqual(replacedVersions([], named('1.0.0'))('a-1.0.0'), []);
  assert.deepEqual(replacedVersions(named('1.0.0'), named('1.0.0'))('a-1.0.0'), []);
});
