import type { FeedKind } from '../core/catalog/catalog.ts';

/** Whether a file of a folder or archive is an item of such a feed; beside items lie indexes, read-me files, workflows. */
export function isFeedFile(kind: FeedKind, path: string): boolean {
  return FILES[kind].test(path);
}

const FILES: Readonly<Record<FeedKind, RegExp>> = {
  osv: /\.(?:json|ya?ml)$/,
  ghsa: /(?:^|\/)GHSA-[^/]+\.json$/,
  govulndb: /(?:^|\/)GO-[0-9]{4}-[0-9]+\.json$/,
  rustsec: /(?:^|\/)(?:RUSTSEC|CVE)-[0-9-]+\.(?:md|json)$/,
  rubysec: /(?:^|\/)(?:CVE|GHSA|OSVDB)-[^/]+\.ya?ml$/,
  pypa: /(?:^|\/)PYSEC-[^/]+\.(?:ya?ml|json)$/,
  secdb: /\.(?:json|ya?ml)$/,
  debian: /\.json$/,
  dsa: /(?:^|\/)(?:DSA|DLA|DTSA)(?:\/list|\.list|\.txt)?$/,
  nvd: /\.json(?:\.gz)?$/,
  openvex: /(?:^|\/)(?!(?:index|manifest|vex-repository)\.json$)[^/]+\.json$/,
  kev: /\.json$/,
  epss: /\.csv(?:\.gz)?$/,
};

/** Largest item: one record or a list such as KEV; a year of NVD, or all that Debian tracks, is more. */
export function itemBytesMax(kind: FeedKind): number {
  return (kind === 'nvd' || kind === 'debian' ? 256 : 64) * 2 ** 20;
}
