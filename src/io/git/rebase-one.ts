import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { CatalogFolder } from './catalog-repository.ts';
import { commitTree, idOf } from './commit-on-branch.ts';
import { git, gitOrFail, gitText } from './git.ts';
import { readDates } from './object-dates.ts';

/**
 * The change of one commit, made again on top of another; file by file, with git's three-way merge where both changed
 * a file. The same two commits give the same result. E0804 when they changed the same lines. (git merge-tree could do
 * this in one call from 2.40 on.)
 */
export async function rebaseOne(catalog: CatalogFolder, commit: string, onto: string): Promise<string> {
  const cwd = catalog.folder;
  const base = await idOf(cwd, `${commit}^1`);
  if (base === undefined) throw new Failure('E0804', `${commit} is no change that could be put on ${onto}`);
  const scratch = await mkdtemp(join(tmpdir(), 'suture-rebase-'));
  try {
    const env = { GIT_INDEX_FILE: join(scratch, 'index') };
    await gitText({ args: ['read-tree', onto], cwd, env }, 'E0804', 'The catalog cannot be read');
    for (const change of await changesOf(cwd, base, commit)) {
      const id = await mergedFile({ cwd, scratch, base, commit, onto, path: change.path });
      const words =
        id === undefined
          ? ['--force-remove', '--', change.path]
          : ['--add', '--cacheinfo', `${change.mode},${id},${change.path}`];
      await gitText({ args: ['update-index', ...words], cwd, env }, 'E0804', `${change.path} cannot be merged`);
    }
    const tree = await gitText({ args: ['write-tree'], cwd, env }, 'E0804', 'The merge cannot be stored');
    const message = await gitText(
      { args: ['log', '-1', '--format=%B', commit, '--'], cwd },
      'E0804',
      'A change cannot be read',
    );
    return await commitTree(catalog, { tree, parent: onto, message, at: await committedAt(cwd, commit) });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function committedAt(cwd: string, commit: string): Promise<Temporal.Instant> {
  const folder = await gitText({ args: ['rev-parse', '--absolute-git-dir'], cwd }, 'E0804', `${cwd} cannot be read`);
  return (await readDates(folder, { objectId: commit, commit })).committedAt;
}

/** Paths from the top of the repository, with the mode after the change. */
async function changesOf(cwd: string, base: string, commit: string) {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--no-relative', base, commit];
  const text = await gitText({ args, cwd }, 'E0804', 'A change cannot be read');
  const fields = text.split('\0').filter((field) => field !== '');
  return fields.flatMap((field, i) =>
    field.startsWith(':') ? [{ mode: field.split(' ')[1] ?? '100644', path: fields[i + 1] ?? '' }] : [],
  );
}

interface FileMerge {
  readonly cwd: string;
  readonly scratch: string;
  readonly base: string;
  readonly commit: string;
  readonly onto: string;
  readonly path: string;
}

/** Id of the merged content; undefined when the file goes. */
async function mergedFile(merge: FileMerge): Promise<string | undefined> {
  const { cwd, path } = merge;
  const base = await idOf(cwd, `${merge.base}:${path}`);
  const theirs = await idOf(cwd, `${merge.commit}:${path}`);
  const ours = await idOf(cwd, `${merge.onto}:${path}`);
  if (ours === base || ours === theirs) return theirs;
  if (base === undefined || theirs === undefined || ours === undefined) throw conflict(path);
  const files = await Promise.all(
    [ours, base, theirs].map(async (id, i) => {
      const file = join(merge.scratch, String(i));
      await writeFile(
        file,
        await gitOrFail({ args: ['cat-file', 'blob', id], cwd }, 'E0804', `${path} cannot be read`),
      );
      return file;
    }),
  );
  const merged = await git({ args: ['merge-file', '-p', '--quiet', ...files], cwd: merge.scratch });
  if (merged.exitCode !== 0) throw conflict(path);
  const store = { args: ['hash-object', '-w', '--stdin'], cwd, stdin: merged.stdout };
  return gitText(store, 'E0804', `${path} cannot be stored`);
}

function conflict(path: string): Failure {
  return new Failure('E0804', `${path} was changed on main and by the proposed change in the same lines`, {
    at: path,
    kept: 'files and branches are as they were',
    hint: 'the change is proposed again from the new main',
    retryable: true,
  });
}
