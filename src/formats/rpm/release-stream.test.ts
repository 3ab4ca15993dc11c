import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageKey } from '../osv/package-key.ts';
import { releaseStream } from './release-stream.ts';

/** Distribution and release as an image or a purl says them, and what OSV calls that. */
const meant: readonly (readonly [id: string, release: string, ecosystem: string])[] = [
  ['rhel', '9.4', 'Red Hat:enterprise_linux:9::baseos'],
  ['rhel', '9.4', 'Red Hat:enterprise_linux:9::appstream'],
  ['redhat', '10.0', 'Red Hat:enterprise_linux:10.1'],
  ['sles', '15.5', 'SUSE:Linux Enterprise Server 15 SP5'],
  ['sles', '15.5', 'SUSE:Linux Enterprise Module for Basesystem 15 SP5'],
  ['sles', '15.4', 'SUSE:Linux Enterprise Server 15 SP4-LTSS'],
  ['sles', '12.5', 'SUSE:Linux Enterprise Server LTSS Extended Security 12 SP5'],
  ['sles_sap', '15.3', 'SUSE:Linux Enterprise Server for SAP Applications 15 SP3'],
  ['suse', '15', 'SUSE:Linux Enterprise Server 15'],
  ['sles', '16.0', 'SUSE:Linux Enterprise Server 16.0'],
  ['sle-micro', '5.5', 'SUSE:Linux Enterprise Micro 5.5'],
  ['sl-micro', '6.0', 'SUSE:Linux Micro 6.0'],
  ['opensuse-leap', '15.6', 'openSUSE:Leap 15.6'],
  ['opensuse', 'leap-15.6', 'openSUSE:Leap 15.6'],
  ['opensuse-tumbleweed', '20260101', 'openSUSE:Tumbleweed'],
  ['opensuse', 'tumbleweed-20260101', 'openSUSE:Tumbleweed'],
  ['opensuse-leap-micro', '5.5', 'openSUSE:Leap Micro 5.5'],
  ['openeuler', '24.03-LTS-SP1', 'openEuler:24.03-LTS-SP1'],
  ['openeuler', '22.03-lts', 'openEuler:22.03-LTS'],
  ['openeuler', '23.09', 'openEuler:23.09'],
  ['almalinux', '9.4', 'AlmaLinux:9'],
  ['rocky', '9.3', 'Rocky Linux:9'],
  ['azurelinux', '3.0', 'Azure Linux:3'],
  ['mageia', '9', 'Mageia:9'],
  ['photon', '5.0', 'Photon OS:5.0'],
];

for (const [id, release, ecosystem] of meant) {
  test(`releaseStream() of ${id} ${release} is what ${ecosystem} speaks of`, () => {
    assert.equal(releaseStream(id, release), packageKey({ ecosystem, name: 'x' })?.stream);
  });
}

const others: typeof meant = [
  ['rhel', '9.2', 'Red Hat:rhel_eus:9.2::baseos'],
  ['rhel', '8.6', 'Red Hat:enterprise_linux:9::baseos'],
  ['sles', '15.5', 'SUSE:Linux Enterprise Server 15 SP4'],
  ['sles', '15.5', 'SUSE:Linux Enterprise Micro 5.5'],
  ['sles', '12.3', 'SUSE:Linux Enterprise Server 12 SP3-TERADATA'],
  ['sles', '15.5', 'SUSE:Package Hub 15 SP5'],
  ['openeuler', '24.03-LTS', 'openEuler:24.03-LTS-SP1'],
  ['openeuler', '24.03', 'openEuler:24.03-LTS'],
];

for (const [id, release, ecosystem] of others) {
  test(`releaseStream() of ${id} ${release} is not what ${ecosystem} speaks of`, () => {
    assert.notEqual(releaseStream(id, release), packageKey({ ecosystem, name: 'x' })?.stream);
  });
}

test('releaseStream() is empty where the release cannot be told', () => {
  assert.deepEqual(
    [releaseStream('openeuler', '24.03'), releaseStream('rhel', ''), releaseStream('opensuse', '')],
    ['', '', ''],
  );
});

test('packageKey() of what SUSE sells after general support: the fix is for those who pay', () => {
  const channels = ['15 SP4', '15 SP4-LTSS', '15 SP4-ESPOS'].map(
    (version) => packageKey({ ecosystem: `SUSE:Linux Enterprise Server ${version}`, name: 'x' })?.channel,
  );
  assert.deepEqual(channels, [undefined, 'ltss', 'espos']);
});
