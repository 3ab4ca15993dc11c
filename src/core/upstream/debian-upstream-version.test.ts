import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debianUpstreamVersion } from './debian-upstream-version.ts';

const cases: readonly (readonly [string, string, string])[] = [
  ['a revision goes', '2.5.0-1+deb12u2', '2.5.0'],
  ['an epoch goes', '1:1.37.0-6', '1.37.0'],
  ['a native version is upstream itself', '20230311+nmu1', '20230311+nmu1'],
  ['what was taken out is no part of it', '2.9.14+dfsg-1.3', '2.9.14'],
  ['also with a dot', '1:1.2.13.dfsg-1', '1.2.13'],
  ['also with a number', '4.5.0+dfsg2-1', '4.5.0'],
  ['what is really there counts', '1:1.3.dfsg+really1.3.1-1+deb13u1', '1.3.1'],
  ['going back after an attack', '5.6.1+really5.4.5-1', '5.4.5'],
  ['a candidate is spelt as recipes spell it', '8.23.0~rc3-1', '8.23.0_rc3'],
  ['a repacked archive', '3.4+repack-2', '3.4'],
  ['a hyphen in the upstream part', '1.2-3-4', '1.2-3'],
  ['already without a revision', '1.2.13.dfsg', '1.2.13'],
];

for (const [situation, version, expected] of cases) {
  test(`debianUpstreamVersion(): ${situation}`, () => assert.equal(debianUpstreamVersion(version), expected));
}
