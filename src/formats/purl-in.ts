import { PackageURL } from 'packageurl-js';

export type ParsedPurl = Omit<PackageURL, 'toString'>;

/**
 * The purl in this text; undefined when it is none. packageurl-js 2.0.1 refuses a Go version that begins with `v` and is no
 * SemVer (`v4.12`, `v19.03.2`, `vmain`); purl-spec does not, and Docker and LXD number their releases so. To be deleted
 * when the library takes them.
 */
export function purlIn(text: string): ParsedPurl | undefined {
  const strict = parsed(text);
  if (strict !== undefined) return strict;
  const [, before, after] = /^(pkg:\/*golang\/[^?#]+@)v([^?#]+.*)$/i.exec(text) ?? [];
  const bare = before === undefined || after === undefined ? undefined : parsed(before + after);
  if (bare?.version === undefined) return undefined;
  const { type, namespace, name, version, qualifiers, subpath } = bare;
  return { type, namespace, name, version: `v${version}`, qualifiers, subpath };
}

function parsed(text: string): PackageURL | undefined {
  try {
    return PackageURL.fromString(text);
  } catch {
    return undefined;
  }
}
