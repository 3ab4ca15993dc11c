import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestOf } from '../../core/digest.ts';
import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import type { RecordSource } from '../../core/scan/record-source.ts';
import type { AdvisoryIndex } from '../../formats/advisory-index/open-index.ts';
import { openEpssTable } from '../../formats/epss/epss-table.ts';
import { writeFileDurably } from '../files/write-file-durably.ts';
import type { AboutPart, PassedOver } from './build-part.ts';
import { feedSources, isAsDated, lookAt, type FeedSourcePart, type PartLook } from './feed-sources.ts';
import { readIndex } from './read-index.ts';
import { openRecords, type RecordStore } from './record-store.ts';

export interface OpenFeeds extends RecordSource {
  /** Versions of records. */
  readonly records: number;
  readonly broken: number;
  readonly problems: readonly string[];
  /** The newest date in any record of a part that speaks of packages. */
  readonly newestModified: string | null;
  /** Documents with statements about products, which are no advisories. */
  readonly statements: number;
  readonly passedOver: PassedOver;
  /** Folder in which nothing can be kept, so that what is not there yet is read anew each time; null where there is none. */
  readonly notKeptIn: string | null;
  /** Those that hold anything, each with the newest date in it. */
  readonly parts: readonly (Pick<AboutPart, 'records' | 'newestModified'> & { readonly path: string })[];
  readonly close: () => void;
}

export interface FeedsDeps {
  /** Where indexes are kept; may be removed. */
  readonly cache: string;
  readonly now: () => Temporal.Instant;
  /** Told before a part is read anew, which takes a while. */
  readonly onBuild: (path: string) => void;
}

/**
 * Opens feeds that lie here, in any mixture of the formats that are read. Each part is read once and kept as an index; it is
 * read again when it changes. Of a folder every file is looked at once in ten minutes; in between, its folders.
 */
export async function openFeeds(paths: readonly string[], deps: FeedsDeps): Promise<OpenFeeds> {
  const parts: OpenPart[] = [];
  for (const path of paths) {
    for (const part of feedSources(path)) parts.push(await openPart(part, deps));
  }
  const about = parts.map((part) => part.about);
  return {
    on: ({ upstream, stream, version }) => {
      const hits = (part: OpenPart) =>
        part.index.lookup({ package: upstream, stream, version }).map(({ position }) => position);
      return parts.flatMap((part) => hits(part).map((position) => part.store.at(position)));
    },
    about: ({ upstream, stream }) =>
      parts.flatMap((part) =>
        part.index
          .about({ package: upstream, stream })
          .flat()
          .map((at) => part.store.at(at)),
      ),
    named: (id) => parts.flatMap((part): readonly AdvisoryRecord[] => part.store.named(id)),
    epss: (id) => parts.map((part) => part.epss(id)).find((score) => score !== undefined),
    ecosystems: new Set(about.flatMap(({ ecosystems }) => ecosystems)),
    records: total(about.map(({ records }) => records)),
    broken: total(about.map(({ broken }) => broken)),
    problems: about.flatMap(({ problems }) => problems),
    newestModified: newestOf(about),
    statements: total(about.map(({ statements }) => statements)),
    passedOver: {
      links: total(about.map(({ passedOver: { links } }) => links)),
      versionless: total(about.map(({ passedOver: { versionless } }) => versionless)),
    },
    notKeptIn: parts.some(({ isKept }) => !isKept) ? deps.cache : null,
    parts: parts
      .map(({ path, about: { records, newestModified } }) => ({ path, records, newestModified }))
      .filter(({ records, newestModified }) => records > 0 || newestModified !== null),
    close: () => {
      for (const part of parts) part.store.close();
    },
  };
}

interface OpenPart {
  readonly path: string;
  readonly index: AdvisoryIndex;
  readonly store: RecordStore;
  readonly epss: (id: string) => number | undefined;
  readonly about: AboutPart;
  readonly isKept: boolean;
}

