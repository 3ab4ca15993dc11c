import type { PackageURL } from 'packageurl-js';
import type { Distribution } from '../inventory/distribution.ts';

/**
 * The distribution of a package: its purl's namespace, with the release of the qualifier `distro` (`debian-12`, `alpine-3.20.3`,
 * `bookworm`), else the one that the document describes as a whole, if it is the same.
 */
export function distributionOfPurl(purl: PackageURL, described: Distribution | null): Distribution {
  const id = purl.namespace ?? described?.id ?? (purl.type === 'apk' ? 'alpine' : 'debian');
  const stated = purl.qualifiers?.['distro']?.toLowerCase();
  if (stated === undefined) return { id, release: described?.id === id ? described.release : null };
  // `rhel-9.4` of a package of `redhat`: what stands before the number is no release.
  const release = stated.startsWith(`${id}-`)
    ? stated.slice(id.length + 1)
    : stated.replace(/^[a-z._-]+-(?=[0-9])/, '');
  return { id, release: RELEASES.get(release) ?? release };
}

/** Advisories count releases by number; some makers of documents name them. */
const RELEASES: ReadonlyMap<string, string> = new Map([
  ['wheezy', '7'],
  ['jessie', '8'],
  ['stretch', '9'],
  ['buster', '10'],
  ['bullseye', '11'],
  ['bookworm', '12'],
  ['trixie', '13'],
  ['forky', '14'],
  ['duke', '15'],
  ['trusty', '14.04'],
  ['xenial', '16.04'],
  ['bionic', '18.04'],
  ['focal', '20.04'],
  ['jammy', '22.04'],
  ['noble', '24.04'],
  ['oracular', '24.10'],
  ['plucky', '25.04'],
  ['questing', '25.10'],
]);
