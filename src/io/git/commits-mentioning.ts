import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FailureDetail } from '../../core/failure.ts';
import { git, gitOrFail, gitText } from './git.ts';
import type { CheckoutOptions } from './checkout.ts';
import { allowedProtocols, checkAddress } from './repository-address.ts';

export interface MentioningCommit {
  readonly commit: string;
  readonly subject: string;
  readonly authoredAt: Temporal.Instant;
  readonly committedAt: Temporal.Instant;
  /** Those of the wanted ids that its message names. */
  readonly ids: readonly string[];
}

const COMMITS_MAX = 1000;

/**
 * Commits of a branch (default: the repository's main one) that are not in a tag and name one of the ids, such as a CVE,
 * in their message; oldest first, at most 1000: what could be picked before it is released. E0203 when it cannot be
 * reached.
 */
export async function commitsMentioning(
  repository: string,
  wanted: { readonly ids: readonly string[]; readonly sinceTag: string; readonly branch?: string },
  options: CheckoutOptions,
): Promise<readonly MentioningCommit[]> {
  const { ids, sinceTag } = wanted;
  if (ids.length === 0) return [];
  const folder = await fetchHistory(repository, options);
  const branch = wanted.branch === undefined ? 'refs/suture/main' : `refs/heads/${wanted.branch}`;
  const log = ['log', '-z', '--reverse', '--format=%H%n%at%n%ct%n%B', '--fixed-strings', '--regexp-ignore-case'];
  const text = await gitText(
    {
      args: [...log, ...ids.map((id) => `--grep=${id}`), branch, `^refs/tags/${sinceTag}^{commit}`, '--'],
      env: { GIT_DIR: folder },
    },
    'E0203',
    `${repository} cannot be searched: it lacks the tag ${sinceTag}, or ${wanted.branch ?? 'a main branch'}`,
    unsearched(repository),
  );
  const entries = text.split('\0').filter((entry) => entry !== '');
  return entries
    .map((entry) => ({ ...parseCommit(entry), ids: ids.filter((id) => names(entry, id)) }))
    .filter((commit) => commit.ids.length > 0)
    .slice(0, COMMITS_MAX);
}

/** The change of one commit as a patch that `git apply` takes; the repository must have been looked at before. */
export async function patchOf(repository: string, commit: string, options: CheckoutOptions): Promise<Uint8Array> {
  const args = ['diff-tree', '--patch', '--no-commit-id', '--no-color', '--no-ext-diff', '--no-textconv', '--root'];
  return gitOrFail(
    { args: [...args, '-r', '--end-of-options', commit], env: { GIT_DIR: historyFolder(repository, options) } },
    'E0203',
    `The change ${commit} of ${repository} cannot be read`,
  );
}

/** A repository that a killed process left locked is fetched anew: it is only a cache. */
async function fetchHistory(repository: string, options: CheckoutOptions): Promise<string> {
  const protocols = options.protocols ?? ['https', 'file'];
  checkAddress(repository, protocols);
  const folder = historyFolder(repository, options);
  await mkdir(options.cacheFolder, { recursive: true });
  if (!existsSync(join(folder, 'HEAD'))) await initBare(folder);
  const refs = ['+HEAD:refs/suture/main', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  const fetch = {
    args: ['fetch', '--quiet', '--prune', '--no-write-fetch-head', '--', repository, ...refs],
    env: { ...allowedProtocols(protocols), GIT_DIR: folder },
    timeoutSeconds: options.timeoutSeconds ?? 600,
  };
  const answer = await git(fetch);
  if (answer.exitCode === 0) return folder;
  await rm(folder, { recursive: true, force: true });
  await initBare(folder);
  await gitOrFail(fetch, 'E0203', `The history of ${repository} cannot be fetched`, unsearched(repository));
  return folder;
}

function unsearched(repository: string): FailureDetail {
  return {
    at: repository,
    kept: 'releases are watched all the same; only fixes that were not released yet may go unseen',
    hint: 'look whether the repository moved; it is asked again at a later look',
  };
}

async function initBare(folder: string): Promise<void> {
  await gitOrFail({ args: ['init', '--bare', '--quiet', folder] }, 'E0804', 'The source cache cannot be written');
}

function historyFolder(repository: string, options: CheckoutOptions): string {
  const key = createHash('sha256').update(repository).digest('hex').slice(0, 24);
  return join(options.cacheFolder, `${key}-history.git`);
}

/** CVE-2099-1 is not named where CVE-2099-10 is. */
function names(entry: string, id: string): boolean {
  const escaped = id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'i').test(entry);
}

function parseCommit(entry: string): Omit<MentioningCommit, 'ids'> {
  const [commit = '', authored = '0', committed = '0', subject = ''] = entry.split('\n');
  const instant = (seconds: string) => Temporal.Instant.fromEpochMilliseconds(Number(seconds) * 1000);
  return { commit: commit.trim(), subject, authoredAt: instant(authored), committedAt: instant(committed) };
}
