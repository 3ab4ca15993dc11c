import assert from 'node:assert/strict';
import { test } from 'node:test';
import { component } from '../../../test/support/literal-scan.ts';
import { withinOf } from './within-of.ts';

const apk = component('pkg:apk/wolfi/tool@1-r0', { package: 'tool' });
const main = component('pkg:golang/example.com/tool@v1.0.0', { edge: 'contains', location: 'usr/bin/tool' });
const net = component('pkg:golang/golang.org/x/net@v0.23.0', {
  edge: 'static',
  location: 'usr/bin/tool',
  ownedBy: 'tool',
});
const listed = ['a', 'b'].map((name) =>
  component(`pkg:npm/${name}@1.0.0`, { edge: 'contains', location: 'app/package-lock.json' }),
);

test('withinOf() is the package that owns the file and the program that it is linked into', () => {
  const within = withinOf({ components: [apk, main, net] });
  assert.deepEqual(within(net), [apk.purl, main.purl]);
  assert.deepEqual(within(apk), []);
});

test('withinOf() is nothing for what is only told of in the same place', () => {
  const within = withinOf({ components: [...listed, main] });
  assert.deepEqual([...listed, main].map(within), [[], [], []]);
});
