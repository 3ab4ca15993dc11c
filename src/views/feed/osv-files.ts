import type { VersionScheme } from '../../core/match/advisory.ts';
import { compareVersions, isValidVersion } from '../../core/version/compare.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import { osvOf, type OwnAdvisory, type OwnAffected } from '../../formats/osv/encode-osv.ts';
import { zipOf } from '../../formats/zip/write-zip.ts';
import type { FeedWorld } from './feed-facts.ts';
import { type FeedFile, jsonFile } from './feed-file.ts';
import { type Judged, namesOf, type OwnVerdicts } from './own-verdicts.ts';

/** One OSV record for each vulnerability of our own packages, all of them in one archive, and when each changed. */
export function osvFiles(judged: readonly Judged[], world: FeedWorld): readonly FeedFile[] {
  const schemes = schemesIn(world);
  const advisories = judged
    .flatMap((each) => advisoryOf(each, { world, schemes }) ?? [])
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const files = advisories.map((advisory) => jsonFile(`osv/${advisory.id}.json`, osvOf(advisory)));
  const rows = advisories
    .toSorted((a, b) => Temporal.Instant.compare(b.modified, a.modified))
    .map(({ id, modified }) => `${modified.toString({ smallestUnit: 'second' })},${id}\n`);
  return [
    ...files,
    { path: 'osv/modified_id.csv', mediaType: 'text/csv', bytes: new TextEncoder().encode(rows.join('')) },
    {
      path: 'osv/all.zip',
      mediaType: 'application/zip',
      bytes: zipOf(files.map(({ path, bytes }) => ({ name: path.slice('osv/'.length), bytes }))),
    },
  ];
}

/** `x_acme-images-CVE-2026-1234`: no prefix of one's own is allowed but this. */
export function osvId(publisher: string, vulnerability: string): string {
  const name = publisher
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `x_${name === '' ? 'suture' : name}-${vulnerability}`;
}

type Schemes = ReadonlyMap<string, VersionScheme>;

/** Undefined: no version of a package of ours is or was affected. */
function advisoryOf(
  { vulnerability, obligations, verdicts }: Judged,
  { world, schemes }: { readonly world: FeedWorld; readonly schemes: Schemes },
): OwnAdvisory | undefined {
  // Packages of one recipe say the same about its name.
  const entries = [...verdicts.flatMap(packageEntry), ...componentEntries(obligations, verdicts, schemes)];
  const affected = [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
  const [first] = obligations;
  if (affected.length === 0 || first === undefined) return undefined;
  return {
    id: osvId(world.publisher, vulnerability),
    modified: lastChange(obligations, world.at),
    published: obligations.map((each) => each.discoveredAt).reduce((a, b) => earlier(a, b)),
    upstream: [...new Set(obligations.flatMap((each) => [vulnerability, ...each.aliases]))],
    summary: first.summary,
    severity: first.severity.level.toUpperCase(),
    affected,
  };
}

/** By the package's own versions, under each name that scanners ask for. Debs share names and an order with Debian's, so only versions of ours are named. */
function packageEntry({ package: one, versions }: OwnVerdicts): readonly OwnAffected[] {
  const named = versions.filter((each) => each.isAffected).map((each) => each.version);
  if (named.length === 0) return [];
  const namespace = one.format === 'apk' ? 'pkg:apk/suture' : 'pkg:deb/debian';
  const ranges = one.format === 'apk' ? rangesOf(versions) : [];
  return namesOf(one).map((name) => ({
    package: `${namespace}/${name}`,
    scheme: one.format,
    stream: null,
    versions: named,
    ranges,
  }));
}

/** From each first affected version to the next that is not; open where none followed. */
function rangesOf(versions: OwnVerdicts['versions']): OwnAffected['ranges'] {
  const ranges: { introduced: string; fixed: string | null }[] = [];
  for (const [index, { version, isAffected }] of versions.entries()) {
    const wasAffected = index > 0 && versions[index - 1]?.isAffected === true;
    if (isAffected && !wasAffected) ranges.push({ introduced: index === 0 ? '0' : version, fixed: null });
    const last = ranges.at(-1);
    if (!isAffected && wasAffected && last !== undefined) last.fixed = version;
  }
  return ranges;
}

/** By what lies inside our packages, as scanners that read deeper than the package database see it. */
function componentEntries(
  obligations: readonly Obligation[],
  verdicts: readonly OwnVerdicts[],
  schemes: Schemes,
): readonly OwnAffected[] {
  const own = new Set(verdicts.map((each) => each.package.name));
  const claims = obligations
    .filter(({ standing }) => standing !== 'not-affected')
    .flatMap((each) => each.claims)
    .filter(({ packages, versions }) => versions.length > 0 && packages.some((name) => own.has(name)));
  return [...Map.groupBy(claims, ({ upstream, stream }) => `${upstream}\0${stream}`).values()]
    .flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const { upstream, stream } = first;
      const versions = [...new Set(same.flatMap((claim) => claim.versions))].sort();
      const scheme = schemes.get(upstream) ?? 'generic';
      const fixes = same.flatMap((claim) => claim.fix?.version ?? []);
      return [{ package: upstream, stream, scheme, versions, ranges: upToFix(scheme, versions, fixes) }];
    })
    .toSorted((a, b) => (`${a.package} ${a.stream}` < `${b.package} ${b.stream}` ? -1 : 1));
}

/** From the lowest version that we held to the release that fixes it: what lies below was never ours to judge. */
function upToFix(scheme: VersionScheme, versions: readonly string[], fixes: readonly string[]): OwnAffected['ranges'] {
  const inOrder = (all: readonly string[]) =>
    all.filter((each) => isValidVersion(scheme, each)).toSorted((a, b) => compareVersions(scheme, a, b));
  const introduced = inOrder(versions)[0];
  const fixed = inOrder(fixes)[0];
  if (scheme === 'generic' || introduced === undefined || fixed === undefined) return [];
  return compareVersions(scheme, introduced, fixed) < 0 ? [{ introduced, fixed }] : [];
}

/** By upstream, as the images say. */
function schemesIn(world: FeedWorld): Schemes {
  const inventories = new Set(world.lines.flatMap(({ images }) => images.map((image) => image.inventory)));
  return new Map([...inventories].flatMap(({ components }) => components.map((each) => [each.upstream, each.scheme])));
}

/** The newest instant that an obligation tells of and that has come. */
function lastChange(obligations: readonly Obligation[], at: Temporal.Instant): Temporal.Instant {
  const instants = obligations.flatMap(({ discoveredAt, clock, claims }) => [
    discoveredAt,
    ...[clock.t0, clock.t1].filter((each) => each !== null),
    ...claims.flatMap(({ architectures }) =>
      architectures.flatMap(({ exposures }) =>
        exposures.flatMap(({ from, to }) => (to === null ? [from] : [from, to])),
      ),
    ),
  ]);
  const past = instants.filter((each) => Temporal.Instant.compare(each, at) <= 0);
  return past.reduce((a, b) => (earlier(a, b) === a ? b : a), obligations[0]?.discoveredAt ?? at);
}

function earlier(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) <= 0 ? a : b;
}