/** A look at all files of a part, and when. */
interface Looked extends PartLook {
  readonly at: number;
}

const LOOK_EVERY_MS = 600_000;
/** Of what is kept: another form is another folder. */
const FORM = 3;

async function openPart(part: FeedSourcePart, deps: FeedsDeps): Promise<OpenPart> {
  const key = digestOf(`${FORM} ${part.path} ${part.isShallow}`).slice('sha256:'.length, 'sha256:'.length + 16);
  const files = await filesStamp(part, join(deps.cache, `${key}.json`), deps.now());
  const folder = join(deps.cache, `${key}-${digestOf(files).slice('sha256:'.length, 'sha256:'.length + 16)}`);
  const isThere = existsSync(folder);
  try {
    return openKept(part, folder);
  } catch {
    // Not there, or damaged: it is made of the feed again.
    const { buildPart } = await import('./build-part.ts');
    deps.onBuild(part.path);
    if (!(await canKeepIn(deps.cache))) return openUnkept(part, deps.now());
    // One that was not there may be, by now: another process's.
    if (isThere) await rm(folder, { recursive: true, force: true });
    await buildPart(part, folder, deps.now());
    return openKept(part, folder);
  }
}

/** A cache may lie where nothing can be written: in an image, on a mounted disk. Only who writes there knows. */
async function canKeepIn(cache: string): Promise<boolean> {
  try {
    await mkdir(cache, { recursive: true });
    await rmdir(await mkdtemp(join(cache, '.probe-')));
    return true;
  } catch {
    return false;
  }
}

/** Made in a folder that is gone again when it is opened: what is open stays readable. */
async function openUnkept(part: FeedSourcePart, now: Temporal.Instant): Promise<OpenPart> {
  const { buildPart } = await import('./build-part.ts');
  const scratch = await mkdtemp(join(tmpdir(), 'suture-feeds-'));
  try {
    await buildPart(part, join(scratch, 'part'), now);
    return { ...openKept(part, join(scratch, 'part')), isKept: false };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function filesStamp(part: FeedSourcePart, lookedFile: string, now: Temporal.Instant): Promise<string> {
  const before = readLooked(lookedFile);
  const age = now.epochMilliseconds - (before?.at ?? 0);
  if (before !== undefined && age >= 0 && age < LOOK_EVERY_MS && isAsDated(before)) return before.stamp;
  const look: Looked = { ...lookAt(part), at: now.epochMilliseconds };
  // A look that cannot be kept is only taken again.
  if (await canKeepIn(dirname(lookedFile))) await writeFileDurably(lookedFile, JSON.stringify(look));
  return look.stamp;
}

function readLooked(file: string): Looked | undefined {
  try {
    const { stamp, dated, at }: Partial<Looked> = JSON.parse(readFileSync(file, 'utf8'));
    return typeof stamp === 'string' && Array.isArray(dated) && typeof at === 'number'
      ? { stamp, dated, at }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Throws, whatever is wrong, when a part is not there whole. */
function openKept({ path }: FeedSourcePart, folder: string): OpenPart {
  const about = JSON.parse(readFileSync(join(folder, 'about.json'), 'utf8')) as AboutPart; // written by buildPart()
  const index = readIndex(join(folder, 'index'));
  const epss = readFileSync(join(folder, 'epss'));
  if (epss.length !== about.epssBytes) throw new Error(`${folder}/epss has another size than it had`);
  const store = openRecords(folder, about.records);
  return { path, about, index, epss: openEpssTable(epss), store, isKept: true };
}

/** What is exploited, and how likely, is new every day; that says nothing of the age of what is affected. */
function newestOf(parts: readonly AboutPart[]): string | null {
  const speaking = parts.filter(({ ecosystems }) => ecosystems.length > 0);
  const dates = (speaking.length > 0 ? speaking : parts).flatMap(({ newestModified }) => newestModified ?? []);
  return dates.toSorted().at(-1) ?? null;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
