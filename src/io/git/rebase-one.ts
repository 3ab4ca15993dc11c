import { Failure } from '../../core/failure.ts';
import type { CatalogFolder } from './catalog-repository.ts';
import { commitTree, idOf } from './commit-on-branch.ts';
import { gitText } from './git.ts';
import { mergeTrees } from './merge-trees.ts';
import { readDates } from './object-dates.ts';

/**
 * The change of one commit, made again on top of another. The same two commits give the same result. E0804 when they
 * changed the same lines.
 */
export async function rebaseOne(catalog: CatalogFolder, commit: string, onto: string): Promise<string> {
  const cwd = catalog.folder;
  const base = await idOf(cwd, `${commit}^1`);
  if (base === undefined) throw new Failure('E0804', `${commit} is no change that could be put on ${onto}`);
  const merged = await mergeTrees(cwd, { base, changed: commit, onto });
  if (merged.kind === 'conflicts') throw conflict(merged.paths);
  const message = await gitText(
    { args: ['log', '-1', '--format=%B', commit, '--'], cwd },
    'E0804',
    'A change cannot be read',
  );
  return commitTree(catalog, { tree: merged.tree, parents: [onto], message, at: await committedAt(cwd, commit) });
}

async function committedAt(cwd: string, commit: string): Promise<Temporal.Instant> {
  const folder = await gitText({ args: ['rev-parse', '--absolute-git-dir'], cwd }, 'E0804', `${cwd} cannot be read`);
  return (await readDates(folder, { objectId: commit, commit })).committedAt;
}

function conflict([path = '']: readonly string[]): Failure {
  return new Failure('E0804', `${path} was changed on main and by the proposed change in the same lines`, {
    at: path,
    kept: 'files and branches are as they were',
    hint: 'the change is proposed again from the new main',
    retryable: true,
  });
}
