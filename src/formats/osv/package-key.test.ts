import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageKey, versionless } from './package-key.ts';

const cases: readonly [string, string, string, string, string | null][] = [
  ['npm', '@babel/core', 'pkg:npm/%40babel/core', 'semver', null],
  ['PyPI', 'Zope.Interface__x', 'pkg:pypi/zope-interface-x', 'pypi', null],
  ['Go', 'github.com/Masterminds/semver/v3', 'pkg:golang/github.com/Masterminds/semver/v3', 'go', null],
  ['Go', 'stdlib', 'pkg:golang/stdlib', 'go', null],
  ['crates.io', 'serde_json', 'pkg:cargo/serde_json', 'semver', null],
  ['Maven', 'org.apache.logging.log4j:log4j-core', 'pkg:maven/org.apache.logging.log4j/log4j-core', 'maven', null],
  ['Maven:https://maven.example', 'a:b', 'pkg:maven/a/b', 'maven', null],
  ['Packagist', 'Symfony/HTTP-Kernel', 'pkg:composer/symfony/http-kernel', 'packagist', null],
  ['Debian:12', 'openssl', 'pkg:deb/debian/openssl', 'deb', '12'],
  ['Debian', 'openssl', 'pkg:deb/debian/openssl', 'deb', null],
  ['NuGet', 'Newtonsoft.Json', 'pkg:nuget/newtonsoft.json', 'nuget', null],
  ['RubyGems', 'rails', 'pkg:gem/rails', 'rubygems', null],
  ['Pub', 'HTTP', 'pkg:pub/http', 'pub', null],
  ['Red Hat:rhel_aus:8.4::appstream', 'kernel', 'pkg:rpm/redhat/kernel', 'rpm', 'rhel_aus:8.4::appstream'],
  ['SUSE:Linux Enterprise Server 15 SP5', 'curl', 'pkg:rpm/suse/curl', 'rpm', 'Linux Enterprise 15 SP5'],
  ['Azure Linux:3', 'curl', 'pkg:rpm/azurelinux/curl', 'rpm', '3'],
  ['Debian:sid', 'openssl', 'pkg:deb/debian/openssl', 'deb', 'sid'],
  ['Ubuntu:22.04:LTS', 'openssl', 'pkg:deb/ubuntu/openssl', 'deb', '22.04'],
  ['Ubuntu', 'openssl', 'pkg:deb/ubuntu/openssl', 'deb', null],
  ['Kubernetes', 'k8s.io/apiserver', 'pkg:golang/k8s.io/apiserver', 'go', null],
  ['Ubuntu:Pro:18.04:LTS', 'openssl', 'pkg:deb/ubuntu/openssl', 'deb', '18.04'],
  ['Alpine:v3.20', 'openssl', 'pkg:apk/alpine/openssl', 'apk', '3.20'],
  ['Wolfi', 'openssl', 'pkg:apk/wolfi/openssl', 'apk', null],
  ['Rocky Linux:9', 'openssl', 'pkg:rpm/rocky-linux/openssl', 'rpm', '9'],
  ['Hex', 'Plug', 'pkg:hex/plug', 'semver', null],
  ['CRAN', 'abind', 'pkg:cran/abind', 'dotted', null],
  ['SwiftURL', 'https://github.com/vapor/vapor.git', 'pkg:swift/github.com/vapor/vapor', 'semver', null],
  ['Hackage', 'aeson', 'pkg:hackage/aeson', 'dotted', null],
  ['Bitnami', 'redis', 'pkg:bitnami/redis', 'bitnami', null],
  ['ConanCenter', 'zlib', 'pkg:conan/zlib', 'generic', null],
  ['Linux', 'Kernel', 'pkg:generic/linux/Kernel', 'semver', null],
  ['Julia', 'HTTP', 'pkg:julia/HTTP', 'pub', null],
  ['Root:Alpine:3.18', 'root-openssl', 'pkg:generic/root/root-openssl', 'apk', null],
  ['Root:PyPI', 'root-django', 'pkg:generic/root/root-django', 'pypi', null],
  ['OSS-Fuzz', 'zstd', 'pkg:generic/zstd', 'generic', null],
  ['Some New One', 'a/b', 'pkg:generic/some-new-one/a-b', 'generic', null],
  ['constructor', 'x', 'pkg:generic/constructor/x', 'generic', null],
];

for (const [ecosystem, name, purl, scheme, stream] of cases) {
  test(`packageKey() of ${ecosystem} ${name} is ${purl}`, () => {
    const { channel: _, isOrdered: __, ...key } = packageKey({ ecosystem, name }) ?? { isOrdered: false };
    assert.deepEqual(key, { purl, scheme, stream });
  });
}

test('packageKey() keeps the channel that a fix must be paid for in', () => {
  const channel = (ecosystem: string) => packageKey({ ecosystem, name: 'x' })?.channel;
  assert.equal(channel('Ubuntu:Pro:18.04:LTS'), 'pro');
  assert.equal(channel('Ubuntu:Pro:FIPS-updates:20.04:LTS'), 'pro-fips-updates');
  assert.equal(packageKey({ ecosystem: 'Ubuntu:Pro:FIPS:20.04:LTS', name: 'x' })?.stream, '20.04');
  assert.equal(channel('Ubuntu:22.04:LTS'), undefined);
});

test('packageKey() knows no order of versions in an ecosystem that is new to it, unless the purl tells more', () => {
  const isOrdered = (ecosystem: string, purl?: string) => packageKey({ ecosystem, name: 'x', purl })?.isOrdered;
  assert.equal(isOrdered('Some New One'), false);
  assert.equal(isOrdered('Some New One', 'pkg:npm/x'), true);
  assert.equal(isOrdered('PyPI'), true);
  assert.equal(isOrdered(''), true);
});

test('packageKey() names a package of a known ecosystem in one way, whatever purl a record gives it', () => {
  const purl = (ecosystem: string, name: string, given: string) => packageKey({ ecosystem, name, purl: given })?.purl;
  assert.equal(purl('PyPI', 'zope.interface', 'pkg:pypi/zope.interface'), 'pkg:pypi/zope-interface');
  assert.equal(purl('Alpine:v3.10', 'libexif', 'pkg:alpine/libexif'), 'pkg:apk/alpine/libexif');
  assert.equal(purl('npm', 'x', 'no purl'), 'pkg:npm/x');
});

test("packageKey() takes the record's own purl where the ecosystem is new, without version and qualifiers", () => {
  const key = packageKey({ ecosystem: '', name: 'x', purl: 'pkg:generic/hello@1.0.0?arch=amd64#sub' });
  assert.deepEqual(key, { purl: 'pkg:generic/hello', scheme: 'generic', stream: null, isOrdered: true });
  assert.equal(packageKey({ ecosystem: 'Some New One', name: 'x', purl: 'no purl' }), undefined);
});

test("packageKey() takes the ecosystem's order where the purl of the record names none", () => {
  const key = packageKey({ ecosystem: 'GHC', name: 'compiler', purl: 'pkg:generic/ghc' });
  assert.deepEqual(key, { purl: 'pkg:generic/ghc', scheme: 'dotted', stream: null, isOrdered: true });
});

test('versionless() takes the version off where the type of purl must have one', () => {
  assert.equal(versionless('pkg:cran/abind@1.4-5?os=linux'), 'pkg:cran/abind');
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
