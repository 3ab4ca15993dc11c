import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FeedKind } from '../../core/catalog/catalog.ts';
import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord, AffectedPackage } from '../../core/match/advisory.ts';
import { emptyKnownAdvisories } from '../../core/match/known-advisories.ts';
import { ecosystemOf } from '../../core/scan/record-source.ts';
import { itemBytesMax } from '../../factory/feed-files.ts';
import { recordsOf } from '../../factory/feed-records.ts';
import type { FeedItem } from '../../factory/ingest-feeds.ts';
import { encodeIndex } from '../../formats/advisory-index/encode-index.ts';
import { encodeEpssTable } from '../../formats/epss/epss-table.ts';
import { parseEpss } from '../../formats/epss/parse-epss.ts';
import { FEED_START_BYTES, feedKindOf } from '../../formats/feed-kind.ts';
import { crashPoint } from '../crash-point.ts';
import { readFileItem } from '../feeds/file-item.ts';
import { readFolder } from '../feeds/folder-feed.ts';
import { isZip, readZipFile } from '../feeds/zip-feed.ts';
import { type FeedSourcePart, linksIn, zipsIn } from './feed-sources.ts';
import { writeRecords } from './record-store.ts';

/** What a part of a feed was found to hold; kept beside its index. */
export interface AboutPart {
  readonly records: number;
  /** How many items or records cannot be used, and the first of them in words. */
  readonly broken: number;
  readonly problems: readonly string[];
  readonly newestModified: string | null;
  readonly ecosystems: readonly string[];
  /** What others state about their products is not an advisory: documents that were passed over. */
  readonly statements: number;
  readonly passedOver: PassedOver;
  /** Size of the table of probabilities: cut off, it would give wrong ones. */
  readonly epssBytes: number;
}

/** What is there and can say nothing of any version. */
export interface PassedOver {
  /** Links within the feed, which are not followed. */
  readonly links: number;
  /** Entries of OSV records that name no version and no range of any, as those that tell of commits alone. */
  readonly versionless: number;
}

export const PART_FILES = { index: 'index', about: 'about.json', epss: 'epss' };
const PROBLEMS_KEPT = 20;

