import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describedImage, richInventory } from '../../../test/support/described-image.ts';
import { cyclonedxOf } from '../cyclonedx/encode-cyclonedx.ts';
import { spdxOf } from '../spdx/encode-spdx.ts';
import { inventoryOfSbom } from './inventory-of-sbom.ts';

const read = (document: unknown) => inventoryOfSbom(Buffer.from(JSON.stringify(document)), 'sbom.json');
const cyclonedx = (components: readonly unknown[], more: object = {}) =>
  read({ bomFormat: 'CycloneDX', specVersion: '1.6', components, ...more });
const spdx = (packages: readonly object[], relationships: readonly object[] = []) =>
  read({ spdxVersion: 'SPDX-2.3', creationInfo: { creators: ['Tool: syft-1.0'] }, packages, relationships });
const withPurl = (SPDXID: string, purl: string, more: object = {}) => ({
  SPDXID,
  name: purl.replace(/^.*\/|@.*$/g, ''),
  externalRefs: [{ referenceCategory: 'PACKAGE_MANAGER', referenceType: 'purl', referenceLocator: purl }],
  ...more,
});

for (const [format, document] of [
  ['CycloneDX 1.6', cyclonedxOf(describedImage())],
  ['SPDX 2.3', spdxOf(describedImage())],
] as const) {
  test(`inventoryOfSbom() finds again in ${format} of our own what the image holds`, () => {
    const { inventory, unnamed, ...rest } = read(document);
    assert.deepEqual([rest.format, unnamed], [format, ['libhello 1.0.1-r0', 'tool 2:0.1+git']]);
    const told = ({ purl, edge, patched }: (typeof inventory.components)[number]) => ({ purl, edge, patched });
    const byPurl = (a: { purl: string }, b: { purl: string }) => (a.purl < b.purl ? -1 : 1);
    assert.deepEqual(
      inventory.components.map(told).toSorted(byPurl),
      richInventory.components
        .map(told)
        .map((one) => ({ ...one, patched: one.patched.toSorted() }))
        .toSorted(byPurl),
    );
    assert.deepEqual(
      inventory.packages.map(({ name, version }) => `${name} ${version}`),
      richInventory.packages.map(({ name, version }) => `${name} ${version}`),
    );
    const owners = new Map(inventory.components.map((one) => [one.purl, one.package]));
    assert.equal(owners.get('pkg:golang/stdlib@1.25.1'), 'hello');
    assert.equal(owners.get('pkg:npm/%40scope/lib@1.0.0'), 'tool');
  });
}

test('inventoryOfSbom() takes every purl of an SPDX package that advisories may mean, and one of those that are the same to them', () => {
  const purls = (SPDXID: string, name: string, ...locators: readonly string[]) => ({
    SPDXID,
    name,
    externalRefs: locators.map((referenceLocator) => ({ referenceType: 'purl', referenceLocator })),
  });
  const rhel = 'pkg:rpm/redhat/zlib@1.2.11-40.el9?arch=x86_64&distro=rhel-9.4';
  const { inventory, unnamed } = spdx([
    purls('a', 'zlib', `${rhel}&repository_id=baseos`, `${rhel}&repository_id=appstream`),
    purls('b', 'openssl', 'pkg:apk/wolfi/openssl@3.3.1-r0', 'pkg:github/openssl/openssl@3.3.1'),
    purls('c', 'lib', 'no purl', 'pkg:maven/g/lib@1.0', 'pkg:npm/lib@1.0'),
    purls('d', 'none', 'no purl', 'pkg:oci/none'),
  ]);
  assert.deepEqual(
    inventory.components.map(({ purl, ownedBy = '' }) => `${purl} ${ownedBy}`.trim()),
    [
      'pkg:maven/g/lib@1.0',
      'pkg:npm/lib@1.0',
      'pkg:apk/wolfi/openssl@3.3.1-r0',
      'pkg:github/openssl/openssl@3.3.1 openssl',
      `${rhel}&repository_id=baseos`,
    ],
  );
  assert.deepEqual(unnamed, ['none']);
});

