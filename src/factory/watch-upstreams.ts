import type { Recipe } from '../core/catalog/catalog.ts';
import { digestOf, type Digest } from '../core/digest.ts';
import type { Interval } from '../core/fact.ts';
import { Failure } from '../core/failure.ts';
import {
  type KnownReleases,
  emptyKnownReleases,
  knownUpstream,
  learnRelease,
} from '../core/upstream/known-releases.ts';
import { lookFacts } from '../core/upstream/look-facts.ts';
import { type AppearedRelease, type MovedTag, type SeenTag, releaseNews } from '../core/upstream/release-news.ts';
import type { BlobStore, ClockDeps, FactStore, LookStore } from './deps.ts';
import {
  placeInLedger,
  placeInWords,
  type SuitesSeen,
  type WatchedImport,
  type WatchedSuites,
  type WatchGroup,
  watchGroups,
} from './watch-groups.ts';

export interface WatchDeps {
  readonly clock: ClockDeps;
  readonly facts: Pick<FactStore, 'append' | 'facts'>;
  readonly looks: LookStore;
  readonly blobs: Pick<BlobStore, 'put'>;
  readonly upstreams: UpstreamTags;
  readonly suites: WatchedSuites;
}

export interface UpstreamTags {
  /** All tags of a repository. Throws Failure E0203 when it cannot be reached, E0204 when the answer is none. */
  listTags(repository: string): Promise<TagsSeen>;
  /** The author's own date of a tag or its commit; null where it cannot be told. */
  authoredAt?(repository: string, tag: SeenTag): Promise<Temporal.Instant | null>;
}

export interface TagsSeen {
  readonly tags: readonly SeenTag[];
  /** What was answered, as it came. */
  readonly answer: Uint8Array;
}

/** What a running factory remembers between looks; made from facts, and from nothing after a restart. */
export interface WatchMemory {
  readonly known: KnownReleases;
  /** Upstreams that failed: how often in a row, and when they are asked again. */
  readonly failing: Map<string, { readonly times: number; readonly notBefore: Temporal.Instant }>;
  /** When each upstream's last look was, as far as this process knows: another worker's may be newer, never older. */
  readonly looked: Map<string, Temporal.Instant>;
  /** Made once for each catalog and as long as lines take the same packages over. */
  groups: { readonly of: WatchedThings; readonly groups: readonly WatchGroup[] } | null;
}

export interface WatchReport {
  readonly looked: number;
  readonly appended: number;
  /** One for each upstream that failed or said what cannot be believed; its last good look stands. */
  readonly problems: readonly Failure[];
}

export function emptyWatchMemory(): WatchMemory {
  return { known: emptyKnownReleases(), failing: new Map(), looked: new Map(), groups: null };
}

const AT_ONCE = 8;
/** How many new releases of one look are asked for their author's date, which may cost a fetch each; newest first. */
const DATED_MAX = 20;

/** Whose releases are looked for. */
export interface WatchedThings {
  readonly recipes: readonly Recipe[];
  readonly imports: readonly WatchedImport[];
}

/**
 * Looks at all upstreams of recipes and of packages taken over whose time has come and appends what is news: looks, releases, withdrawals.
 * Level-triggered and safe to repeat: what is known comes from the ledger alone. `everySeconds` is how long a good look
 * lasts. An upstream that fails is left alone for a while and never has anything withdrawn for it.
 */
export async function watchUpstreams(
  things: WatchedThings,
  memory: WatchMemory,
  deps: WatchDeps & { readonly everySeconds: number },
): Promise<WatchReport> {
  const { groups: known } = memory;
  const isKnown = known?.of.recipes === things.recipes && known.of.imports === things.imports;
  const all = isKnown ? known.groups : watchGroups(things);
  memory.groups = { of: things, groups: all };
  const now = deps.clock.now();
  const groups = all.filter((group) => mayBeDue(group, now, memory, deps.everySeconds));
  if (groups.length === 0) return NOTHING;
  for await (const fact of deps.facts.facts(memory.known.seq)) learnRelease(memory.known, fact);
  const reports: WatchReport[] = [];
  for (let first = 0; first < groups.length; first += AT_ONCE) {
    const some = groups.slice(first, first + AT_ONCE);
    reports.push(...(await Promise.all(some.map((group) => lookAndReport(group, memory, deps)))));
  }
  return {
    looked: reports.reduce((sum, { looked }) => sum + looked, 0),
    appended: reports.reduce((sum, { appended }) => sum + appended, 0),
    problems: reports.flatMap(({ problems }) => problems),
  };
}

