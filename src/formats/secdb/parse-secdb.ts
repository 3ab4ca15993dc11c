import * as z from 'zod';
import type { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord, AffectedPackage } from '../../core/match/advisory.ts';
import { compareVersions, isValidVersion } from '../../core/version/compare.ts';
import { packageKey, type PackageKey } from '../osv/package-key.ts';
import { unusableRecord } from '../unusable-record.ts';
import { idsInEntry } from './ids-in-entry.ts';

const label = z.string().regex(/^[\x20-\x7e]{0,1000}$/, 'plain text');

const secdb = z.object({
  distroversion: label.optional(),
  reponame: label.default(''),
  urlprefix: label,
  packages: z
    .array(z.unknown())
    .max(200_000)
    .or(z.literal('').transform(() => []))
    .nullish(),
});

const secfixes = z.object({
  pkg: z.object({
    name: z.string().regex(/^[^\s/]{1,200}$/, 'a package name'),
    secfixes: z
      .record(
        z.string().regex(/^[\x21-\x7e]{1,200}$/, 'a version'),
        z.array(z.string().max(2_000)).max(10_000).or(z.literal('')).nullable(),
      )
      .or(z.literal('').transform((): Record<string, null> => ({})))
      .nullish(),
  }),
});

type Secfixes = z.infer<typeof secfixes>['pkg'];

export interface Secdb {
  /** One record for each vulnerability. */
  readonly records: readonly AdvisoryRecord[];
  /** What all of them have as their source: the whole file speaks under it. */
  readonly source: string;
  /** Packages and entries that cannot be used. */
  readonly problems: readonly Failure[];
}

/**
 * What a distribution of apk packages has fixed, one release and repository of it in one file (secdb.alpinelinux.org).
 * Names are origins. Fixed in several versions is fixed in the highest: the first fixes were not whole. Version "0" says
 * that it never was affected. What is not listed says nothing. The file bears no dates. Throws Failure E0202.
 */
export function parseSecdb(
  content: unknown,
  { name, observedAt }: { readonly name: string; readonly observedAt: Temporal.Instant },
): Secdb {
  const parsed = secdb.safeParse(content);
  if (!parsed.success) throw unusableRecord(name, { why: `it is no secdb: ${parsed.error.issues[0]?.path.join('.')}` });
  const { distroversion, reponame, urlprefix, packages } = parsed.data;
  const distribution = distributionOf(urlprefix, name);
  const ecosystem = distroversion === undefined ? distribution : `${distribution}:${distroversion}`;
  const problems: Failure[] = [];
  const listed = (packages ?? []).flatMap((each, index): readonly Listed[] => {
    const read = secfixes.safeParse(each);
    if (read.success) return listedIn(read.data.pkg, { ecosystem, name, problems });
    problems.push(unusableRecord(name, { at: `${name}: packages[${index}]`, why: issueOf(read.error) }));
    return [];
  });
  const source = ['secdb', ecosystem.toLowerCase(), reponame].join(' ').trim();
  return { records: recordsOf(listed, { source, observedAt }), source, problems };
}

const CLOSED = 'closed';

/** What a factory like this one built: no distribution that anybody has registered (`encode-secdb.ts`). */
const OWN = 'suture';

/** Hosts and the ecosystem that their packages are, or that its advisories may not be used. */
const DISTRIBUTIONS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\.)alpinelinux\.org$/, 'Alpine'],
  [/(?:^|\.)mini\.dev$/, 'MinimOS'],
  [/^suture\.invalid$/, OWN],
  [/(?:^|\.)bell-sw\.com$/, 'Alpaquita'],
  [/(?:^|\.)(?:wolfi\.dev|chainguard\.dev|cgr\.dev)$/, CLOSED],
];