test('inventoryOfSbom() of CycloneDX takes what somebody concluded a component to be, nested ones too', () => {
  const concluded = (concludedValue: string) => ({ evidence: { identity: [{ field: 'purl', concludedValue }] } });
  const { inventory } = cyclonedx([
    {
      name: 'app',
      purl: 'pkg:npm/app@1.0.0',
      components: [
        { name: 'core', version: '1.0', ...concluded('pkg:maven/g/core@1.0') },
        { name: 'x', purl: 'pkg:npm/x@2.0.0', ...concluded('pkg:npm/x@2.0.0') },
        { name: 'y', purl: 'pkg:npm/y@2.0.0', evidence: { identity: { field: 'purl', confidence: 1 } } },
        { name: 'z', purl: 'pkg:npm/z@2.0.0', evidence: { identity: ['none'] } },
      ],
    },
  ]);
  assert.deepEqual(
    inventory.components.map(({ purl }) => purl),
    ['pkg:maven/g/core@1.0', 'pkg:npm/app@1.0.0', 'pkg:npm/x@2.0.0', 'pkg:npm/y@2.0.0', 'pkg:npm/z@2.0.0'],
  );
});

test('inventoryOfSbom() knows packages of distributions by source and release, whoever says it and how', () => {
  const { inventory } = cyclonedx([
    { type: 'operating-system', name: 'debian', version: '12.4' },
    { name: 'a', purl: 'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12&upstream=openssl' },
    {
      name: 'b',
      purl: 'pkg:deb/debian/libgcc-s1@12.2.0-14%2Bb1?arch=amd64&distro=bookworm&upstream=gcc-12%4012.2.0-14',
    },
    {
      name: 'c',
      purl: 'pkg:deb/debian/bsdutils@2.38.1-5?arch=amd64&epoch=1',
      properties: [
        { name: 'aquasecurity:trivy:SrcName', value: 'util-linux' },
        { name: 'aquasecurity:trivy:SrcVersion', value: '2.38.1' },
        { name: 'aquasecurity:trivy:SrcRelease', value: '5' },
      ],
    },
    { name: 'd', purl: 'pkg:apk/alpine/libcrypto3@3.3.1-r3?arch=x86_64&distro=alpine-3.20.3&upstream=openssl' },
    {
      name: 'f',
      purl: 'pkg:rpm/rocky/perl-libs@5.32.1-480.el9?epoch=4&distro=rocky-9.4&upstream=perl-5.32.1-480.el9.src.rpm',
    },
    {
      name: 'g',
      purl: 'pkg:rpm/rocky/perl-Text@3.13-4.el9?epoch=1&distro=rocky-9.4&upstream=perl-5.32.1-480.el9.src.rpm',
    },
    {
      name: 'e',
      purl: 'pkg:rpm/redhat/openssl-libs@3.0.7-27.el9?arch=x86_64&epoch=1&distro=rhel-9.4&upstream=openssl-3.0.7-27.el9.src.rpm',
    },
  ]);
  assert.deepEqual(
    inventory.components.map(({ upstream, version, stream, package: owner }) => [owner, upstream, version, stream]),
    [
      ['bsdutils', 'pkg:deb/debian/util-linux', '2.38.1-5', '12'],
      ['libcrypto3', 'pkg:apk/alpine/openssl', '3.3.1-r3', '3.20'],
      ['libgcc-s1', 'pkg:deb/debian/gcc-12', '12.2.0-14', '12'],
      ['libssl3', 'pkg:deb/debian/openssl', '3.0.11-1', '12'],
      ['openssl-libs', 'pkg:rpm/redhat/openssl-libs', '1:3.0.7-27.el9', 'enterprise_linux:9'],
      ['perl-Text', 'pkg:rpm/rocky-linux/perl', '5.32.1-480.el9', '9'],
      ['perl-libs', 'pkg:rpm/rocky-linux/perl', '4:5.32.1-480.el9', '9'],
    ],
  );
  const [apk, ...others] = inventory.components.filter(({ alsoNamed }) => alsoNamed !== undefined);
  assert.deepEqual([apk?.alsoNamed, others], [['pkg:apk/alpine/libcrypto3'], []]);
  assert.deepEqual(
    inventory.components.filter(({ isEpochUnknown }) => isEpochUnknown).map((each) => each.package),
    ['perl-Text'],
  );
  assert.deepEqual(
    inventory.packages.find((one) => one.name === 'openssl-libs'),
    {
      name: 'openssl-libs',
      version: '1:3.0.7-27.el9',
      architecture: 'x86_64',
      origin: 'openssl',
      originVersion: '3.0.7-27.el9',
      license: '',
    },
  );
});