/** Reads a part of a feed and keeps what it says in a folder, which is there whole or not at all. */
export async function buildPart(part: FeedSourcePart, folder: string, now: Temporal.Instant): Promise<void> {
  const read = await readPart(part, now);
  const fresh = join(dirname(folder), `.${randomUUID()}`);
  await mkdir(fresh, { recursive: true });
  try {
    await writeFile(join(fresh, PART_FILES.index), encodeIndex([{ source: part.path, records: read.records }]));
    await writeRecords(fresh, read.records);
    const epss = encodeEpssTable(read.scores);
    await writeFile(join(fresh, PART_FILES.epss), epss);
    await writeFile(join(fresh, PART_FILES.about), JSON.stringify({ ...aboutOf(read, now), epssBytes: epss.length }));
    crashPoint('part of a feed indexed');
    await rename(fresh, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another process made it meanwhile
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  await removeOlder(folder);
}

/** Of the same part: who has one open keeps what it was. */
async function removeOlder(folder: string): Promise<void> {
  const [key = ''] = basename(folder).split('-');
  for (const name of await readdir(dirname(folder))) {
    const isOlder = name.startsWith(`${key}-`) && name !== basename(folder);
    if (isOlder) await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

interface ReadPart {
  readonly records: AdvisoryRecord[];
  readonly scores: AdvisoryRecord[];
  readonly problems: string[];
  broken: number;
  statements: number;
  links: number;
  versionless: number;
}

async function readPart(part: FeedSourcePart, now: Temporal.Instant): Promise<ReadPart> {
  const read: ReadPart = {
    records: [],
    scores: [],
    problems: [],
    broken: 0,
    statements: 0,
    links: linksIn(part),
    versionless: 0,
  };
  for await (const item of itemsOf(part, now)) {
    if (item.kind === 'problem') addProblem(read, item.problem);
    else take(item, read);
  }
  return read;
}

async function* itemsOf(part: FeedSourcePart, now: Temporal.Instant): AsyncIterable<FeedItem> {
  const isItem = (path: string): boolean => {
    if (path.split('/').includes('.git')) return false;
    if (part.isShallow && (dirname(path) !== part.path || path.endsWith('.zip'))) return false;
    return /\.(?:json|ya?ml|md|csv|gz)$|\/(?:list|DSA|DLA|DTSA)$|(?:DSA|DLA|DTSA)\.(?:list|txt)$/.test(path);
  };
  const source = { isItem, itemBytesMax: itemBytesMax('nvd'), observedAt: now, name: part.path };
  if (part.kind === 'folder') {
    const marks = { onlyChanged: false, settledMarks: new Map(), newMarks: new Map() };
    yield* readFolder(part.path, { ...source, ...marks, depthMax: part.isShallow ? 0 : undefined, now: () => now });
    for (const name of zipsIn(part)) yield* readZipFile({ ...source, name });
  } else if (await isZip(part.path)) yield* readZipFile(source);
  else yield await readFileItem(part.path, source);
}

function take(item: Extract<FeedItem, { readonly kind: 'item' }>, read: ReadPart): void {
  const kind = feedKindOf(item.name, item.bytes.subarray(0, FEED_START_BYTES));
  if (kind === undefined) return;
  try {
    takeOf(kind, item, read);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    addProblem(read, error);
  }
}

function takeOf(kind: FeedKind, item: Extract<FeedItem, { readonly kind: 'item' }>, read: ReadPart): void {
  if (kind === 'epss') {
    for (const score of parseEpss(item.bytes, { ...item, wanted: () => true })) read.scores.push(score);
  } else if (kind === 'openvex') read.statements += 1;
  else {
    const { records, problems } = recordsOf(kind, item, { known: emptyKnownAdvisories(), complete: false });
    for (const record of records) read.records.push(record);
    if (OSV.has(kind)) read.versionless += versionlessIn(records);
    for (const problem of problems) addProblem(read, problem);
  }
}

const OSV: ReadonlySet<FeedKind> = new Set(['osv', 'ghsa', 'govulndb', 'pypa']);

/** A record without any package tells of commits in a repository, unless it is one that has no versions at all. */
function versionlessIn(records: readonly AdvisoryRecord[]): number {
  const speaking = records.filter(({ withdrawn, informational }) => withdrawn === null && informational === undefined);
  return total(speaking.map(({ affected }) => (affected.length === 0 ? 1 : affected.filter(isVersionless).length)));
}

function isVersionless({ ranges, versions, verdict, customRanges = [], unreadRanges = 0 }: AffectedPackage): boolean {
  return verdict === undefined && ranges.length + versions.length + customRanges.length + unreadRanges === 0;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

function addProblem(read: ReadPart, { message, detail }: Failure): void {
  read.broken += 1;
  if (read.problems.length < PROBLEMS_KEPT) read.problems.push([message, detail.why].filter(Boolean).join(': '));
}

/** What has no date of its own is dated by the reading, which says nothing of its age. */
function aboutOf(
  { records, scores, problems, broken, statements, links, versionless }: ReadPart,
  now: Temporal.Instant,
): Omit<AboutPart, 'epssBytes'> {
  const undated = now.toString();
  const ecosystems = new Set<string>();
  let newestModified: string | null = null;
  for (const { modified } of records.length === 0 ? scores : []) {
    if (modified !== undated) newestModified = newer(newestModified, modified);
  }
  for (const record of records) {
    for (const { package: upstream, stream } of record.affected) ecosystems.add(ecosystemOf({ upstream, stream }));
    const { modified } = record;
    if (modified !== undated) newestModified = newer(newestModified, modified);
  }
  return {
    records: records.length,
    broken,
    problems,
    newestModified,
    statements,
    passedOver: { links, versionless },
    ecosystems: [...ecosystems].toSorted(),
  };
}

/** Texts of instants in UTC, which are ordered as they are written. */
function newer(before: string | null, modified: string): string {
  return before === null || modified > before ? modified : before;
}
