import type { ReleaseForm, ReleaseObserved } from '../fact.ts';
import { firstTied } from '../match/first-seen.ts';
import { compareVersions, isPrerelease } from '../version/compare.ts';
import type { Dated } from './dated.ts';
import {
  kept,
  releasesOf,
  type KnownComponent,
  type RecordHistory,
  type ReleaseHistory,
  type UpstreamHistory,
} from './history.ts';
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

/**
 * Under both readings of the start (promise rule 4); each in order, without those that another one makes idle. One and
 * the same list where they agree.
 */
export interface Starts {
  readonly release: readonly Start[];
  readonly releaseAndKnown: readonly Start[];
}

/** For which record, read how far, is a fix wanted, and above what. */
export interface StartQuestion {
  readonly record: RecordHistory;
  /** The one that counts; those before it tell when a release became known as the fix. */
  readonly reading: Reading;
  /** The lowest flawed version that was held, in its stream: an older release without the flaw is no fix. */
  readonly floor: KnownComponent;
  /** Forms that the recipes concerned use, separated by spaces; null = not known, any counts. */
  readonly forms: string | null;
}

/** A question with its answer. */
export interface AnsweredQuestion {
  readonly question: StartQuestion;
  readonly starts: Starts;
}

/** Answered once for all lines of a vulnerability, until a fact about the upstream changes the answer (`dropMoved`). */
export function answerTo(vulnerability: Vulnerability, question: StartQuestion): AnsweredQuestion {
  const byFloor = kept(vulnerability.starts, question.reading, () => new Map<KnownComponent, AnsweredQuestion[]>());
  const answers = kept(byFloor, question.floor, () => []);
  const known = answers.find((each) => each.question.forms === question.forms);
  if (known !== undefined) return known;
  const answered = { question, starts: startsOf(vulnerability, question) };
  answers.push(answered);
  return answered;
}

/** Forgets the answers that a fact about an upstream changes, and returns them. */
export function dropMoved(
  vulnerability: Vulnerability,
  upstream: UpstreamHistory,
  holds: (vulnerability: Vulnerability, answered: AnsweredQuestion) => boolean,
): ReadonlySet<AnsweredQuestion> {
  const moved = new Set<AnsweredQuestion>();
  for (const byFloor of vulnerability.starts.values()) {
    for (const [floor, answers] of byFloor) {
      if (floor.upstream !== upstream) continue;
      const kept = answers.filter((answered) => holds(vulnerability, answered));
      for (const answered of answers) if (!kept.includes(answered)) moved.add(answered);
      byFloor.set(floor, kept);
    }
  }
  return moved;
}

/** Whether an answer is still right after a fact about one release: most releases are not the first with the fix. */
export function holdsDespite(release: ReleaseHistory): Parameters<typeof dropMoved>[2] {
  return (vulnerability, { question, starts }) => {
    const { release: literal, releaseAndKnown } = starts;
    if ([...literal, ...releaseAndKnown].some((start) => start.release?.version === release.version)) return false;
    const fixes = question.record.source === 'own' ? [] : fixesBy(release, vulnerability, question);
    return fixes.every((fix) => isIdle(fix, literal) && isIdle(onceKnown(fix), releaseAndKnown));
  };
}

interface Availability extends Start {
  /** Of the observation: of two releases at one instant the one observed first counts. */
  readonly seq: number;
}

interface Fix extends Availability {
  readonly knownFrom: Millis;
}

function startsOf(vulnerability: Vulnerability, question: StartQuestion): Starts {
  const fixes = question.record.source === 'own' ? [ownStart(question.record)] : fixesOf(vulnerability, question);
  const release = withoutIdle(fixes);
  if (fixes.every(({ from, knownFrom }) => knownFrom <= from)) return { release, releaseAndKnown: release };
  return { release, releaseAndKnown: withoutIdle(fixes.map(onceKnown)) };
}

/** Edge case 32: our own patch brought the flaw in, so we need nobody's release; publication or record, whichever first. */
function ownStart({ versions }: RecordHistory): Fix {
  const confirmed = versions[0]?.from ?? FOREVER;
  const published = versions.flatMap(({ says }) => (says.published === null ? [] : millisOf(says.published)));
  const from = Math.min(confirmed, ...published);
  return { from, until: FOREVER, release: null, knownFrom: from, seq: 0 };
}

function fixesOf(vulnerability: Vulnerability, question: StartQuestion): readonly Fix[] {
  const { watch } = question.floor.upstream;
  if (watch === null) return [];
  return releasesOf(watch).flatMap((release) => fixesBy(release, vulnerability, question));
}

