import assert from 'node:assert/strict';
import { test } from 'node:test';
import { purlIn } from './purl-in.ts';

const cases: readonly (readonly [text: string, name: string | undefined, version?: string])[] = [
  ['pkg:golang/golang.org/x/net@v0.30.0', 'net', 'v0.30.0'],
  ['pkg:golang/github.com/docker/docker@v19.03.2', 'docker', 'v19.03.2'],
  ['pkg:golang/github.com/docker/cli@v19.03.0%2Bincompatible?type=module', 'cli', 'v19.03.0+incompatible'],
  ['pkg:golang/github.com/canonical/lxd@v4.12#lxd', 'lxd', 'v4.12'],
  ['pkg:golang/github.com/linkerd/linkerd2@vedge-24.6.2', 'linkerd2', 'vedge-24.6.2'],
  ['pkg:golang/example.com/a@v', undefined],
  ['golang/example.com/a@v4.12', undefined],
];

for (const [text, name, version] of cases) {
  test(`purlIn() of ${text}`, () => {
    const purl = purlIn(text);
    assert.deepEqual([purl?.name, purl?.version], [name, version]);
  });
}
