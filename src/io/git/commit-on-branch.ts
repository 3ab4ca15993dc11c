import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { crashPoint } from '../crash-point.ts';
import type { CatalogFolder } from './catalog-repository.ts';
import { git, gitText } from './git.ts';

export interface BranchChange {
  readonly branch: string;
  /** Commit or branch that it starts from; default: what is checked out. */
  readonly base?: string;
  /** New texts by path, relative to the catalog. */
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
  /** Date of author and committer: the same change at the same time is the same commit. */
  readonly at: Temporal.Instant;
}

/**
 * One commit on top of the base, on a branch of ours that it replaces; no work tree is touched. A branch that already
 * holds this very change on this base is left alone, whatever its date. Returns the commit's id; E0804 otherwise.
 */
export async function commitOnBranch(catalog: CatalogFolder, change: BranchChange): Promise<string> {
  const cwd = catalog.folder;
  const ref = branchRef(change.branch);
  const base = await idOf(cwd, `${change.base ?? 'HEAD'}^{commit}`);
  if (base === undefined)
    throw new Failure('E0804', `${cwd} has no commit to start from`, { hint: 'commit the catalog' });
  const tree = await treeWith(cwd, base, change.files);
  const before = await idOf(cwd, ref);
  if (before !== undefined && (await isSame(cwd, before, { base, tree, message: change.message }))) return before;

  const commit = await commitTree(catalog, { tree, parents: [base], message: change.message, at: change.at });
  if (commit !== before) await moveRef(cwd, { ref, to: commit, from: before ?? ZERO, why: 'change proposed' });
  return commit;
}

/** Where a ref that is not there yet is moved from. */
export const ZERO = '0'.repeat(40);

/** Makes a commit object; the identity is given, so that none needs to be configured. */
export function commitTree(
  catalog: CatalogFolder,
  commit: {
    readonly tree: string;
    readonly parents: readonly string[];
    readonly message: string;
    readonly at: Temporal.Instant;
  },
): Promise<string> {
  return gitText(
    {
      args: ['commit-tree', commit.tree, ...commit.parents.flatMap((parent) => ['-p', parent]), '-F', '-'],
      cwd: catalog.folder,
      env: { ...identity(catalog), ...dates(commit.at) },
      stdin: Buffer.from(commit.message),
    },
    'E0804',
    'The change cannot be committed',
  );
}

/** Moves a ref if it still is where it was (git-update-ref(1)). */
export async function moveRef(
  cwd: string,
  move: { readonly ref: string; readonly to: string; readonly from: string; readonly why: string },
): Promise<void> {
  const answer = await git({
    args: ['update-ref', '-m', `suture: ${move.why}`, move.ref, move.to, move.from],
    cwd,
    env: identity({ folder: cwd }),
  });
  if (answer.exitCode !== 0) {
    throw new Failure('E0804', `${move.ref} cannot be moved: ${answer.trouble}`, {
      kept: 'it points where it did',
      retryable: true,
    });
  }
  crashPoint('git ref moved');
}

export async function idOf(cwd: string, revision: string): Promise<string | undefined> {
  const answer = await git({ args: ['rev-parse', '--verify', '--quiet', '--end-of-options', revision], cwd });
  return answer.exitCode === 0 ? new TextDecoder().decode(answer.stdout).trim() : undefined;
}

export function branchRef(branch: string): string {
  if (!/^[\w][\w./+-]{0,200}$/.test(branch) || /\.\.|\/\/|\.lock(\/|$)|[./]$|\/\./.test(branch)) {
    throw new Failure('E0804', `${JSON.stringify(branch)} cannot be the name of a branch`);
  }
  return `refs/heads/${branch}`;
}

/** The base's files with new texts, through an index of its own beside the repository's. */
async function treeWith(cwd: string, base: string, files: ReadonlyMap<string, string>): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'suture-index-'));
  try {
    const env = { GIT_INDEX_FILE: join(scratch, 'index') };
    await gitText({ args: ['read-tree', base], cwd, env }, 'E0804', 'The catalog cannot be read');
    const prefix = await gitText({ args: ['rev-parse', '--show-prefix'], cwd }, 'E0804', 'The catalog cannot be found');
    for (const [path, text] of files) {
      const id = await gitText(
        { args: ['hash-object', '-w', '--stdin'], cwd, stdin: Buffer.from(text) },
        'E0804',
        `${path} cannot be stored`,
      );
      const entry = `100644,${id},${prefix}${path}`;
      await gitText({ args: ['update-index', '--add', '--cacheinfo', entry], cwd, env }, 'E0804', `${path} is refused`);
    }
    return await gitText({ args: ['write-tree'], cwd, env }, 'E0804', 'The change cannot be stored');
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function isSame(
  cwd: string,
  commit: string,
  wanted: { readonly base: string; readonly tree: string; readonly message: string },
): Promise<boolean> {
  const format = '--format=%T %P%n%B';
  const text = await gitText({ args: ['log', '-1', format, commit, '--'], cwd }, 'E0804', 'A branch cannot be read');
  return text === `${wanted.tree} ${wanted.base}\n${wanted.message}`.trim();
}

function identity(catalog: CatalogFolder): Readonly<Record<string, string>> {
  const { name, email } = catalog.author ?? { name: 'Suture', email: 'suture@localhost' };
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}

/** The `@` tells seconds from a date written in digits (git's date.c, match_object_header_date). */
function dates(at: Temporal.Instant): Readonly<Record<string, string>> {
  const date = `@${Math.trunc(at.epochMilliseconds / 1000)} +0000`;
  return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
}
