import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../core/failure.ts';
import type { AptPlace } from './apt-place.ts';
import { runApt } from './apt-run.ts';
import { readTroubles, withoutPasswords } from './apt-trouble.ts';
import type { AptTrouble } from './apt-trouble.ts';

/** A file that is known by its bytes. */
export interface FileWish {
  /** For people: `zlib1g 1:1.2.13.dfsg-1`. */
  readonly label: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Addresses where it may lie, the likeliest first. */
  readonly addresses: readonly string[];
  /** Where it is kept. */
  readonly path: string;
}

/** Files for one process of apt: a few connections serve them all, and one that is missing loses no other. */
const BATCH_FILES_MAX = 200;
const START_SECONDS = 300;
const BYTES_PER_SECOND_MIN = 200_000;
/** A file that is somewhat too large is better refused by its hash, which says which one it is. */
const FILE_BYTES_SLACK = 64 * 1024 ** 2;

/**
 * Sees to it that every file is where it is kept, fetched by apt's own methods where it is not; the answer says why
 * one is not there. E0301 for bytes that are not the expected ones, E0203 for an archive that does not answer: all other
 * files are kept by then.
 */
export async function fetchFiles(place: AptPlace, wishes: readonly FileWish[]): Promise<ReadonlyMap<FileWish, string>> {
  let open: FileWish[] = [];
  for (const wish of new Map(wishes.map((each) => [each.path, each])).values()) {
    if (!(await isKept(wish))) open.push(wish);
  }
  const troubles = new Map<FileWish, AptTrouble[]>();
  const roundsMax = Math.max(0, ...open.map(({ addresses }) => addresses.length));
  for (let round = 0; round < roundsMax; round += 1) {
    const asked = open.filter(({ addresses }) => addresses[round] !== undefined);
    const missed = new Set<FileWish>();
    for (let first = 0; first < asked.length; first += BATCH_FILES_MAX) {
      for (const [wish, trouble] of await fetchBatch(place, asked.slice(first, first + BATCH_FILES_MAX), round)) {
        missed.add(wish);
        troubles.set(wish, [...(troubles.get(wish) ?? []), trouble]);
      }
    }
    open = open.filter((wish) => missed.has(wish) || wish.addresses[round] === undefined);
  }
  return new Map(open.map((wish) => [wish, whyAbsent(wish, troubles.get(wish) ?? [])]));
}

/** What is kept is hashed again: a damaged file is fetched anew. */
async function isKept(wish: FileWish): Promise<boolean> {
  if (await hasBytes(wish, wish.path)) return true;
  await rm(wish.path, { force: true });
  return false;
}

async function hasBytes({ sizeBytes, sha256 }: FileWish, path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isFile() !== true || there.size !== sizeBytes) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 ** 2 }), hash);
  return hash.digest('hex') === sha256;
}

/** Asks for each file at its address of this round; answers with the trouble of those that did not come. */
async function fetchBatch(
  place: AptPlace,
  batch: readonly FileWish[],
  round: number,
): Promise<readonly (readonly [FileWish, AptTrouble])[]> {
  const folder = await mkdtemp(join(place.folder, 'partial/files-'));
  const asked = batch.map((wish) => ({
    wish,
    address: wish.addresses[round] ?? '',
    target: join(folder, wish.sha256),
  }));
  const bytes = batch.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  try {
    const answer = await runApt({
      program: 'apt-helper',
      args: [
        '-q',
        'download-file',
        ...asked.flatMap(({ wish, address, target }) => [address, target, `SHA256:${wish.sha256}`]),
      ],
      configFile: place.configFile,
      timeoutSeconds: START_SECONDS + Math.ceil(bytes / BYTES_PER_SECOND_MIN),
      fileBytesMax: Math.max(...batch.map(({ sizeBytes }) => sizeBytes)) + FILE_BYTES_SLACK,
    });
    const told = readTroubles(answer);
    const missed: (readonly [FileWish, AptTrouble])[] = [];
    for (const { wish, address, target } of asked) {
      if (await keep(wish, target)) continue;
      const own = told.find(({ about }) => about === withoutPasswords(address));
      missed.push([wish, own ?? (await unexplained(target, answer.exitCode))]);
    }
    return missed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keep(wish: FileWish, target: string): Promise<boolean> {
  if (!(await hasBytes(wish, target))) return false;
  await rename(target, wish.path);
  return true;
}

async function unexplained(target: string, exitCode: number): Promise<AptTrouble> {
  const arrived = await stat(target).catch(() => undefined);
  if (exitCode === 0 && arrived !== undefined) {
    return { kind: 'mismatch', about: '', words: 'what arrived has another size or SHA-256' };
  }
  return { kind: 'unreachable', about: '', words: `apt-helper ended with exit code ${exitCode}` };
}

function whyAbsent(wish: FileWish, troubles: readonly AptTrouble[]): string {
  const kept = 'all other files are kept';
  const wrong = troubles.find(({ kind }) => kind === 'mismatch' || kind === 'unsigned');
  if (wrong !== undefined) {
    throw new Failure('E0301', `${wish.label} is not the file of the index: ${wrong.words}`, { at: wrong.about, kept });
  }
  const silent = troubles.find(({ kind }) => kind === 'unreachable');
  if (silent !== undefined) {
    const what = `${wish.label} cannot be fetched: ${silent.words}`;
    throw new Failure('E0203', what, { at: silent.about, kept, retryable: true });
  }
  return troubles[0]?.words ?? 'no archive to ask';
}
