import { git } from './git.ts';

/** Whether a folder lies in the work tree of some repository. */
export async function isInRepository(folder: string): Promise<boolean> {
  return (await git({ args: ['rev-parse', '--is-inside-work-tree'], cwd: folder })).exitCode === 0;
}