const NOTHING: WatchReport = { looked: 0, appended: 0, problems: [] };

/** Told from memory alone: thousands of upstreams are asked about in every turn. */
function mayBeDue(group: WatchGroup, now: Temporal.Instant, memory: WatchMemory, everySeconds: number): boolean {
  const key = watchKey(group);
  const notBefore = memory.failing.get(key)?.notBefore ?? null;
  return isDue(now, memory.looked.get(key) ?? null, notBefore, everySeconds);
}

/** One upstream may be watched in several forms and places. */
export function watchKey(group: WatchGroup): string {
  return `${group.form} ${lookedAt(group)}`;
}

/** Under which looks are remembered between runs. */
function lookedAt({ upstream, where }: WatchGroup): string {
  const place = placeInLedger(where);
  return place === '' ? upstream : `${upstream} (${place})`;
}

async function lookAndReport(
  group: WatchGroup,
  memory: WatchMemory,
  deps: WatchDeps & { readonly everySeconds: number },
): Promise<WatchReport> {
  const key = watchKey(group);
  const last = await deps.looks.lastLooked(lookedAt(group), group.form);
  if (last !== undefined) memory.looked.set(key, last.at);
  if (!isDue(deps.clock.now(), last?.at ?? null, memory.failing.get(key)?.notBefore ?? null, deps.everySeconds)) {
    return NOTHING;
  }
  try {
    const report = await look(group, last?.at ?? null, memory, deps);
    memory.failing.delete(key);
    return report;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const times = (memory.failing.get(key)?.times ?? 0) + 1;
    memory.failing.set(key, { times, notBefore: deps.clock.now().add({ seconds: pauseSeconds(times) }) });
    return { ...NOTHING, problems: [error] };
  }
}

function isDue(
  now: Temporal.Instant,
  last: Temporal.Instant | null,
  notBefore: Temporal.Instant | null,
  everySeconds: number,
): boolean {
  if (notBefore !== null && Temporal.Instant.compare(now, notBefore) < 0) return false;
  return last === null || now.epochMilliseconds >= last.epochMilliseconds + everySeconds * 1000;
}

/** A minute, doubled with each failure in a row, at most an hour. */
function pauseSeconds(times: number): number {
  return Math.min(60 * 2 ** (times - 1), 3600);
}

async function look(
  group: WatchGroup,
  lastLook: Temporal.Instant | null,
  memory: WatchMemory,
  deps: WatchDeps,
): Promise<WatchReport> {
  const { upstream, followers, form } = group;
  const where = placeInLedger(group.where);
  const seen = await thingsSeen(group, deps);
  // Nobody was asked since: a look is not repeated by reading its answer again.
  if (seen === undefined || (lastLook !== null && Temporal.Instant.compare(seen.asked.from, lastLook) <= 0)) {
    return NOTHING;
  }
  const { from: began, to: ended } = seen.asked;
  const found = seen.things;
  const tags = [...found.values()].map(({ tag }) => tag);
  const known = knownUpstream(memory.known, upstream, form);
  const isApproved = (subject: string): boolean => memory.known.decisions.get(subject) === 'approved';
  const news = releaseNews({ upstream, followers, form, where, tags, known, lastLook, ended, isApproved });
  if (news.kind === 'unbelievable') throw unbelievable(group, news.why);
  const dates = await authorsDates(news.appeared, found, deps.upstreams);
  const context = { upstream, form, where, known, dates, lastLook, began, ended, evidence: [] };
  const isNews = lookFacts(news, context).length > 0;
  // An answer without news is not kept: most are.
  const evidence = isNews ? await kept(await seen.answers(), deps) : [];
  const appended = isNews ? await deps.facts.append(lookFacts(news, { ...context, evidence })) : [];
  await deps.looks.recordLook(lookedAt(group), form, began, digestOf(JSON.stringify(news.versions)));
  memory.looked.set(watchKey(group), began);
  return { looked: 1, appended: appended.length, problems: news.moved.map((moved) => movedProblem(group, moved)) };
}

