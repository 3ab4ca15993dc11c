import type { ReleaseForm, ReleaseObserved } from '../fact.ts';
import type { VersionScheme } from '../match/advisory.ts';
import { compareVersions, isPrerelease } from '../version/compare.ts';
import type { Dated } from './dated.ts';
import type { RecordHistory, ReleaseHistory, UpstreamHistory } from './history.ts';
import { FOREVER, millisOf, type Millis } from './instant.ts';
import { coversVersion, type Reading } from './readings.ts';
import { verifiedFix } from './verification.ts';
import type { Vulnerability } from './vulnerability.ts';

/** While this release can be taken to remove the flaw, a clock may start from it. */
export interface Start {
  readonly from: Millis;
  /** When it was withdrawn; `FOREVER` otherwise. */
  readonly until: Millis;
  /** Null where no release is needed: a flaw that our own patch brought in. */
  readonly release: { readonly version: string; readonly stream: string; readonly fact: string } | null;
}

/** Under both readings of the start (promise rule 4); each in order, without those that another one makes idle. */
export interface Starts {
  readonly release: readonly Start[];
  readonly releaseAndKnown: readonly Start[];
}

/** For which record, read how far, which stream is a fix wanted, above which version. */
export interface StartQuestion {
  readonly record: RecordHistory;
  /** Index of the reading that counts; the ones before it tell when a release became known as the fix. */
  readonly reading: number;
  readonly upstream: UpstreamHistory;
  readonly stream: string;
  readonly scheme: VersionScheme;
  /** The lowest flawed version that was held: an older release without the flaw is no fix. */
  readonly floor: string;
  /** Forms that the recipes concerned use; null = not known, any counts. */
  readonly forms: readonly ReleaseForm[] | null;
}

interface Fix extends Start {
  readonly knownFrom: Millis;
}

/** The same question always gets the same answer until a release, a verification or a record of this upstream changes. */
export function startsOf(vulnerability: Vulnerability, question: StartQuestion): Starts {
  const fixes = question.record.source === 'own' ? [ownStart(question.record)] : fixesOf(vulnerability, question);
  const release = withoutIdle(fixes);
  const known = withoutIdle(fixes.map((fix) => ({ ...fix, from: Math.max(fix.from, fix.knownFrom) })));
  return { release, releaseAndKnown: known };
}

export function keyOf({ record, reading, upstream, stream, scheme, floor, forms }: StartQuestion): string {
  return [record.id, record.source, reading, upstream.ordinal, stream, scheme, floor, forms ?? 'any'].join('\n');
}

export function sameStarts(a: Starts, b: Starts): boolean {
  const words = ({ release, releaseAndKnown }: Starts): string =>
    JSON.stringify([release, releaseAndKnown], (_, value: unknown) => (value === FOREVER ? 'forever' : value));
  return words(a) === words(b);
}

/** Edge case 32: our own patch brought the flaw in, so we need nobody's release; publication or record, whichever first. */
function ownStart({ versions }: RecordHistory): Fix {
  const first = versions[0];
  const confirmed = first?.from ?? FOREVER;
  const published = versions.flatMap(({ says }) => (says.published === null ? [] : millisOf(says.published)));
  const from = Math.min(confirmed, ...published);
  return { from, until: FOREVER, release: null, knownFrom: from };
}

function fixesOf(vulnerability: Vulnerability, question: StartQuestion): readonly Fix[] {
  const { record, upstream } = question;
  const reading = record.readings[question.reading];
  if (reading === undefined) return [];
  const streamEnd = upstream.streamEnds.get(question.stream)?.at(-1);
  const ended = streamEnd === undefined ? FOREVER : millisOf(streamEnd.says.until);
  return [...upstream.releases.values()].flatMap((release) => {
    const observed = release.observations.filter(({ says }) => isUsable(says, question));
    const stream = observed[0]?.says.stream;
    if (stream === undefined || !removesFlaw(vulnerability, question, { version: release.version, stream })) return [];
    const knownFrom = knownSince(vulnerability, question, { version: release.version, stream });
    const earliest = Math.max(
      // Promise rule 4, last sentence: another stream's release counts once this stream has ended (edge cases 14, 33).
      stream === question.stream ? -FOREVER : ended,
      // Edge case 7: going back is a remedy from the moment the newer release is known as an attack.
      isAbove(release.version, question) ? -FOREVER : disclosureOf(record),
    );
    return availabilities(release, observed).map((fix) => ({ ...fix, from: Math.max(fix.from, earliest), knownFrom }));
  });
}

/** Promise rule 3: final, verifies, in the form that the recipe uses (edge cases 3 and 5). */
function isUsable(observed: ReleaseObserved, { forms, scheme }: StartQuestion): boolean {
  if (observed.prerelease || isPrerelease(scheme, observed.version)) return false;
  return observed.verified !== false && (forms === null || forms.includes(observed.form));
}

interface Version {
  readonly version: string;
  readonly stream: string;
}

function removesFlaw(vulnerability: Vulnerability, question: StartQuestion, { version, stream }: Version): boolean {
  const { record, upstream } = question;
  const reading = record.readings[question.reading];
  if (reading === undefined || !(reading.malicious || isAbove(version, question))) return false;
  const verified = verifiedFix(upstream, version, vulnerability.ids);
  if (verified !== undefined) return verified.result === 'contains';
  return !coversVersion(reading, { upstream: upstream.upstream, version, stream });
}

function isAbove(version: string, { scheme, floor }: StartQuestion): boolean {
  return compareVersions(scheme, version, floor) > 0;
}

/** The first instant at which the record, as then known, tied the release to the vulnerability (promise rule 4). */
function knownSince(vulnerability: Vulnerability, question: StartQuestion, { version, stream }: Version): Millis {
  const { record, upstream } = question;
  const isStatedBy = (reading: Reading): boolean =>
    coversVersion(reading, { upstream: upstream.upstream, version: question.floor, stream: question.stream }) &&
    !coversVersion(reading, { upstream: upstream.upstream, version, stream });
  const stated = record.readings.slice(0, question.reading + 1).find(isStatedBy);
  return stated?.from ?? verifiedFix(upstream, version, vulnerability.ids)?.from ?? FOREVER;
}

function disclosureOf({ versions }: RecordHistory): Millis {
  const malicious = versions.find(({ says }) => says.malicious);
  return malicious?.from ?? FOREVER;
}

/** From each observation until the withdrawal after it: a release taken back counts only while it was there (case 6). */
function availabilities(release: ReleaseHistory, observed: readonly Dated<ReleaseObserved>[]): readonly Start[] {
  const starts: Start[] = [];
  for (const { says, from, to, fact } of observed) {
    for (let last = starts.at(-1); last === undefined || last.until < to; last = starts.at(-1)) {
      const begins = Math.max(from, last?.until ?? from);
      const withdrawal = release.withdrawals.find((each) => each.to > begins);
      const until = withdrawal?.to ?? FOREVER;
      starts.push({ from: begins, until, release: { version: says.version, stream: says.stream, fact } });
    }
  }
  return starts;
}

/** In order of time; a start that begins later and ends no later than another one never decides. */
function withoutIdle(fixes: readonly Start[]): readonly Start[] {
  const starts: Start[] = [];
  for (const { from, until, release } of fixes.toSorted((a, b) => a.from - b.from || b.until - a.until)) {
    if (from < until && until > (starts.at(-1)?.until ?? -FOREVER)) starts.push({ from, until, release });
  }
  return starts;
}
