import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The commit that is checked out, read from the repository's own files as gitrepository-layout(5) describes them: a
 * factory asks in every turn, and a process for each answer would cost more than the turn. Undefined for whatever is not
 * the plain case (a folder within a repository, a linked work tree, packed references): ask git then.
 */
export async function headFromFiles(gitFolder: string): Promise<string | undefined> {
  const head = await textOf(join(gitFolder, 'HEAD'));
  const [, branch] = /^ref: (refs\/heads\/[\w./+-]+)\n$/.exec(head ?? '') ?? [];
  if (branch === undefined || branch.includes('..')) return undefined;
  const id = await textOf(join(gitFolder, branch));
  return id !== undefined && /^[0-9a-f]{40,64}\n$/.test(id) ? id.trim() : undefined;
}

/** Undefined also where a file of that name is a folder, or `.git` a file. */
function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