interface FoundTag {
  readonly tag: SeenTag;
  /** Null where tags are none of a repository. */
  readonly repository: string | null;
}

interface Seen {
  /** By name. */
  readonly things: ReadonlyMap<string, FoundTag>;
  readonly asked: Interval;
  /** What was answered, as it came. */
  readonly answers: () => Promise<readonly Uint8Array[]>;
}

async function kept(answers: readonly Uint8Array[], { blobs }: WatchDeps): Promise<readonly Digest[]> {
  const digests: Digest[] = [];
  for (const answer of answers) digests.push(await blobs.put(answer));
  return [...new Set(digests)];
}

async function thingsSeen({ where }: WatchGroup, deps: WatchDeps): Promise<Seen | undefined> {
  switch (where.kind) {
    case 'git':
      return tagsSeen(where.repositories, deps);
    case 'sources':
      return inSuites(await deps.suites.archives(where.source, where.suites));
    case 'suites':
      return inSuites(await deps.suites.offered(where.binaries, where.suites));
  }
}

/** Where two repositories have one name, the first repository's counts. */
async function tagsSeen(repositories: readonly string[], { upstreams, clock }: WatchDeps): Promise<Seen> {
  const things = new Map<string, FoundTag>();
  const answers: Uint8Array[] = [];
  const from = clock.now();
  for (const repository of repositories) {
    const { tags, answer } = await upstreams.listTags(repository);
    answers.push(answer);
    for (const tag of tags) {
      if (!things.has(tag.name)) things.set(tag.name, { tag, repository });
    }
  }
  return { things, asked: { from, to: clock.now() }, answers: async () => answers };
}

function inSuites(seen: SuitesSeen | undefined): Seen | undefined {
  if (seen === undefined) return undefined;
  const things = new Map(seen.tags.map((tag): [string, FoundTag] => [tag.name, { tag, repository: null }]));
  return { things, asked: seen.asked, answers: seen.answers };
}

/** A date that cannot be had is no reason to miss a release: without it the interval is only wider. */
async function authorsDates(
  appeared: readonly AppearedRelease[],
  found: ReadonlyMap<string, FoundTag>,
  upstreams: UpstreamTags,
): Promise<ReadonlyMap<string, Temporal.Instant>> {
  const dates = new Map<string, Temporal.Instant>();
  for (const { version, tag } of appeared.slice(-DATED_MAX)) {
    const repository = found.get(tag.name)?.repository ?? null;
    if (repository === null) continue;
    const date = await upstreams.authoredAt?.(repository, tag).catch(nullOnFailure);
    if (date !== null && date !== undefined) dates.set(version, date);
  }
  return dates;
}

function nullOnFailure(error: unknown): null {
  if (error instanceof Failure) return null;
  throw error;
}

function unbelievable({ where }: WatchGroup, why: string): Failure {
  const place = placeInWords(where);
  const what = where.kind === 'git' ? 'tags' : 'versions';
  return new Failure('E0204', `${place} sent ${what} that cannot be believed`, {
    at: place,
    why,
    kept: 'the releases seen before stay as they are; nothing is withdrawn',
    hint: `look whether the ${where.kind === 'git' ? 'repository' : 'source package'} moved; it is asked again after a pause`,
    retryable: true,
  });
}

function movedProblem({ where }: WatchGroup, { release, tag, subject }: MovedTag): Failure {
  const place = placeInWords(where);
  const isGit = where.kind === 'git';
  const what = isGit ? `The tag ${release.ref} of ${place} points at` : `The archive of ${release.ref} of ${place} is`;
  return new Failure('E0204', `${what} other code than before`, {
    at: `${place} ${release.ref}`,
    why: `it was ${isGit ? 'commit ' : ''}${release.commit ?? 'unknown'} and is ${tag.commit}`,
    kept: `${release.version} counts as withdrawn, and nothing is built from the new code`,
    hint: `compare the two ${isGit ? 'commits' : 'archives'}; approving "${subject}" makes the new one the release`,
    retryable: false,
  });
}
