import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { writeTar } from '../../formats/tar/write-tar.ts';
import { crashPoint } from '../crash-point.ts';
import { git, gitOrFail } from './git.ts';
import type { GitProtocol } from './git.ts';
import { readDates } from './object-dates.ts';
import { readTree } from './read-tree.ts';
import { allowedProtocols, checkAddress } from './repository-address.ts';

export interface CheckoutOptions {
  /** Folder for bare repositories, one per repository and tag; may be removed at any time. */
  readonly cacheFolder: string;
  /** Default https and file. */
  readonly protocols?: readonly GitProtocol[];
  /** Of all files together; default 512 MiB. */
  readonly sourceBytesMax?: number;
  /** Of one fetch; default 600. */
  readonly timeoutSeconds?: number;
}

export interface Wanted {
  readonly tag: string;
  /** Of the commit, or of the annotated tag itself: recipes write either. */
  readonly expectedCommit: string | null;
}

export interface SourceTree {
  /** Sorted by path, owner 0, modes 644 and 755, time = the commit's. Submodules are empty folders. */
  readonly entries: readonly TarEntry[];
  /** The same as one archive: equal trees at equal times are equal bytes. */
  readonly tar: Uint8Array;
  readonly commit: string;
  readonly committedAt: Temporal.Instant;
  readonly authoredAt: Temporal.Instant;
  /** Null for lightweight tags. */
  readonly taggedAt: Temporal.Instant | null;
}

/**
 * The files of a tag. What was fetched once is used again without the network when it is still the expected commit.
 * E0203 when the repository cannot be reached or lacks the tag, E0405 when the tag is not the expected commit, E0204 for
 * trees that no honest repository has, E0205 beyond the bound, E0206 for addresses that are not allowed.
 */
export async function checkout(repository: string, wanted: Wanted, options: CheckoutOptions): Promise<SourceTree> {
  const protocols = options.protocols ?? ['https', 'file'];
  checkAddress(repository, protocols);
  checkTagName(wanted.tag);
  const cached = join(options.cacheFolder, `${keyOf(repository)}-${keyOf(wanted.tag)}.git`);
  const known = wanted.expectedCommit === null ? undefined : await tagIn(cached, wanted.tag);
  const isKnown = known !== undefined && isExpected(known, wanted);
  const tag = isKnown ? known : await fetchTag(repository, wanted, cached, options);
  return readSource(cached, tag, repository, options.sourceBytesMax ?? 512 * 1024 ** 2);
}

/** Removes what fetches left that were killed, a day later. */
async function sweep(cacheFolder: string): Promise<void> {
  for (const name of (await readdir(cacheFolder)).filter((each) => each.startsWith('fetching-'))) {
    const found = await stat(join(cacheFolder, name)).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < 86_400_000) continue;
    await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
}

interface TagIds {
  readonly objectId: string;
  readonly commit: string;
}

async function readSource(cached: string, tag: TagIds, repository: string, bytesMax: number): Promise<SourceTree> {
  const dates = await readDates(cached, tag);
  const mtime = Math.trunc(dates.committedAt.epochMilliseconds / 1000);
  const entries = await readTree({ gitFolder: cached, commit: tag.commit, mtime, bytesMax, repository });
  return { entries, tar: writeTar(entries), commit: tag.commit, ...dates };
}

/** Fetches beside the cache and moves it into place: an interrupted fetch leaves nothing that is ever read. */
async function fetchTag(repository: string, wanted: Wanted, cached: string, options: CheckoutOptions): Promise<TagIds> {
  await mkdir(options.cacheFolder, { recursive: true });
  await sweep(options.cacheFolder);
  const fresh = await mkdtemp(join(options.cacheFolder, 'fetching-'));
  try {
    await gitOrFail({ args: ['init', '--bare', '--quiet', fresh] }, 'E0804', 'The source cache cannot be written');
    const ref = `refs/tags/${wanted.tag}`;
    await gitOrFail(
      {
        args: [
          'fetch',
          '--quiet',
          '--depth=1',
          '--no-tags',
          '--no-write-fetch-head',
          '--',
          repository,
          `${ref}:${ref}`,
        ],
        cwd: fresh,
        env: { ...allowedProtocols(options.protocols ?? ['https', 'file']), GIT_DIR: fresh },
        timeoutSeconds: options.timeoutSeconds ?? 600,
      },
      'E0203',
      `Tag ${wanted.tag} of ${repository} cannot be fetched`,
      { at: `${repository} ${wanted.tag}`, hint: 'look whether the repository moved; it is tried again after a pause' },
    );
    const found = await tagIn(fresh, wanted.tag);
    if (found === undefined || !isExpected(found, wanted)) throw notExpected(repository, wanted, found);
    await rm(cached, { recursive: true, force: true });
    await rename(fresh, cached).catch((cause: unknown) => {
      throw new Failure('E0804', 'The source cache cannot be written', { at: cached, cause, retryable: true });
    });
    crashPoint('source fetched');
    return found;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function tagIn(gitFolder: string, tag: string): Promise<TagIds | undefined> {
  const ref = `refs/tags/${tag}`;
  const answer = await git({
    args: ['cat-file', '--batch-check=%(objectname)'],
    env: { GIT_DIR: gitFolder },
    stdin: Buffer.from(`${ref}\n${ref}^{commit}\n`),
  });
  const [objectId = '', commit = ''] = new TextDecoder().decode(answer.stdout).split('\n');
  return isId(objectId) && isId(commit) ? { objectId, commit } : undefined;
}

function isId(answer: string): boolean {
  return /^[0-9a-f]{40,64}$/.test(answer);
}

function isExpected(found: TagIds, wanted: Wanted): boolean {
  if (wanted.expectedCommit === null) return true;
  return found.commit === wanted.expectedCommit || found.objectId === wanted.expectedCommit;
}

function notExpected(repository: string, wanted: Wanted, found: TagIds | undefined): Failure {
  return new Failure('E0405', `Tag ${wanted.tag} of ${repository} is not the commit that the recipe expects`, {
    at: `${repository} ${wanted.tag}`,
    why: `expected ${wanted.expectedCommit}, found ${found?.commit ?? 'something that is no commit'}`,
    kept: 'nothing was taken from it',
    hint: 'find out from the upstream why the tag moved before changing expected-commit',
    retryable: false,
  });
}

/** git-check-ref-format(1), and nothing that could be read as an option or a pattern. */
function checkTagName(tag: string): void {
  if (/^[\w][\w./+~@-]{0,200}$/.test(tag) && !/\.\.|@\{|\/\/|\.lock$|[./~]$|~/.test(tag)) return;
  throw new Failure('E0206', `${JSON.stringify(tag.slice(0, 200))} cannot be the name of a tag`);
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