/** By the host that the packages come from: no field names the distribution. */
function distributionOf(urlprefix: string, name: string): string {
  const host = /^https?:\/\/([^/:?#]+)/.exec(urlprefix)?.[1]?.toLowerCase() ?? '';
  const known = DISTRIBUTIONS.find(([pattern]) => pattern.test(host))?.[1];
  if (known === undefined) {
    throw unusableRecord(name, { why: `no distribution is known whose packages come from "${host.slice(0, 100)}"` });
  }
  if (known === CLOSED) {
    throw unusableRecord(name, {
      why: `the licence of the advisories of ${host} since 2025-05-07 does not allow this use`,
    });
  }
  return known;
}

interface Listed {
  readonly id: string;
  readonly other: readonly string[];
  readonly affected: AffectedPackage;
}

interface Subject {
  readonly ecosystem: string;
  readonly name: string;
  readonly problems: Failure[];
}

function listedIn(pkg: Secfixes, subject: Subject): readonly Listed[] {
  const key =
    subject.ecosystem === OWN
      ? ({ purl: `pkg:apk/suture/${pkg.name}`, scheme: 'apk', stream: null, isOrdered: true } as const)
      : packageKey({ ecosystem: subject.ecosystem, name: pkg.name });
  if (key === undefined) return [];
  const fixedIn = new Map<string, { readonly others: Set<string>; readonly versions: Set<string> }>();
  for (const [version, entries] of Object.entries(pkg.secfixes ?? {})) {
    for (const entry of entries === '' ? [] : (entries ?? [])) {
      const { cves, others } = idsInEntry(entry);
      const ids = cves.length > 0 ? cves : others.slice(0, 1);
      if (ids.length === 0) {
        const at = `${subject.name}: ${pkg.name} ${version}`;
        subject.problems.push(
          unusableRecord(subject.name, { at, why: `"${entry.slice(0, 60)}" names no vulnerability` }),
        );
      }
      for (const id of ids) {
        const known = fixedIn.get(id) ?? { others: new Set<string>(), versions: new Set<string>() };
        if (ids.length === 1) for (const other of others) if (other !== id) known.others.add(other);
        fixedIn.set(id, { ...known, versions: known.versions.add(version) });
      }
    }
  }
  return [...fixedIn].map(([id, { others, versions }]) => ({
    id,
    other: [...others],
    affected: affectedOf(key, [...versions]),
  }));
}

function affectedOf(key: PackageKey, versions: readonly string[]): AffectedPackage {
  const fixes = versions.filter((version) => version !== '0');
  const about = { package: key.purl, stream: key.stream, scheme: key.scheme, versions: [] };
  if (fixes.length === 0) return { ...about, ranges: [], verdict: 'not-affected' };
  return { ...about, ranges: highest(fixes).map((fixed) => ({ introduced: '0', fixed, lastAffected: null })) };
}

/** The highest version, and those that are none, which nothing can be compared with. */
function highest(versions: readonly string[]): readonly string[] {
  const valid = versions.filter((version) => isValidVersion('apk', version));
  const top = valid.toSorted((a, b) => compareVersions('apk', a, b)).at(-1);
  return [...(top === undefined ? [] : [top]), ...versions.filter((version) => !valid.includes(version))];
}

/** One record for each id, about all packages of the file; another name counts where it names this flaw alone. */
function recordsOf(
  listed: readonly Listed[],
  { source, observedAt }: { readonly source: string; readonly observedAt: Temporal.Instant },
): readonly AdvisoryRecord[] {
  const holders = new Map<string, Set<string>>();
  for (const { id, other } of listed) {
    for (const name of other) holders.set(name, (holders.get(name) ?? new Set()).add(id));
  }
  return [...Map.groupBy(listed, ({ id }) => id)].map(([id, entries]) => ({
    id,
    source,
    aliases: [...new Set(entries.flatMap(({ other }) => other))].filter((name) => holders.get(name)?.size === 1),
    summary: '',
    published: null,
    modified: observedAt.toString(),
    withdrawn: null,
    severities: [],
    affected: entries.map(({ affected }) => affected),
    exploitedSince: null,
    epss: null,
    malicious: false,
  }));
}

function issueOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'not as a secdb says it'}`;
}
