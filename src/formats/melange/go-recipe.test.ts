import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildInText, mayBuildGo, parseGoRecipe } from './go-recipe.ts';

const RECIPE = `package:
  name: etcd
  version: "3.5.11"
  epoch: 2
environment:
  contents:
    packages:
      - busybox
      - go
pipeline:
  - uses: git-checkout
    with:
      repository: https://github.com/etcd-io/etcd.git
  - uses: go/bump
    with:
      deps: golang.org/x/crypto@v0.17.0 github.com/a/b@v2.0.0+incompatible
      replaces: github.com/old/x=github.com/new/x@v1.2.3
subpackages:
  - name: ctl
    pipeline:
      - pipeline:
          - uses: go/bump
            with:
              deps: golang.org/x/net@v0.19.0
`;

function parsed(text: string) {
  return parseGoRecipe(new TextEncoder().encode(text), 'etcd.yaml');
}

test('parseGoRecipe() reads what a Go program is built with and of', () => {
  assert.deepEqual(parsed(RECIPE), {
    version: '3.5.11',
    epoch: '2',
    compiler: 'newest',
    repository: 'github.com/etcd-io/etcd',
    raised: [
      { module: 'golang.org/x/crypto', version: '0.17.0' },
      { module: 'github.com/a/b', version: '2.0.0' },
      { module: 'github.com/new/x', version: '1.2.3' },
      { module: 'golang.org/x/net', version: '0.19.0' },
    ],
  });
});

const compilers: readonly (readonly [string, string | null])[] = [
  ['- go', 'newest'],
  ['- go-1.21', '1.21'],
  ['- go~1.22', '1.22'],
  ['- go=~1.22.3', '1.22'],
  ['- go-fips-1.21', '1.21'],
  ['- gobject-introspection', null],
  ['- go-bindata', null],
];
for (const [asked, compiler] of compilers) {
  test(`parseGoRecipe() of a recipe that asks for "${asked}"`, () => {
    assert.equal(parsed(RECIPE.replace('- go\n', `${asked}\n`))?.compiler ?? null, compiler);
  });
}

test('buildInText() tells builds apart, mayBuildGo() what is worth reading', () => {
  assert.equal(buildInText(RECIPE), '"3.5.11"-r2');
  assert.equal(buildInText('name: x\n'), null);
  assert.deepEqual([mayBuildGo(RECIPE), mayBuildGo('      - gobject-introspection\n')], [true, false]);
});
