import type { FeedKind } from '../../core/catalog/catalog.ts';
import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import { emptyKnownAdvisories } from '../../core/match/known-advisories.ts';
import { itemBytesMax } from '../../factory/feed-files.ts';
import { recordsOf } from '../../factory/feed-records.ts';
import type { FeedItem } from '../../factory/ingest-feeds.ts';
import { parseEpss } from '../../formats/epss/parse-epss.ts';
import { FEED_START_BYTES, feedKindOf } from '../../formats/feed-kind.ts';
import { readFileItem } from '../feeds/file-item.ts';
import { shownPath } from '../feeds/shown-path.ts';
import { readZipFile } from '../feeds/zip-feed.ts';
import type { ListedZip } from './expand-zips.ts';
import { PROBLEMS_KEPT } from './kept-file.ts';
import type { PartFile } from './look-at-part.ts';
import { versionlessIn } from './versionless-in.ts';

/** What a file was found to hold. */
export interface FileRead {
  readonly records: AdvisoryRecord[];
  /** Probabilities, which are kept in a table of their own. */
  readonly scores: AdvisoryRecord[];
  readonly problems: string[];
  broken: number;
  /** Documents with statements about products, which are no advisories. */
  statements: number;
  /** Entries of records that name no version. */
  versionless: number;
}

/** Reads these files, by their names; what of a zip cannot be said of a member is told as a problem. */
export async function readFiles(
  files: readonly PartFile[],
  zips: readonly ListedZip[],
  now: Temporal.Instant,
): Promise<{ readonly read: ReadonlyMap<string, FileRead>; readonly problems: readonly Failure[] }> {
  const read = new Map(files.map(({ name }) => [name, emptyRead()]));
  const problems: Failure[] = [];
  const source = { observedAt: now, itemBytesMax: itemBytesMax('nvd') };
  const members = new Set<string>();
  for (const zip of zips) {
    const ofZip = files.filter(({ name }) => name.startsWith(`${zip.name}!`));
    if (ofZip.length === 0) continue;
    for (const { name } of ofZip) members.add(name);
    const isItem = (path: string): boolean => members.has(`${zip.name}!${path}`);
    for await (const item of readZipFile({ ...source, name: zip.name, isItem })) {
      const into = read.get(nameOf(item) ?? '');
      if (into !== undefined) take(item, into);
      else if (item.kind === 'problem') problems.push(item.problem);
    }
  }
  for (const { name } of files) {
    const into = read.get(name);
    if (into === undefined || members.has(name)) continue;
    take(await readFileItem(name, { ...source, name: shownPath(name) }), into);
  }
  return { read, problems };
}

export function emptyRead(): FileRead {
  return { records: [], scores: [], problems: [], broken: 0, statements: 0, versionless: 0 };
}

function nameOf(item: FeedItem): string | undefined {
  return item.kind === 'item' ? item.name : item.problem.detail.at;
}

function take(item: FeedItem, read: FileRead): void {
  if (item.kind === 'problem') return addProblem(read, item.problem);
  const kind = feedKindOf(item.name, item.bytes.subarray(0, FEED_START_BYTES));
  if (kind === undefined) return;
  try {
    takeOf(kind, item, read);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    addProblem(read, error);
  }
}

function takeOf(kind: FeedKind, item: Extract<FeedItem, { readonly kind: 'item' }>, read: FileRead): void {
  if (kind === 'epss') {
    for (const score of parseEpss(item.bytes, { ...item, wanted: () => true })) read.scores.push(score);
  } else if (kind === 'openvex') read.statements += 1;
  else {
    const { records, problems } = recordsOf(kind, item, { known: emptyKnownAdvisories(), complete: false });
    for (const record of records) read.records.push(record);
    read.versionless += versionlessIn(kind, records);
    for (const problem of problems) addProblem(read, problem);
  }
}

function addProblem(read: FileRead, problem: Failure): void {
  read.broken += 1;
  if (read.problems.length < PROBLEMS_KEPT) read.problems.push(problemText(problem));
}

export function problemText({ message, detail }: Failure): string {
  return [message, detail.why].filter(Boolean).join(': ');
}
