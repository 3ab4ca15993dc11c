import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageKey, versionless } from './package-key.ts';

const cases: readonly [string, string, string, string, string | null][] = [
  ['npm', '@babel/core', 'pkg:npm/%40babel/core', 'semver', null],
  ['PyPI', 'Zope.Interface__x', 'pkg:pypi/zope-interface-x', 'pypi', null],
  ['Go', 'github.com/Masterminds/semver/v3', 'pkg:golang/github.com/Masterminds/semver/v3', 'go', null],
  ['Go', 'stdlib', 'pkg:golang/stdlib', 'go', null],
  ['crates.io', 'serde_json', 'pkg:cargo/serde_json', 'semver', null],
  ['Maven', 'org.apache.logging.log4j:log4j-core', 'pkg:maven/org.apache.logging.log4j/log4j-core', 'generic', null],
  ['Maven:https://maven.example', 'a:b', 'pkg:maven/a/b', 'generic', null],
  ['Packagist', 'Symfony/HTTP-Kernel', 'pkg:composer/symfony/http-kernel', 'generic', null],
  ['Debian:12', 'openssl', 'pkg:deb/debian/openssl', 'deb', '12'],
  ['Debian', 'openssl', 'pkg:deb/debian/openssl', 'deb', null],
  ['Ubuntu:Pro:18.04:LTS', 'openssl', 'pkg:deb/ubuntu/openssl', 'deb', '18.04'],
  ['Alpine:v3.20', 'openssl', 'pkg:apk/alpine/openssl', 'apk', '3.20'],
  ['Wolfi', 'openssl', 'pkg:apk/wolfi/openssl', 'apk', null],
  ['OSS-Fuzz', 'zstd', 'pkg:generic/zstd', 'generic', null],
  ['Some New One', 'a/b', 'pkg:generic/some-new-one/a-b', 'generic', null],
  ['constructor', 'x', 'pkg:generic/constructor/x', 'generic', null],
];

for (const [ecosystem, name, purl, scheme, stream] of cases) {
  test(`packageKey() of ${ecosystem} ${name} is ${purl}`, () => {
    assert.deepEqual(packageKey({ ecosystem, name }), { purl, scheme, stream });
  });
}

test("packageKey() takes the record's own purl before the ecosystem, without version and qualifiers", () => {
  const key = packageKey({ ecosystem: '', name: 'x', purl: 'pkg:generic/hello@1.0.0?arch=amd64#sub' });
  assert.deepEqual(key, { purl: 'pkg:generic/hello', scheme: 'generic', stream: null });
  assert.equal(packageKey({ ecosystem: 'npm', name: 'x', purl: 'no purl' }), undefined);
});

test('versionless() is undefined for what is no purl', () => {
  assert.deepEqual(['pkg:npm/a@1', 'npm/a', '', 'pkg:', 'pkg:npm'].map(versionless), [
    'pkg:npm/a',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