const distributed: readonly (readonly [purl: string, upstream: string, stream: string])[] = [
  ['pkg:rpm/almalinux/bind-libs@9.16-1.el9?distro=almalinux-9.4&upstream=bind-9.16-1.el9.src.rpm', 'bind-libs', '9'],
  ['pkg:rpm/rocky/bind-libs@9.16-1.el9?distro=rocky-9.4&upstream=bind-9.16-1.el9.src.rpm', 'bind', '9'],
  ['pkg:rpm/photon/curl@8.0-1.ph5?distro=photon-5.0', 'curl', '5.0'],
  ['pkg:rpm/azurelinux/curl@8.0-1.azl3?distro=azurelinux-3.0', 'curl', '3'],
  ['pkg:deb/ubuntu/curl@8.0-1?distro=plucky', 'curl', '25.04'],
  ['pkg:deb/ubuntu/curl@8.0-1?distro=trusty', 'curl', '14.04'],
];
for (const [purl, name, stream] of distributed) {
  test(`inventoryOfSbom() looks ${purl} up as advisories of its distribution name it`, () => {
    const [one] = cyclonedx([{ name: 'x', purl }]).inventory.components;
    assert.deepEqual([one?.upstream.split('/').at(-1), one?.stream], [name, stream]);
  });
}

test('inventoryOfSbom() keeps every version of a package whose purl names none', () => {
  const purl = 'pkg:npm/left-pad';
  const { inventory } = cyclonedx(['3.0.0', '1.0.0', '3.0.0'].map((version) => ({ name: 'left-pad', version, purl })));
  assert.deepEqual(
    inventory.components.map(({ version }) => version),
    ['1.0.0', '3.0.0'],
  );
});

test('inventoryOfSbom() knows components of languages as advisories name them', () => {
  const { inventory } = cyclonedx([
    { name: 'Zope.Interface', purl: 'pkg:pypi/Zope.Interface@5.0' },
    { name: 'stdlib', purl: 'pkg:golang/stdlib@v1.24.1' },
    { name: 'Newtonsoft.Json', purl: 'pkg:nuget/Newtonsoft.Json@13.0.1' },
    { name: 'core', group: '@babel', version: '7.0.0', purl: 'pkg:npm/%40babel/core' },
    { name: 'x', purl: 'pkg:golang/github.com/x/Y@v1.0.0?goos=linux#cmd/z' },
  ]);
  assert.deepEqual(
    inventory.components.map(({ upstream, version, stream, edge }) => [upstream, version, stream, edge]),
    [
      ['pkg:golang/github.com/x/Y', 'v1.0.0', '1', 'contains'],
      ['pkg:golang/stdlib', 'v1.24.1', '1.24', 'compiled-by'],
      ['pkg:npm/%40babel/core', '7.0.0', '7', 'contains'],
      ['pkg:nuget/newtonsoft.json', '13.0.1', '13', 'contains'],
      ['pkg:pypi/zope-interface', '5.0', '5', 'contains'],
    ],
  );
});

test('inventoryOfSbom() of CycloneDX: who owns what lies inside, and where it lies', () => {
  const { inventory } = cyclonedx([
    {
      name: 'python3-pip',
      purl: 'pkg:deb/debian/python3-pip@23.0.1',
      components: [
        {
          name: 'pip',
          purl: 'pkg:pypi/pip@23.0.1',
          properties: [{ name: 'syft:location:0:path', value: '/usr/x/METADATA' }],
        },
      ],
    },
    { name: 'pip', purl: 'pkg:pypi/pip@24.0', evidence: { occurrences: [{ location: 'opt/METADATA' }] } },
  ]);
  assert.deepEqual(
    inventory.components
      .filter((one) => one.edge === 'contains')
      .map(({ purl, package: owner, ownedBy, location }) => [purl, owner, ownedBy, location]),
    [
      ['pkg:pypi/pip@24.0', '', undefined, 'opt/METADATA'],
      ['pkg:pypi/pip@23.0.1', 'python3-pip', 'python3-pip', 'usr/x/METADATA'],
    ],
  );
});

