import { streamOf } from '../../core/match/stream-of.ts';
import type { Component, InventoryPackage } from '../../core/match/inventory.ts';

/**
 * The component of a package that says nothing about its inside: the package itself, as its distribution ships it.
 * Advisories of distributions speak of the origin, so that is the upstream.
 */
export function defaultComponent(one: InventoryPackage, distribution: string): Component {
  const qualifiers = one.architecture === '' ? '' : `?arch=${encoded(one.architecture)}`;
  const namespace = `pkg:apk/${encoded(distribution)}`;
  return {
    purl: `${namespace}/${encoded(one.name)}@${encoded(one.version)}${qualifiers}`,
    version: one.version,
    scheme: 'apk',
    upstream: `${namespace}/${encoded(one.origin)}`,
    stream: streamOf(one.version),
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
