import type { VersionScheme } from '../../core/match/advisory.ts';
import { isValidVersion, versionKey } from '../../core/version/compare.ts';
import { textBytes } from './heap-text.ts';
import type { IndexQuery } from './index-hit.ts';
import { hashBytes, hashStream } from './package-hash.ts';

/** A question in the form in which sections compare: made once, asked of all of them. */
export interface Asked {
  readonly query: IndexQuery;
  readonly package: Uint8Array;
  readonly stream: Uint8Array;
  /** Of the package alone, for what is said about all streams. */
  readonly packageHash: number;
  readonly streamHash: number;
  readonly place: (scheme: VersionScheme) => AskedPlace;
}

/** The version in one order. */
export interface AskedPlace {
  readonly key: Uint8Array;
  readonly isValid: boolean;
}

export function asked(query: IndexQuery): Asked {
  const [name, stream] = [textBytes(query.package), textBytes(query.stream)];
  const packageHash = hashBytes(name);
  const places = new Map<VersionScheme, AskedPlace>();
  const place = (scheme: VersionScheme): AskedPlace => {
    const known = places.get(scheme);
    if (known !== undefined) return known;
    const { version } = query;
    const made = { key: textBytes(versionKey(scheme, version)), isValid: isValidVersion(scheme, version) };
    places.set(scheme, made);
    return made;
  };
  return { query, package: name, stream, packageHash, streamHash: hashStream(packageHash, stream), place };
}
