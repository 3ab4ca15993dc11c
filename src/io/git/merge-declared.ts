import { Failure } from '../../core/failure.ts';
import { commitTree, idOf, moveRef, ZERO } from './commit-on-branch.ts';
import { gitText } from './git.ts';
import { isAncestor } from './merge-branch.ts';
import { mergeTrees } from './merge-trees.ts';

/** The two branches of a catalog whose changes are kept apart. */
const MAIN = 'refs/heads/main';
export const DECLARED = 'refs/heads/declared';

/**
 * Brings what the owner declared to main, where Suture's own merged changes are: a three-way merge without a work tree.
 * E0804, with main as it was, where both changed the same lines. Safe to run again; nothing to bring is a no-op.
 */
export async function mergeDeclared(gitFolder: string, at: Temporal.Instant): Promise<void> {
  const declared = await idOf(gitFolder, `${DECLARED}^{commit}`);
  const main = await idOf(gitFolder, `${MAIN}^{commit}`);
  if (declared === undefined || (main !== undefined && (await isAncestor(gitFolder, declared, main)))) return;
  const forward = main === undefined || (await isAncestor(gitFolder, main, declared));
  const to = forward ? declared : await merged(gitFolder, { main, declared, at });
  await moveRef(gitFolder, { ref: MAIN, to, from: main ?? ZERO, why: 'what was declared' });
}

interface Sides {
  readonly main: string;
  readonly declared: string;
  readonly at: Temporal.Instant;
}

async function merged(gitFolder: string, { main, declared, at }: Sides): Promise<string> {
  const call = { args: ['merge-base', main, declared], cwd: gitFolder };
  const base = await gitText(call, 'E0804', 'What was declared before cannot be found');
  const merge = await mergeTrees(gitFolder, { base, changed: declared, onto: main });
  if (merge.kind === 'conflicts') {
    const told = merge.paths.slice(0, NAMED_MAX).map((path) => storyOf(gitFolder, path));
    throw conflict(gitFolder, merge.paths, await Promise.all(told));
  }
  const message = 'Merge what was declared\n';
  return commitTree({ folder: gitFolder }, { tree: merge.tree, parents: [main, declared], message, at });
}

const NAMED_MAX = 5;

/** `recipes/hello.yaml was raised to 1.0.1 by Suture and edited by you`: the subject of its own change says to what. */
async function storyOf(gitFolder: string, path: string): Promise<string> {
  const subject = await gitText(
    { args: ['log', '-1', '--no-merges', '--format=%s', MAIN, `^${DECLARED}`, '--', path], cwd: gitFolder },
    'E0804',
    'The changes of the catalog cannot be read',
  );
  const [, version] = / -> (\S+)$/.exec(subject) ?? [];
  const there = await idOf(gitFolder, `${DECLARED}:${path}`);
  const bySuture = version === undefined ? 'changed' : `raised to ${version}`;
  return `${path} was ${bySuture} by Suture and ${there === undefined ? 'removed' : 'edited'} by you`;
}

function conflict(gitFolder: string, paths: readonly string[], stories: readonly string[]): Failure {
  const [first = ''] = paths;
  const more = paths.length > NAMED_MAX ? [`${paths.length - NAMED_MAX} more`] : [];
  return new Failure(
    'E0804',
    `What you changed does not go together with what Suture changed: ${[...paths.slice(0, NAMED_MAX), ...more].join(', ')}`,
    {
      at: first,
      why: stories.join('; '),
      kept: 'your files are as you left them, and what was in force before stays in force',
      hint: `take over Suture's text, and after the next run edit it again: git -C ${gitFolder} show main:${first} > ${first}`,
    },
  );
}
