import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../../core/digest.ts';
import type { RecordSource } from '../../core/scan/record-source.ts';
import { writeFileDurably } from '../files/write-file-durably.ts';
import { canKeepIn } from './can-keep-in.ts';
import { type FeedSourcePart, feedSources } from './feed-sources.ts';
import { type FullLook, isAsDated, lookAt, type PartLook } from './look-at-part.ts';
import { type AboutPart, type OpenPart, openPart, type PassedOver } from './open-part.ts';

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
 * Opens feeds that lie here, in any mixture of the formats that are read. Each part is read once and kept as an index; of
 * one that changes what changed is read. Of a folder every file is looked at once in ten minutes; in between, its folders.
 */
export async function openFeeds(paths: readonly string[], deps: FeedsDeps): Promise<OpenFeeds> {
  const parts: OpenedPart[] = [];
  for (const path of paths) {
    for (const part of feedSources(path)) parts.push(await openNewest(part, deps));
  }
  const about = parts.map(({ holds }) => holds);
  return {
    on: (component) => parts.flatMap((part) => part.on(component)),
    about: (component) => parts.flatMap((part) => part.about(component)),
    named: remembered((id) => parts.flatMap((part) => part.named(id))),
    epss: remembered((id) => parts.map((part) => part.epss(id)).find((score) => score !== undefined)),
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
      .map(({ path, holds: { records, newestModified } }) => ({ path, records, newestModified }))
      .filter(({ records, newestModified }) => records > 0 || newestModified !== null),
    close: () => {
      for (const part of parts) part.close();
    },
  };
}

/** One flaw may be in hundreds of components, and is asked about for each. */
function remembered<Found>(find: (id: string) => Found): (id: string) => Found {
  const known = new Map<string, Found>();
  return (id) => {
    if (!known.has(id)) known.set(id, find(id));
    return known.get(id) as Found;
  };
}

/** A look at all files of a part, and when. */
interface Looked extends PartLook {
  readonly at: number;
}

const LOOK_EVERY_MS = 600_000;
/** Of what is kept: another form is another folder. */
const FORM = 4;

interface OpenedPart extends OpenPart {
  readonly isKept: boolean;
}

async function openNewest(part: FeedSourcePart, deps: FeedsDeps): Promise<OpenedPart> {
  const looked = await lookedAt(part, deps);
  const kept = keptFolder(part, looked, deps);
  const isThere = existsSync(kept);
  try {
    return { ...openPart(part.path, kept), isKept: true };
  } catch {
    // Not there, or damaged: it is made of the feed again.
    deps.onBuild(part.path);
    const look = 'files' in looked ? looked : await lookAgain(part, deps);
    if (!(await canKeepIn(deps.cache))) return openUnkept(part, { look, now: deps.now() });
    // One that was not there may be, by now: another process's.
    if (isThere) await rm(kept, { recursive: true, force: true });
    const folder = keptFolder(part, look, deps);
    await makePart(part, folder, { look, now: deps.now() });
    return { ...openPart(part.path, folder), isKept: true };
  }
}

/** Made in a folder that is gone again when it is opened: what is open stays readable. */
async function openUnkept(part: FeedSourcePart, made: MadePart): Promise<OpenedPart> {
  const { buildPart } = await import('./build-part.ts');
  const scratch = await mkdtemp(join(tmpdir(), 'suture-feeds-'));
  try {
    await buildPart(part, join(scratch, 'part'), made);
    return { ...openPart(part.path, join(scratch, 'part')), isKept: false };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Of what is kept of it as it was before, if there is something sound and enough of it holds; else of all files. */
async function makePart(part: FeedSourcePart, folder: string, made: MadePart): Promise<void> {
  const [{ buildPart }, { layOver }, { removeOlder }] = await Promise.all([
    import('./build-part.ts'),
    import('./lay-over.ts'),
    import('./kept-layers.ts'),
  ]);
  const base = await layOver(part, folder, made);
  if (base === undefined) await buildPart(part, folder, made);
  await removeOlder(folder, base);
}

interface MadePart {
  readonly look: FullLook;
  readonly now: Temporal.Instant;
}

function keptFolder(part: FeedSourcePart, { stamp }: PartLook, { cache }: FeedsDeps): string {
  return join(cache, `${keyOf(part)}-${digestOf(stamp).slice('sha256:'.length, 'sha256:'.length + 16)}`);
}

function keyOf(part: FeedSourcePart): string {
  return digestOf(`${FORM} ${part.path} ${part.isShallow}`).slice('sha256:'.length, 'sha256:'.length + 16);
}

/** A full look, or where it is not long ago and nothing speaks against it what was seen then. */
async function lookedAt(part: FeedSourcePart, deps: FeedsDeps): Promise<PartLook | FullLook> {
  const before = readLooked(lookedFile(part, deps));
  const age = deps.now().epochMilliseconds - (before?.at ?? 0);
  if (before !== undefined && age >= 0 && age < LOOK_EVERY_MS && isAsDated(before)) return before;
  return lookAgain(part, deps);
}

async function lookAgain(part: FeedSourcePart, deps: FeedsDeps): Promise<FullLook> {
  const look = lookAt(part);
  const { stamp, dated } = look;
  const looked: Looked = { stamp, dated, at: deps.now().epochMilliseconds };
  // A look that cannot be kept is only taken again.
  if (await canKeepIn(deps.cache)) await writeFileDurably(lookedFile(part, deps), JSON.stringify(looked));
  return look;
}

function lookedFile(part: FeedSourcePart, { cache }: FeedsDeps): string {
  return join(cache, `${keyOf(part)}.json`);
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

/** What is exploited, and how likely, is new every day; that says nothing of the age of what is affected. */
function newestOf(parts: readonly AboutPart[]): string | null {
  const speaking = parts.filter(({ ecosystems }) => ecosystems.length > 0);
  const dates = (speaking.length > 0 ? speaking : parts).flatMap(({ newestModified }) => newestModified ?? []);
  return dates.toSorted().at(-1) ?? null;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
