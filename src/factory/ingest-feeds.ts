import { feedKinds, type FeedSource } from '../core/catalog/catalog.ts';
import type { NewFactOf } from '../core/fact.ts';
import { Failure } from '../core/failure.ts';
import type { AdvisoryRecord } from '../core/match/advisory.ts';
import {
  advisoryNews,
  emptyKnownAdvisories,
  type KnownAdvisories,
  knownRecord,
  learnAdvisory,
} from '../core/match/known-advisories.ts';
import type { BlobStore, ClockDeps, FactStore } from './deps.ts';
import { type FeedRecords, recordsOf } from './feed-records.ts';

export interface IngestDeps {
  readonly clock: ClockDeps;
  readonly facts: Pick<FactStore, 'append' | 'facts'>;
  readonly blobs: Pick<BlobStore, 'put'>;
  readonly feeds: FeedReader;
}

export interface FeedReader {
  /** What a feed holds; with `onlyChanged` nothing when it is as it was when last settled. Throws Failure E0201. */
  read(feed: FeedSource, options: { readonly onlyChanged: boolean }): Promise<FeedReading>;
}

export interface FeedReading {
  readonly items: AsyncIterable<FeedItem>;
  /** Called when everything of it is durably recorded: from then on it counts as seen. */
  settled(): Promise<void>;
}

export type FeedItem =
  | {
      readonly kind: 'item';
      /** File, member or address, for messages. */
      readonly name: string;
      readonly bytes: Uint8Array;
      readonly observedAt: Temporal.Instant;
    }
  /** A part that could not be read; the others follow. */
  | { readonly kind: 'problem'; readonly problem: Failure };

/** What a running factory remembers of feeds; made from facts, and from nothing after a restart. */
export interface FeedMemory {
  readonly known: KnownAdvisories;
  /** By kind and place. */
  readonly feeds: Map<string, ReadFeed>;
}

interface ReadFeed {
  /** When it was read last, and when that went well last. */
  readonly readAt: Temporal.Instant;
  readonly goodAt: Temporal.Instant | null;
  /** How often it failed in a row. */
  readonly failures: number;
  /** For which concerns it was read. */
  readonly for: Concerns;
}

interface Concerns {
  readonly packages: ReadonlySet<string>;
  readonly ids: number;
}

export interface IngestReport {
  /** Items read, records in them, those that cannot be used, facts appended. */
  readonly items: number;
  readonly records: number;
  readonly broken: number;
  readonly appended: number;
  /** The first ones; `broken` counts all. */
  readonly problems: readonly Failure[];
}

export interface IngestScope {
  /** Versionless purls of everything that is built or shipped; asked for when a feed is read. */
  readonly packages: () => ReadonlySet<string>;
  /** How long a reading lasts. */
  readonly everySeconds: number;
  /** Asks whether more is of concern than when a feed was read, which then is read at once. */
  readonly mayHaveGrown: boolean;
}

export function emptyFeedMemory(): FeedMemory {
  return { known: emptyKnownAdvisories(), feeds: new Map() };
}

const PROBLEMS_SHOWN = 50;
const BATCH = 500;

/**
 * Reads the feeds whose time has come and appends each version of a record that is of concern and was not recorded yet.
 * Advisories first, because they say which vulnerabilities the others are asked about. One broken record or feed
 * never stops the others. Safe to repeat: what is recorded comes from the ledger alone.
 */
export async function ingestFeeds(
  feeds: readonly FeedSource[],
  scope: IngestScope,
  memory: FeedMemory,
  deps: IngestDeps,
): Promise<IngestReport> {
  let report: IngestReport = { items: 0, records: 0, broken: 0, appended: 0, problems: [] };
  await catchUp(memory, deps);
  for (const feed of feeds.toSorted((a, b) => feedKinds.indexOf(a.kind) - feedKinds.indexOf(b.kind))) {
    if (!isDue(feed, scope, memory, deps.clock.now())) continue;
    const alone = feeds.filter(({ kind }) => kind === feed.kind).length === 1;
    report = sum(report, await readFeed(feed, { scope, memory, deps, alone }));
    await catchUp(memory, deps);
  }
  return report;
}

async function catchUp(memory: FeedMemory, deps: IngestDeps): Promise<void> {
  for await (const fact of deps.facts.facts(memory.known.seq)) learnAdvisory(memory.known, fact);
}

function sum(a: IngestReport, b: IngestReport): IngestReport {
  return {
    items: a.items + b.items,
    records: a.records + b.records,
    broken: a.broken + b.broken,
    appended: a.appended + b.appended,
    problems: [...a.problems, ...b.problems].slice(0, PROBLEMS_SHOWN),
  };
}

