import { plainWord } from '../inventory/found-component.ts';
import { packageKey } from '../osv/package-key.ts';
import { purlEncoded } from '../inventory/purl-text.ts';
import { releaseStream } from './release-stream.ts';
import type { Component, InventoryPackage } from '../../core/match/inventory.ts';
import type { Distribution } from '../inventory/distribution.ts';

/**
 * A package of a distribution that uses rpm. Advisories name the source package, but those of Red Hat and AlmaLinux name
 * binary ones, so there the package itself counts. A source package's version has no epoch in its file name: where it is else the same, the package's
 * own, which has one, is taken (rpm compares a missing epoch as 0); else it is marked as one whose epoch nobody knows.
 */
export function rpmComponent(
  installed: InventoryPackage,
  { id, release }: Distribution,
): Omit<Component, 'purl' | 'patched'> | undefined {
  const ecosystem = ECOSYSTEMS.get(id);
  const name = NAMED_ITSELF.has(id) ? installed.name : installed.origin;
  const key = packageKey(
    ecosystem === undefined
      ? { ecosystem: '', name, purl: `pkg:rpm/${encodeURIComponent(id)}/${encodeURIComponent(name)}` }
      : { ecosystem, name },
  );
  if (key === undefined || !plainWord(installed.version)) return undefined;
  const { originVersion = installed.version } = installed;
  const isOwn = name === installed.name || installed.version.replace(/^[0-9]+:/, '') === originVersion;
  const version = isOwn ? installed.version : originVersion;
  return {
    version,
    scheme: key.scheme,
    upstream: key.purl,
    stream: releaseStream(id, release ?? ''),
    edge: 'is',
    package: installed.name,
    ...(!isOwn && !/^[0-9]+:/.test(version) && { isEpochUnknown: true }),
  };
}

const NAMED_ITSELF = new Set(['redhat', 'rhel', 'almalinux']);

/** What OSV calls them, by the `ID` of os-release that makers of documents use as namespace. */
const ECOSYSTEMS: ReadonlyMap<string, string> = new Map([
  ['almalinux', 'AlmaLinux'],
  ['azurelinux', 'Azure Linux'],
  ['mariner', 'Azure Linux'],
  ['mageia', 'Mageia'],
  ['openeuler', 'openEuler'],
  ['opensuse', 'openSUSE'],
  ['opensuse-leap', 'openSUSE'],
  ['opensuse-leap-micro', 'openSUSE'],
  ['opensuse-tumbleweed', 'openSUSE'],
  ['photon', 'Photon OS'],
  ['redhat', 'Red Hat'],
  ['rhel', 'Red Hat'],
  ['rocky', 'Rocky Linux'],
  ['sl-micro', 'SUSE'],
  ['sle-micro', 'SUSE'],
  ['sle-micro-rancher', 'SUSE'],
  ['sle_hpc', 'SUSE'],
  ['sled', 'SUSE'],
  ['sles', 'SUSE'],
  ['sles_sap', 'SUSE'],
  ['suse', 'SUSE'],
]);

/** The component of a package that rpm's own database lists, with the purl that makers of documents give it. */
export function installedRpmComponent(installed: InventoryPackage, distribution: Distribution): Component | undefined {
  const { id, release } = distribution;
  const made = rpmComponent(installed, distribution);
  const [, epoch, version = ''] = /^(?:([0-9]+):)?(.*)$/.exec(installed.version) ?? [];
  const qualifiers = Object.entries({
    arch: installed.architecture,
    distro: release === null ? '' : `${id}-${release}`,
    epoch: epoch ?? '',
    upstream: sourceFile(installed, version),
  }).flatMap(([key, value]) => (value === '' ? [] : [`${key}=${purlEncoded(value)}`]));
  // As the purl specification has it (types, "rpm"): the vendor.
  const namespace = purlEncoded(id === 'rhel' ? 'redhat' : id);
  const query = qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`;
  const purl = `pkg:rpm/${namespace}/${purlEncoded(installed.name)}@${purlEncoded(version)}${query}`;
  return made === undefined ? undefined : { ...made, purl, patched: [] };
}

/** Without its epoch, as the file is called. */
function sourceFile({ name, origin, originVersion }: InventoryPackage, version: string): string {
  const isOwn = origin === name && originVersion === undefined;
  return isOwn ? '' : `${origin}-${(originVersion ?? version).replace(/^[0-9]+:/, '')}.src.rpm`;
}
