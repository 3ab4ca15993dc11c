import { streamOf } from '../../core/match/stream-of.ts';
import { packageKey } from '../osv/package-key.ts';
import { purlEncoded } from './purl-text.ts';
import type { Component, LinkedCode } from '../../core/match/inventory.ts';

/** A component as a file says it, before anybody asked whose file it is. */
export type FoundComponent = Pick<
  Component,
  'purl' | 'version' | 'scheme' | 'upstream' | 'stream' | 'edge' | 'linked'
> & {
  /** Inside of the file: the path of a jar in a jar. */
  readonly inside?: string;
};

export interface NamedComponent {
  /** As OSV names it: `PyPI`, `npm`, `Go`. */
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly edge: Component['edge'];
  /** Where it is not the one that its number speaks of. */
  readonly stream?: string;
  readonly inside?: string;
  readonly linked?: LinkedCode | undefined;
}

/** Undefined where name or version are none: what a hostile file calls itself goes onto screens and into documents. */
export function foundComponent(named: NamedComponent): FoundComponent | undefined {
  const { ecosystem, name, version, edge, inside, linked } = named;
  if (!plainWord(name) || !plainWord(version)) return undefined;
  const key = packageKey({ ecosystem, name });
  if (key === undefined) return undefined;
  return {
    // A version that nobody published leads nowhere, so it is no part of the address.
    purl: version === '(devel)' ? key.purl : `${key.purl}@${purlEncoded(version)}`,
    version,
    scheme: key.scheme,
    upstream: key.purl,
    stream: named.stream ?? streamOf(version),
    edge,
    ...(inside === undefined ? {} : { inside }),
    ...(linked === undefined ? {} : { linked }),
  };
}

/** No blanks, and nothing that does not show. */
export function plainWord(text: string): boolean {
  return /^[^\s\p{C}]{1,300}$/u.test(text);
}
