import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crashPoint } from '../crash-point.ts';
import { git, gitOrFail } from './git.ts';

export interface FirstCommit {
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
  readonly at: Temporal.Instant;
}

/**
 * Makes a folder a repository whose first commit holds the given files; one that has a commit already stays as it is.
 * Files that are there are not overwritten. The same call at the same instant makes the same commit. E0804 on trouble.
 */
export async function startRepository(folder: string, first: FirstCommit): Promise<void> {
  if (await hasCommit(folder)) return;
  for (const [path, text] of first.files) await writeIfAbsent(join(folder, path), text);
  await gitOrFail(
    { args: ['init', '--quiet', '--initial-branch=main', folder] },
    'E0804',
    `${folder} cannot be made a repository`,
  );
  const call = (args: readonly string[], env = {}) =>
    gitOrFail({ args, cwd: folder, env }, 'E0804', `The first commit in ${folder} failed`);
  await call(['add', '--', ...first.files.keys()]);
  const date = `${Math.trunc(first.at.epochMilliseconds / 1000)} +0000`;
  await call(['commit', '--quiet', '--no-verify', '--no-gpg-sign', '-m', first.message], {
    GIT_AUTHOR_NAME: 'Suture',
    GIT_AUTHOR_EMAIL: 'suture@localhost',
    GIT_COMMITTER_NAME: 'Suture',
    GIT_COMMITTER_EMAIL: 'suture@localhost',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  });
  crashPoint('repository started');
}

async function hasCommit(folder: string): Promise<boolean> {
  const there = await readFile(join(folder, '.git', 'HEAD')).catch(() => undefined);
  if (there === undefined) return false;
  return (await git({ args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], cwd: folder })).exitCode === 0;
}

async function writeIfAbsent(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
