import { plainWord } from '../inventory/found-component.ts';
import { packageKey } from '../osv/package-key.ts';
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
    stream: streamOfRelease(id, release ?? ''),
    edge: 'is',
    package: installed.name,
    ...(!isOwn && !/^[0-9]+:/.test(version) && { isEpochUnknown: true }),
  };
}

const NAMED_ITSELF = new Set(['redhat', 'rhel', 'almalinux']);

/** Advisories count main releases, and of Photon OS `5.0`. */
function streamOfRelease(id: string, release: string): string {
  const number = (id === 'photon' ? /^[0-9]+\.[0-9]+/ : /^[0-9]+/).exec(release);
  return number?.[0] ?? release;
}

/** What OSV calls them, by the `ID` of os-release that makers of documents use as namespace. */
const ECOSYSTEMS: ReadonlyMap<string, string> = new Map([
  ['almalinux', 'AlmaLinux'],
  ['azurelinux', 'Azure Linux'],
  ['mariner', 'Azure Linux'],
  ['mageia', 'Mageia'],
  ['openeuler', 'openEuler'],
  ['opensuse', 'openSUSE'],
  ['opensuse-leap', 'openSUSE'],
  ['opensuse-tumbleweed', 'openSUSE'],
  ['photon', 'Photon OS'],
  ['redhat', 'Red Hat'],
  ['rhel', 'Red Hat'],
  ['rocky', 'Rocky Linux'],
  ['sles', 'SUSE'],
  ['suse', 'SUSE'],
]);
