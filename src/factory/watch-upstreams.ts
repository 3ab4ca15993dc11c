import type { Recipe } from '../core/catalog/catalog.ts';
import { digestOf } from '../core/digest.ts';
import { Failure } from '../core/failure.ts';
import {
  type KnownReleases,
  emptyKnownReleases,
  knownUpstream,
  learnRelease,
} from '../core/upstream/known-releases.ts';
import { lookFacts } from '../core/upstream/look-facts.ts';
import { type AppearedRelease, type MovedTag, type SeenTag, releaseNews } from '../core/upstream/release-news.ts';
import type { ClockDeps, FactStore, LookStore } from './deps.ts';

export interface WatchDeps {
  readonly clock: ClockDeps;
  readonly facts: Pick<FactStore, 'append' | 'facts'>;
  readonly looks: LookStore;
  readonly upstreams: UpstreamTags;
}

export interface UpstreamTags {
  /** All tags of a repository. Throws Failure E0203 when it cannot be reached, E0204 when the answer is none. */
  listTags(repository: string): Promise<readonly SeenTag[]>;
  /** The author's own date of a tag or its commit; null where it cannot be told. */
  authoredAt?(repository: string, tag: SeenTag): Promise<Temporal.Instant | null>;
}

/** What a running factory remembers between looks; made from facts, and from nothing after a restart. */
export interface WatchMemory {
  readonly known: KnownReleases;
  /** Upstreams that failed: how often in a row, and when they are asked again. */
  readonly failing: Map<string, { readonly times: number; readonly notBefore: Temporal.Instant }>;
  /** When each upstream's last look was, as far as this process knows: another worker's may be newer, never older. */
  readonly looked: Map<string, Temporal.Instant>;
  /** Recipes by upstream, made once for each catalog. */
  groups: { readonly of: readonly Recipe[]; readonly groups: readonly Group[] } | null;
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

const FORM = 'git-tag';
const AT_ONCE = 8;
/** How many new releases of one look are asked for their author's date, which may cost a fetch each; newest first. */
const DATED_MAX = 20;

/**
 * Looks at the upstreams of all recipes whose time has come and appends what is news: looks, releases, withdrawals.
 * Level-triggered and safe to repeat: what is known comes from the ledger alone. `everySeconds` is how long a good look
 * lasts. An upstream that fails is left alone for a while and never has anything withdrawn for it.
 */
export async function watchUpstreams(
  recipes: readonly Recipe[],
  memory: WatchMemory,
  deps: WatchDeps & { readonly everySeconds: number },
): Promise<WatchReport> {
  if (memory.groups?.of !== recipes) memory.groups = { of: recipes, groups: groupsOf(recipes) };
  const now = deps.clock.now();
  const groups = memory.groups.groups.filter(({ upstream }) => mayBeDue(upstream, now, memory, deps.everySeconds));
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

interface Group {
  readonly upstream: string;
  readonly repositories: readonly string[];
  readonly recipes: readonly Recipe[];
}

/** Recipes that follow tags, by upstream: each is looked at once, in every repository that a recipe names for it. */
function groupsOf(recipes: readonly Recipe[]): readonly Group[] {
  const following = recipes.filter(({ update, source }) => update.enabled && source.kind === 'git');
  return [...Map.groupBy(following, ({ upstream }) => upstream.purl)].map(([upstream, group]) => ({
    upstream,
    repositories: [...new Set(group.flatMap(({ source }) => (source.kind === 'git' ? [source.repository] : [])))],
    recipes: group,
  }));
}

const NOTHING: WatchReport = { looked: 0, appended: 0, problems: [] };

/** Told from memory alone: thousands of upstreams are asked about in every turn. */
function mayBeDue(upstream: string, now: Temporal.Instant, memory: WatchMemory, everySeconds: number): boolean {
  const notBefore = memory.failing.get(upstream)?.notBefore ?? null;
  return isDue(now, memory.looked.get(upstream) ?? null, notBefore, everySeconds);
}

async function lookAndReport(
  group: Group,
  memory: WatchMemory,
  deps: WatchDeps & { readonly everySeconds: number },
): Promise<WatchReport> {
  const last = await deps.looks.lastLooked(group.upstream, FORM);
  if (last !== undefined) memory.looked.set(group.upstream, last.at);
  if (
    !isDue(deps.clock.now(), last?.at ?? null, memory.failing.get(group.upstream)?.notBefore ?? null, deps.everySeconds)
  ) {
    return NOTHING;
  }
  try {
    const report = await look(group, last?.at ?? null, memory, deps);
    memory.failing.delete(group.upstream);
    return report;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const times = (memory.failing.get(group.upstream)?.times ?? 0) + 1;
    memory.failing.set(group.upstream, { times, notBefore: deps.clock.now().add({ seconds: pauseSeconds(times) }) });
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
  group: Group,
  lastLook: Temporal.Instant | null,
  memory: WatchMemory,
  deps: WatchDeps,
): Promise<WatchReport> {
  const { upstream, recipes } = group;
  const began = deps.clock.now();
  const found = await allTags(group, deps.upstreams);
  const ended = deps.clock.now();
  const tags = [...found.values()].map(({ tag }) => tag);
  const known = knownUpstream(memory.known, upstream, FORM);
  const news = releaseNews({ recipes, tags, known, lastLook, ended, approved: memory.known.approved });
  if (news.kind === 'unbelievable') throw unbelievable(group, news.why);
  const dates = await authorsDates(news.appeared, found, deps.upstreams);
  const facts = lookFacts(news, { upstream, known, dates, lastLook, began, ended });
  const appended = facts.length === 0 ? [] : await deps.facts.append(facts);
  await deps.looks.recordLook(upstream, FORM, began, digestOf(JSON.stringify(news.versions)));
  memory.looked.set(upstream, began);
  return { looked: 1, appended: appended.length, problems: news.moved.map((moved) => tagMoved(group, moved)) };
}

interface FoundTag {
  readonly tag: SeenTag;
  readonly repository: string;
}

/** By name; where two repositories have one name, the first repository's counts. */
async function allTags({ repositories }: Group, upstreams: UpstreamTags): Promise<ReadonlyMap<string, FoundTag>> {
  const found = new Map<string, FoundTag>();
  for (const repository of repositories) {
    for (const tag of await upstreams.listTags(repository)) {
      if (!found.has(tag.name)) found.set(tag.name, { tag, repository });
    }
  }
  return found;
}

/** A date that cannot be had is no reason to miss a release: without it the interval is only wider. */
async function authorsDates(
  appeared: readonly AppearedRelease[],
  found: ReadonlyMap<string, FoundTag>,
  upstreams: UpstreamTags,
): Promise<ReadonlyMap<string, Temporal.Instant>> {
  const dates = new Map<string, Temporal.Instant>();
  for (const { version, tag } of appeared.slice(-DATED_MAX)) {
    const repository = found.get(tag.name)?.repository ?? '';
    const date = await upstreams.authoredAt?.(repository, tag).catch(nullOnFailure);
    if (date !== null && date !== undefined) dates.set(version, date);
  }
  return dates;
}

function nullOnFailure(error: unknown): null {
  if (error instanceof Failure) return null;
  throw error;
}

function unbelievable({ repositories }: Group, why: string): Failure {
  return new Failure('E0204', `${repositories.join(', ')} sent tags that cannot be believed`, {
    at: repositories.join(', '),
    why,
    kept: 'the releases seen before stay as they are; nothing is withdrawn',
    hint: 'look whether the repository moved; it is asked again after a pause',
    retryable: true,
  });
}

function tagMoved({ repositories }: Group, { release, tag, subject }: MovedTag): Failure {
  const repository = repositories.join(', ');
  return new Failure('E0204', `The tag ${release.ref} of ${repository} points at other code than before`, {
    at: `${repository} ${release.ref}`,
    why: `it was commit ${release.commit ?? 'unknown'} and is ${tag.commit}`,
    kept: `${release.version} counts as withdrawn, and nothing is built from the new code`,
    hint: `compare the two commits; approving "${subject}" makes the new one the release`,
    retryable: false,
  });
}
