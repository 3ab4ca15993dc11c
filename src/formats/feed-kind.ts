import type { FeedKind } from '../core/catalog/catalog.ts';

/** As much of a file as tells what it is. */
export const FEED_START_BYTES = 4096;

/**
 * Which feed a file that lies about belongs to, by its name where publishers have one of their own, else by how it begins.
 * Undefined: an index, a read-me, or nothing that is read here.
 */
export function feedKindOf(path: string, start: Uint8Array): FeedKind | undefined {
  const named = BY_NAME.find(([pattern]) => pattern.test(path));
  if (named !== undefined) return named[1];
  if (!/\.(?:json|ya?ml|json\.gz)$/.test(path)) return undefined;
  if (path.endsWith('.gz')) return /nvd/i.test(path) ? 'nvd' : undefined;
  const text = new TextDecoder().decode(start);
  return BY_START.find(([pattern]) => pattern.test(text))?.[1];
}

const BY_NAME: readonly (readonly [RegExp, FeedKind])[] = [
  [/(?:^|\/)GO-[0-9]{4}-[0-9]+\.json$/, 'govulndb'],
  [/(?:^|\/)GHSA-[^/]+\.json$/, 'ghsa'],
  [/(?:^|\/)PYSEC-[^/]+\.(?:ya?ml|json)$/, 'pypa'],
  [/(?:^|\/)RUSTSEC-[0-9-]+\.(?:md|json)$|(?:^|\/)rust\/.*\/CVE-[0-9-]+\.md$/, 'rustsec'],
  [/(?:^|\/)(?:gems|rubies|libraries)\/[^/]+\/[^/]+\.ya?ml$/, 'rubysec'],
  [/(?:^|\/)(?:DSA|DLA|DTSA)(?:\/list|\.list|\.txt)?$/, 'dsa'],
  [/epss[^/]*\.csv(?:\.gz)?$/i, 'epss'],
];

const BY_START: readonly (readonly [RegExp, FeedKind])[] = [
  [/"@context"\s*:\s*"https:\/\/openvex\.dev\//, 'openvex'],
  [/"catalogVersion"\s*:\s*"/, 'kev'],
  [/"format"\s*:\s*"NVD_CVE"|"resultsPerPage"\s*:/, 'nvd'],
  [/"(?:apkurl|reponame|distroversion)"\s*:|^(?:apkurl|reponame|distroversion):/m, 'secdb'],
  [/^\s*\{\s*"[a-z0-9][a-z0-9+.-]*"\s*:\s*\{\s*"(?:CVE|TEMP)-[^"]+"\s*:\s*\{/, 'debian'],
  // Members may come in any order, and long ones before those that tell.
  [/"schema_version"\s*:|"modified"\s*:|^modified:|^\s*\{\s*"(?:id|affected)"\s*:/m, 'osv'],
];
