import type { PackageFormat } from '../../core/catalog/catalog.ts';
import { streamOf } from '../../core/match/stream-of.ts';
import { purlEncoded } from './purl-text.ts';
import type { Component, InventoryPackage } from '../../core/match/inventory.ts';

/** The distribution that an image says it is. */
export interface PackageDistribution {
  readonly format: PackageFormat;
  readonly id: string;
  readonly release: string | null;
}

/**
 * The component of a package that says nothing about its inside: the package itself, as its distribution ships it.
 * Advisories of distributions speak of the origin in its own version, so that is the upstream; those of Debian and Alpine
 * also speak of one release at a time, which is the stream.
 */
export function defaultComponent(one: InventoryPackage, distribution: PackageDistribution): Component {
  const { format, id } = distribution;
  const version = one.originVersion ?? one.version;
  const release = releaseOf(distribution);
  const qualifiers = [
    ...(one.architecture === '' ? [] : [`arch=${purlEncoded(one.architecture)}`]),
    ...(release === null ? [] : [`distro=${purlEncoded(`${id}-${release}`)}`]),
  ];
  const namespace = `pkg:${format}/${purlEncoded(id)}`;
  return {
    purl: `${namespace}/${purlEncoded(one.name)}@${purlEncoded(one.version)}${qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`}`,
    version,
    scheme: format,
    upstream: `${namespace}/${purlEncoded(one.origin)}`,
    stream: release ?? (format === 'deb' ? '' : streamOf(version)),
    edge: 'is',
    package: one.name,
    patched: [],
    // Alpine's lists file a flaw under the origin or under the subpackage, and either may be the only one.
    ...(format === 'apk' && one.name !== one.origin && { alsoNamed: [`${namespace}/${purlEncoded(one.name)}`] }),
  };
}

/**
 * The release that advisories mean, null where the distribution has none: `12`, of Alpine `3.20` for each `3.20.3`, and its
 * snapshots, `3.21_alpha20240807`, are `edge`.
 */
export function releaseOf({ format, id, release }: PackageDistribution): string | null {
  if (format === 'deb') return id === 'debian' ? (release?.replace(/^([0-9]+)\..*$/, '$1') ?? null) : release;
  if (id !== 'alpine' || release === null) return null;
  return release.includes('_') ? 'edge' : (/^[0-9]+\.[0-9]+/.exec(release)?.[0] ?? release);
}
