import type { PackageFormat } from '../../core/catalog/catalog.ts';
import { streamOf } from '../../core/match/stream-of.ts';
import type { Component, InventoryPackage } from '../../core/match/inventory.ts';

/** The distribution that an image says it is. */
export interface PackageDistribution {
  readonly format: PackageFormat;
  readonly id: string;
  readonly release: string | null;
}

/**
 * The component of a package that says nothing about its inside: the package itself, as its distribution ships it.
 * Advisories of distributions speak of the origin in its own version, so that is the upstream; Debian's also speak of one
 * release at a time, which is the stream.
 */
export function defaultComponent(one: InventoryPackage, { format, id, release }: PackageDistribution): Component {
  const version = one.originVersion ?? one.version;
  const qualifiers = [
    ...(one.architecture === '' ? [] : [`arch=${encoded(one.architecture)}`]),
    ...(format === 'deb' && release !== null ? [`distro=${encoded(`${id}-${release}`)}`] : []),
  ];
  const namespace = `pkg:${format}/${encoded(id)}`;
  return {
    purl: `${namespace}/${encoded(one.name)}@${encoded(one.version)}${qualifiers.length === 0 ? '' : `?${qualifiers.join('&')}`}`,
    version,
    scheme: format,
    upstream: `${namespace}/${encoded(one.origin)}`,
    stream: format === 'deb' ? (release ?? '') : streamOf(version),
    edge: 'is',
    package: one.name,
    patched: [],
  };
}

/** Percent-encoding of purl-spec: letters, digits and `.-_~:` stay as they are. */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%3A', ':')
    .replace(/[!'()*]/g, percent);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
