import type { ReleaseForm, ReleaseObserved } from '../fact.ts';
import { compareVersions, isPrerelease } from '../version/compare.ts';
import type { Dated } from './dated.ts';
import { kept, type KnownComponent, type RecordHistory, type ReleaseHistory } from './history.ts';
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

/** Answered once for all lines of a vulnerability, until a fact about the upstream makes `dropMoved` ask again. */
export function answerTo(vulnerability: Vulnerability, question: StartQuestion): AnsweredQuestion {
  const byFloor = kept(vulnerability.starts, question.reading, () => new Map<KnownComponent, AnsweredQuestion[]>());
  const answers = kept(byFloor, question.floor, () => []);
  const known = answers.find((each) => each.question.forms === question.forms);
  if (known !== undefined) return known;
  const answered = { question, starts: startsOf(vulnerability, question) };
  answers.push(answered);
  return answered;
}

/** Forgets the answers that are no longer the same, and returns them. */
export function dropMoved(vulnerability: Vulnerability, upstream: KnownComponent['upstream']): Set<AnsweredQuestion> {
  const moved = new Set<AnsweredQuestion>();
  for (const byFloor of vulnerability.starts.values()) {
    for (const [floor, answers] of byFloor) {
      if (floor.upstream !== upstream) continue;
      for (const answered of answers) {
        const { question, starts } = answered;
        if (!isSame(starts, startsOf(vulnerability, question))) moved.add(answered);
      }
      byFloor.set(
        floor,
        answers.filter((answered) => !moved.has(answered)),
      );
    }
  }
  return moved;
}

interface Fix extends Start {
  readonly knownFrom: Millis;
}

function startsOf(vulnerability: Vulnerability, question: StartQuestion): Starts {
  const fixes = question.record.source === 'own' ? [ownStart(question.record)] : fixesOf(vulnerability, question);
  const release = withoutIdle(fixes);
  if (fixes.every(({ from, knownFrom }) => knownFrom <= from)) return { release, releaseAndKnown: release };
  const known = fixes.map((fix) => ({ ...fix, from: Math.max(fix.from, fix.knownFrom) }));
  return { release, releaseAndKnown: withoutIdle(known) };
}

/** Edge case 32: our own patch brought the flaw in, so we need nobody's release; publication or record, whichever first. */
function ownStart({ versions }: RecordHistory): Fix {
  const confirmed = versions[0]?.from ?? FOREVER;
  const published = versions.flatMap(({ says }) => (says.published === null ? [] : millisOf(says.published)));
  const from = Math.min(confirmed, ...published);
  return { from, until: FOREVER, release: null, knownFrom: from };
}

function fixesOf(vulnerability: Vulnerability, question: StartQuestion): readonly Fix[] {
  const { record, floor } = question;
  const streamEnd = floor.upstream.streamEnds.get(floor.component.stream)?.at(-1);
  const ended = streamEnd === undefined ? FOREVER : millisOf(streamEnd.says.until);
  return [...floor.upstream.releases.values()].flatMap((release) => {
    const observed = release.observations.filter(({ says }) => isUsable(says, question));
    const newest = observed.at(-1)?.says;
    if (newest === undefined || !removesFlaw(vulnerability, question, newest)) return [];
    const knownFrom = knownSince(vulnerability, question, newest);
    const earliest = Math.max(
      // Promise rule 4, last sentence: another stream's release counts once this stream has ended (edge cases 14, 33).
      newest.stream === floor.component.stream ? -FOREVER : ended,
      // Edge case 7: going back is a remedy from the moment the newer release is known as an attack.
      isAbove(newest, floor) ? -FOREVER : disclosureOf(record),
    );
    return availabilities(release, observed).map((fix) => ({ ...fix, from: Math.max(fix.from, earliest), knownFrom }));
  });
}

/** Promise rule 3: final, verifies, in the form that the recipe uses (edge cases 3 and 5). */
function isUsable({ version, form, prerelease, verified }: ReleaseObserved, { forms, floor }: StartQuestion): boolean {
  if (prerelease || isPrerelease(floor.component.scheme, version)) return false;
  return verified !== false && (forms === null || forms.split(' ').includes(form satisfies ReleaseForm));
}

function removesFlaw(vulnerability: Vulnerability, question: StartQuestion, release: ReleaseObserved): boolean {
  const { reading, floor } = question;
  if (!reading.malicious && !isAbove(release, floor)) return false;
  const verified = verifiedFix(floor.upstream, release.version, vulnerability.ids);
  return verified === undefined ? !coversVersion(reading, release) : verified.result === 'contains';
}

function isAbove({ version }: ReleaseObserved, { component }: KnownComponent): boolean {
  return compareVersions(component.scheme, version, component.version) > 0;
}

/** The first instant at which the record, as then known, tied the release to the vulnerability (promise rule 4). */
function knownSince(vulnerability: Vulnerability, question: StartQuestion, release: ReleaseObserved): Millis {
  const { record, floor } = question;
  const readings = record.readings.slice(0, record.readings.indexOf(question.reading) + 1);
  const stated = readings.find((each) => coversVersion(each, floor.component) && !coversVersion(each, release));
  return stated?.from ?? verifiedFix(floor.upstream, release.version, vulnerability.ids)?.from ?? FOREVER;
}

function disclosureOf({ versions }: RecordHistory): Millis {
  return versions.find(({ says }) => says.malicious)?.from ?? FOREVER;
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

function isSame(a: Starts, b: Starts): boolean {
  const words = ({ release, releaseAndKnown }: Starts): string =>
    JSON.stringify([release, releaseAndKnown], (_, value: unknown) => (value === FOREVER ? 'forever' : value));
  return words(a) === words(b);
}