function fixesBy(release: ReleaseHistory, vulnerability: Vulnerability, question: StartQuestion): readonly Fix[] {
  const usable = release.observations.filter(({ says }) => isUsable(says, question));
  const streams = new Set(usable.map(({ says }) => says.stream));
  return [...streams].flatMap((stream) => {
    const observed = usable.filter(({ says }) => says.stream === stream);
    return fixesIn(observed, { release, vulnerability, question });
  });
}

/** Of one stream: a distribution may ship one version in two of its releases. */
function fixesIn(
  observed: ReleaseHistory['observations'],
  {
    release,
    vulnerability,
    question,
  }: {
    readonly release: ReleaseHistory;
    readonly vulnerability: Vulnerability;
    readonly question: StartQuestion;
  },
): readonly Fix[] {
  const first = observed[0]?.says;
  if (first === undefined) return [];
  const earliest = Math.max(streamOpenSince(first, question), remedySince(first, question));
  if (earliest === FOREVER || !lacksFlaw(first, vulnerability, question)) return [];
  const knownFrom = knownSince(first, vulnerability, question);
  return availabilities(release, observed).map((start) => ({
    ...start,
    from: Math.max(start.from, earliest),
    knownFrom,
  }));
}

/** Promise rule 4, last sentence: a release of another stream counts once our stream has ended (edge cases 14, 33). */
function streamOpenSince({ stream }: ReleaseObserved, { floor }: StartQuestion): Millis {
  if (stream === floor.component.stream) return -FOREVER;
  const end = floor.upstream.watch?.streamEnds.get(floor.component.stream)?.at(-1);
  return end === undefined ? FOREVER : millisOf(end.says.until);
}

/** Higher versions are a remedy; a lower one only from when the release that we hold is known as an attack (case 7). */
function remedySince({ version }: ReleaseObserved, { record, reading, floor }: StartQuestion): Millis {
  const { scheme, version: held } = floor.component;
  if (compareVersions(scheme, version, held) > 0) return -FOREVER;
  const disclosure = record.versions.find(({ says }) => says.malicious);
  return reading.malicious && disclosure !== undefined ? disclosure.from : FOREVER;
}

/** Promise rule 3: final, verifies, in the form that the recipe uses (edge cases 3 and 5). */
function isUsable({ version, form, prerelease, verified }: ReleaseObserved, { forms, floor }: StartQuestion): boolean {
  if (prerelease || isPrerelease(floor.component.scheme, version)) return false;
  return verified !== false && (forms === null || forms.split(' ').includes(form satisfies ReleaseForm));
}

function lacksFlaw(release: ReleaseObserved, vulnerability: Vulnerability, question: StartQuestion): boolean {
  const verified = verifiedFix(question.floor.upstream, release.version, vulnerability.ids);
  return verified === undefined ? !coversVersion(question.reading, release) : verified.result === 'contains';
}

/**
 * The first instant at which a record of the vulnerability, whoever publishes it, tied the release to it (promise rule 4);
 * where none does, somebody who looked at the code.
 */
function knownSince(release: ReleaseObserved, { records, ids }: Vulnerability, { floor }: StartQuestion): Millis {
  const tied = records.flatMap((record) => firstTied(record.versions, { held: floor.component, release })?.from ?? []);
  if (tied.length > 0) return Math.min(...tied);
  return verifiedFix(floor.upstream, release.version, ids)?.from ?? FOREVER;
}

/** From each observation until the withdrawal after it: a release taken back counts only while it was there (case 6). */
function availabilities(release: ReleaseHistory, observed: readonly Dated<ReleaseObserved>[]): readonly Availability[] {
  const starts: Availability[] = [];
  for (const { says, from, to, fact, seq } of observed) {
    for (let last = starts.at(-1); last === undefined || last.until < to; last = starts.at(-1)) {
      const begins = Math.max(from, last?.until ?? from);
      const withdrawal = release.withdrawals.find((each) => each.to > begins);
      const until = withdrawal?.to ?? FOREVER;
      starts.push({ from: begins, until, release: { version: says.version, stream: says.stream, fact }, seq });
    }
  }
  return starts;
}

function onceKnown({ from, until, release, seq, knownFrom }: Fix): Availability {
  return { from: Math.max(from, knownFrom), until, release, seq };
}

/** In order of time, without those that never decide. */
function withoutIdle(fixes: readonly Availability[]): readonly Start[] {
  const starts: Start[] = [];
  for (const { from, until, release } of fixes.toSorted(inOrder)) {
    if (!isIdle({ from, until, release }, starts)) starts.push({ from, until, release });
  }
  return starts;
}

function inOrder(a: Availability, b: Availability): number {
  if (a.until !== b.until && a.from === b.from) return a.until < b.until ? 1 : -1;
  return a.from - b.from || a.seq - b.seq;
}

/** A start that begins later and ends no later than another one never decides. */
function isIdle({ from, until }: Start, others: readonly Start[]): boolean {
  return from >= until || others.some((other) => other.from <= from && until <= other.until);
}
