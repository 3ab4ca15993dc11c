import type { PackageURL } from 'packageurl-js';
import { sourceOfFile } from '../rpm/source-name.ts';
import type { SbomEntry } from './entry.ts';

/**
 * The source package, from the qualifier `upstream` that Syft writes: `openssl`, `gcc-12@12.2.0-14`, or for rpm the name of the
 * source package's file, `openssl-3.0.7-27.el9.src.rpm`. Null where it does not say.
 */
export function originOfPurl(purl: PackageURL): SbomEntry['origin'] {
  const upstream = purl.qualifiers?.['upstream'];
  if (upstream === undefined || upstream === '') return null;
  if (purl.type === 'rpm') return sourceOfFile(upstream);
  const at = upstream.lastIndexOf('@');
  return at <= 0 ? { name: upstream, version: null } : { name: upstream.slice(0, at), version: upstream.slice(at + 1) };
}