/** A failed feed is left alone for a minute, doubled with each failure in a row, at most an hour. */
function isDue(feed: FeedSource, scope: IngestScope, memory: FeedMemory, now: Temporal.Instant): boolean {
  const last = memory.feeds.get(feedKey(feed));
  if (last === undefined) return true;
  if (scope.mayHaveGrown && last.failures === 0 && lacksAny(last.for.packages, scope.packages())) return true;
  const seconds = last.failures === 0 ? scope.everySeconds : Math.min(60 * 2 ** (last.failures - 1), 3600);
  return Temporal.Instant.compare(now, last.readAt.add({ seconds })) >= 0;
}

interface Reading {
  readonly scope: IngestScope;
  readonly memory: FeedMemory;
  readonly deps: IngestDeps;
  /** Whether this is the only feed of its kind: then what is missing in it is gone. */
  readonly alone: boolean;
}

async function readFeed(feed: FeedSource, reading: Reading): Promise<IngestReport> {
  const { scope, memory, deps } = reading;
  const last = memory.feeds.get(feedKey(feed));
  const concerns: Concerns = { packages: new Set(scope.packages()), ids: memory.known.ids.size };
  const readAt = deps.clock.now();
  try {
    const onlyChanged = last !== undefined && last.failures === 0 && !hasGrown(last.for, concerns);
    const found = await deps.feeds.read(feed, { onlyChanged });
    const report = await ingest(feed, found.items, reading);
    await found.settled();
    memory.feeds.set(feedKey(feed), { readAt, goodAt: readAt, failures: 0, for: concerns });
    return report;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const failures = (last?.failures ?? 0) + 1;
    memory.feeds.set(feedKey(feed), { readAt, goodAt: last?.goodAt ?? null, failures, for: concerns });
    return { items: 0, records: 0, broken: 0, appended: 0, problems: [error] };
  }
}

/** More is of concern than when the feed was read: what concerned nobody then may do so now. */
function hasGrown(before: Concerns, now: Concerns): boolean {
  return now.ids > before.ids || lacksAny(before.packages, now.packages);
}

function lacksAny(before: ReadonlySet<string>, now: ReadonlySet<string>): boolean {
  return [...now].some((each) => !before.has(each));
}

async function ingest(feed: FeedSource, items: AsyncIterable<FeedItem>, reading: Reading): Promise<IngestReport> {
  const { memory, deps } = reading;
  const totals = { items: 0, records: 0, broken: 0, appended: 0 };
  const problems: Failure[] = [];
  const batch: NewFactOf<'advisory-recorded'>[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    totals.appended += (await deps.facts.append(batch.splice(0))).length;
    await catchUp(memory, deps);
  };
  for await (const item of items) {
    totals.items += 1;
    const read = item.kind === 'problem' ? brokenItem(item.problem) : readItem(feed, item, reading);
    totals.records += read.records.length;
    totals.broken += read.problems.length;
    problems.push(...read.problems.slice(0, PROBLEMS_SHOWN - problems.length));
    const pending = new Set(batch.map(({ payload }) => payload.id));
    if (read.records.some(({ id }) => pending.has(id)) || batch.length >= BATCH) await flush();
    const news = read.records.filter(
      (record) => advisoryNews(record, memory.known, reading.scope.packages()) === 'news',
    );
    if (news.length > 0 && item.kind === 'item') {
      const evidence = await deps.blobs.put(item.bytes);
      for (const record of news) batch.push(advisoryRecorded(record, item.observedAt, [evidence], memory.known));
    }
  }
  await flush();
  return { ...totals, problems };
}

function brokenItem(problem: Failure): FeedRecords {
  return { records: [], problems: [problem] };
}

function readItem(
  feed: FeedSource,
  item: Extract<FeedItem, { kind: 'item' }>,
  { memory, alone }: Reading,
): FeedRecords {
  try {
    return recordsOf(feed.kind, item, { known: memory.known, complete: alone });
  } catch (error) {
    if (error instanceof Failure) return brokenItem(error);
    throw error;
  }
}

/** It happened when its publisher says that it was changed, and was seen now; a date in the future is not believed. */
function advisoryRecorded(
  record: AdvisoryRecord,
  observedAt: Temporal.Instant,
  evidence: NewFactOf<'advisory-recorded'>['evidence'],
  known: KnownAdvisories,
): NewFactOf<'advisory-recorded'> {
  const modified = Temporal.Instant.from(record.modified);
  const from = Temporal.Instant.compare(modified, observedAt) < 0 ? modified : observedAt;
  return {
    type: 'advisory-recorded',
    at: { from, to: observedAt },
    by: 'suture',
    payload: record,
    evidence,
    // a record may come back to what it said before: the same words, but another fact
    sourceKey: String(knownRecord(known, record)?.versions ?? 0),
  };
}

export function feedKey(feed: FeedSource): string {
  return `${feed.kind} ${feed.from}`;
}
