import { Failure } from '../../core/failure.ts';
import type { CatalogFolder } from './catalog-repository.ts';
import { branchRef, idOf, moveRef } from './commit-on-branch.ts';
import { git, gitText } from './git.ts';
import { rebaseOne } from './rebase-one.ts';

/**
 * Brings a branch of ours to main (the branch that is checked out): fast-forward, or, when main went on, its one
 * commit put on top. The work tree follows. E0804, with nothing changed, when tracked files have changes of their own
 * or both sides changed the same lines. Safe to run again, also after being killed half-way. Returns main's commit.
 */
export async function mergeBranch(catalog: CatalogFolder, branch: string, expected?: string): Promise<string> {
  const cwd = catalog.folder;
  const main = await mainBranch(cwd);
  const tip = await idOf(cwd, `${branchRef(branch)}^{commit}`);
  if (tip === undefined) throw new Failure('E0804', `The catalog has no branch ${branch}`, { at: cwd });
  if (await isAncestor(cwd, tip, main.commit)) return main.commit;
  if (expected !== undefined && tip !== expected) {
    throw new Failure('E0804', `The branch ${branch} is not what was built`, {
      at: cwd,
      why: `it is at ${tip}, built was ${expected}`,
      kept: 'nothing was merged',
      hint: `look at the branch, or delete it: git branch -D ${branch}`,
    });
  }

  const target = (await isAncestor(cwd, main.commit, tip)) ? tip : await rebaseOne(catalog, tip, main.commit);
  if (!main.bare) await moveWorkTree(cwd, main.commit, target);
  await moveRef(cwd, { ref: main.ref, to: target, from: main.commit, why: `merge ${branch}` });
  return target;
}

interface MainBranch {
  readonly ref: string;
  readonly commit: string;
  readonly bare: boolean;
}

async function mainBranch(cwd: string): Promise<MainBranch> {
  const ref = await gitText(
    { args: ['symbolic-ref', '--quiet', 'HEAD'], cwd },
    'E0804',
    `${cwd} has no branch checked out`,
  );
  const commit = await idOf(cwd, `${ref}^{commit}`);
  if (commit === undefined) throw new Failure('E0804', `${cwd} has no commit yet`, { hint: 'commit the catalog' });
  const bare = await gitText({ args: ['rev-parse', '--is-bare-repository'], cwd }, 'E0804', `${cwd} cannot be read`);
  return { ref, commit, bare: bare === 'true' };
}

export async function isAncestor(cwd: string, ancestor: string, commit: string): Promise<boolean> {
  const answer = await git({ args: ['merge-base', '--is-ancestor', ancestor, commit], cwd });
  if (answer.exitCode > 1) throw new Failure('E0804', `The history of the catalog cannot be read: ${answer.trouble}`);
  return answer.exitCode === 0;
}

/** Files first, branch second: killed in between, the files are already those of the target, and that is recognised. */
async function moveWorkTree(folder: string, from: string, to: string): Promise<void> {
  const cwd = await gitText({ args: ['rev-parse', '--show-toplevel'], cwd: folder }, 'E0804', `${folder} has no files`);
  await git({ args: ['update-index', '-q', '--refresh'], cwd });
  if (await isWorkTreeAt(cwd, to)) return;
  if (!(await isWorkTreeAt(cwd, from))) {
    throw new Failure('E0804', 'The catalog has changes that are not committed, so nothing can be merged into it', {
      at: cwd,
      kept: 'files and branches are as they were',
      hint: `git -C ${cwd} status`,
      retryable: true,
    });
  }
  const answer = await git({ args: ['read-tree', '-m', '-u', from, to], cwd });
  if (answer.exitCode !== 0) {
    throw new Failure('E0804', `The files of the catalog cannot follow a merge: ${answer.trouble}`, {
      at: cwd,
      kept: 'files and branches are as they were',
      hint: `git -C ${cwd} status`,
      retryable: true,
    });
  }
}

/** Tracked files and index are those of the commit; files that git does not know do not matter. */
async function isWorkTreeAt(cwd: string, commit: string): Promise<boolean> {
  const index = await git({ args: ['diff-index', '--quiet', '--cached', commit, '--'], cwd });
  const files = await git({ args: ['diff-files', '--quiet'], cwd });
  return index.exitCode === 0 && files.exitCode === 0;
}
