import { mkdir } from 'node:fs/promises';
import { Failure } from '../../core/failure.ts';
import { invariant } from '../../core/invariant.ts';
import { git, gitOrFail } from './git.ts';

/** One commit of a made history: the whole tree that it leaves, and the tag that names it. */
export interface HistoryCommit {
  /** Branch that it is put on; a new branch starts at `from`, or at nothing. */
  readonly branch: string;
  /** A tag made earlier in the list. */
  readonly from?: string;
  /** All files after this commit, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
  readonly at: Temporal.Instant;
  /** Annotated, made at the same time. */
  readonly tag?: string;
}

/**
 * Makes a bare repository with the given history, in order; the same list gives the same ids everywhere. Running it
 * again adds what is missing, so a list may grow from call to call; a shorter one changes nothing. E0804 on trouble.
 */
export async function writeHistory(
  folder: string,
  author: { readonly name: string; readonly email: string },
  commits: readonly HistoryCommit[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const init = ['init', '--quiet', '--bare', '--initial-branch=main', folder];
  await gitOrFail({ args: init }, 'E0804', `${folder} cannot be made a repository`);
  if (await hasAll(folder, commits)) return;
  const answer = await git({
    args: ['fast-import', '--quiet', '--date-format=raw'],
    env: { GIT_DIR: folder },
    stdin: streamOf(author, commits),
  });
  if (answer.exitCode !== 0) throw new Failure('E0804', `The history in ${folder} is refused: ${answer.trouble}`);
}

async function hasAll(folder: string, commits: readonly HistoryCommit[]): Promise<boolean> {
  for (const { tag } of commits) {
    if (tag === undefined) continue;
    const args = ['rev-parse', '--verify', '--quiet', `refs/tags/${tag}`];
    if ((await git({ args, env: { GIT_DIR: folder } })).exitCode !== 0) return false;
  }
  return commits.at(-1)?.tag !== undefined;
}

/** The language of git-fast-import(1); commits are named by marks, their number in the list. */
function streamOf(
  author: { readonly name: string; readonly email: string },
  commits: readonly HistoryCommit[],
): Buffer {
  const started = new Set<string>();
  const parts = commits.map((commit, i) => {
    const date = `${author.name} <${author.email}> ${Math.trunc(commit.at.epochMilliseconds / 1000)} +0000`;
    const ref = `refs/heads/${commit.branch}`;
    const reset = started.has(ref) ? '' : `reset ${ref}\n${startOf(commit, commits)}\n`;
    started.add(ref);
    const files = [...commit.files].map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
    const head = `commit ${ref}\nmark :${i + 1}\nauthor ${date}\ncommitter ${date}\n${data(commit.message)}deleteall\n`;
    const tag = `\ntag ${commit.tag}\nfrom :${i + 1}\ntagger ${date}\n${data(`${commit.message}\n`)}`;
    return `${reset}${head}${files.join('')}${commit.tag === undefined ? '' : tag}`;
  });
  return Buffer.from(`feature done\n${parts.join('')}done\n`);
}

function startOf({ from }: HistoryCommit, commits: readonly HistoryCommit[]): string {
  if (from === undefined) return '';
  const mark = commits.findIndex(({ tag }) => tag === from) + 1;
  invariant(mark > 0, `the tag ${from} comes earlier in the history`);
  return `from :${mark}\n`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