test('inventoryOfSbom() of SPDX: who owns what, by the overlap of files that Syft states', () => {
  const { inventory } = spdx(
    [
      withPurl('SPDXRef-1', 'pkg:deb/debian/python3-pip@23.0.1'),
      withPurl('SPDXRef-2', 'pkg:pypi/pip@23.0.1', {
        sourceInfo:
          'acquired package info from installed python package manifest file: /usr/lib/METADATA, /usr/lib/RECORD',
      }),
      { SPDXID: 'SPDXRef-3', name: 'app', primaryPackagePurpose: 'APPLICATION' },
      withPurl('SPDXRef-4', 'pkg:pypi/wheel@1.0'),
    ],
    [
      {
        spdxElementId: 'SPDXRef-1',
        relationshipType: 'OTHER',
        relatedSpdxElement: 'SPDXRef-2',
        comment: 'ownership-by-file-overlap: indicates that the parent package claims ownership of a child package',
      },
      { spdxElementId: 'SPDXRef-3', relationshipType: 'CONTAINS', relatedSpdxElement: 'SPDXRef-4' },
    ],
  );
  assert.deepEqual(
    inventory.components.map(({ purl, ownedBy, location }) => [purl, ownedBy, location]),
    [
      ['pkg:pypi/wheel@1.0', undefined, undefined],
      ['pkg:deb/debian/python3-pip@23.0.1', undefined, undefined],
      ['pkg:pypi/pip@23.0.1', 'python3-pip', 'usr/lib/METADATA'],
    ],
  );
});

test('inventoryOfSbom() names what nobody can look up, and passes over what is only described', () => {
  const { inventory, unnamed } = cyclonedx(
    [
      { name: 'busybox', version: '1.36', type: 'application', cpe: 'cpe:2.3:a:busybox:busybox:1.36:*:*:*:*:*:*:*' },
      { name: 'bad', version: '1', purl: 'not a purl' },
      { name: '/bin/sh', type: 'file' },
      { name: 'package-lock.json', type: 'application' },
    ],
    { metadata: { component: { type: 'container', name: 'image', purl: 'pkg:oci/image@sha256:00' } } },
  );
  assert.deepEqual(inventory.components, []);
  assert.deepEqual(unnamed, ['busybox 1.36', 'bad 1']);
});

test('inventoryOfSbom() of a product includes the product itself, where it has a purl', () => {
  const { inventory } = cyclonedx([], {
    metadata: { component: { type: 'application', name: 'app', version: '1.0.0', purl: 'pkg:npm/app@1.0.0' } },
  });
  assert.deepEqual(
    inventory.components.map((one) => one.purl),
    ['pkg:npm/app@1.0.0'],
  );
});

const refused: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['no JSON', 'SPDXVersion: SPDX-2.3'],
  ['another document', '{"a":1}'],
  ['a list', '[]'],
  ['CycloneDX that is too old', '{"bomFormat":"CycloneDX","specVersion":"1.3"}'],
  ['CycloneDX that is too new', '{"bomFormat":"CycloneDX","specVersion":"2.0"}'],
  ['SPDX 3', '{"spdxVersion":"SPDX-3.0"}'],
  ['components that are no list', '{"bomFormat":"CycloneDX","specVersion":"1.6","components":{}}'],
  ['a component that is none', '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[1]}'],
  ['a package without an id', '{"spdxVersion":"SPDX-2.3","packages":[{}]}'],
];
for (const [what, text] of refused) {
  test(`inventoryOfSbom() refuses ${what}`, () => {
    assert.throws(() => inventoryOfSbom(Buffer.from(text), 'sbom.json'), { code: 'E0404' });
  });
}
