import type { Obligation } from '../../core/promise/standing.ts';
import { secdbOf } from '../../formats/secdb/encode-secdb.ts';
import type { FeedWorld } from './feed-facts.ts';
import { type FeedFile, jsonFile } from './feed-file.ts';
import { type Judged, namesOf, type OwnVerdicts } from './own-verdicts.ts';

/** What is fixed in our apk packages, under the package's own name and its recipe's: scanners ask for either. */
export function secdbFiles(judged: readonly Judged[], world: FeedWorld): readonly FeedFile[] {
  const fixes = new Map<string, Map<string, Set<string>>>();
  for (const { vulnerability, obligations, verdicts: all } of judged) {
    const entry = idsOf(vulnerability, obligations);
    for (const verdicts of all) {
      const version = verdicts.package.format === 'apk' ? fixedIn(verdicts, obligations) : undefined;
      if (version === undefined) continue;
      for (const name of namesOf(verdicts.package)) {
        const byVersion = fixes.get(name) ?? new Map<string, Set<string>>();
        fixes.set(name, byVersion.set(version, (byVersion.get(version) ?? new Set()).add(entry)));
      }
    }
  }
  const packages = [...fixes].map(([name, byVersion]) => ({
    name,
    secfixes: new Map([...byVersion].map(([version, entries]) => [version, [...entries].sort()])),
  }));
  const archs = [...new Set(world.lines.flatMap(({ images }) => images.map(({ architecture }) => ARCH[architecture])))];
  const from = { reponame: 'images', urlprefix: secdbPrefix, archs: archs.sort() };
  return [jsonFile('secdb/security.json', secdbOf(packages, from))];
}

/** No packages are served there: the field is asked for, and the name is one that nobody can own (RFC 6761). */
export const secdbPrefix = 'https://suture.invalid';

const ARCH = { amd64: 'x86_64', arm64: 'aarch64' } as const;

/**
 * Readers take a version as fixed from one version on. Where the newest that we know is affected nothing is said; `0`
 * where a statement says that none ever was.
 */
function fixedIn({ package: one, versions }: OwnVerdicts, obligations: readonly Obligation[]): string | undefined {
  const last = versions.findLastIndex((each) => each.isAffected);
  if (last >= 0) return versions[last + 1]?.version;
  const about = obligations.filter(({ claims }) => claims.some((claim) => claim.packages.includes(one.name)));
  return about.length > 0 && about.every(({ standing }) => standing === 'not-affected') ? '0' : undefined;
}

/** CVE ids first: that is what readers know an entry by. */
function idsOf(vulnerability: string, obligations: readonly Obligation[]): string {
  const ids = [...new Set([vulnerability, ...obligations.flatMap((each) => each.aliases)])].sort();
  return [...ids.filter((id) => id.startsWith('CVE-')), ...ids.filter((id) => !id.startsWith('CVE-'))].join(' ');
}
