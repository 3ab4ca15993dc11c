import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git, gitOrFail, gitText } from './git.ts';

/** Three commits: what was changed from the base is made again on top of another. */
export interface ThreeWay {
  readonly base: string;
  readonly changed: string;
  readonly onto: string;
}

export type MergedTree =
  | { readonly kind: 'merged'; readonly tree: string }
  /** Both sides changed these, in the same lines or by taking them away. */
  | { readonly kind: 'conflicts'; readonly paths: readonly string[] };

/**
 * The merged tree, file by file, with git's three-way merge where both changed a file; no work tree is needed, and the
 * same commits give the same tree. A file that comes is never taken for one that goes under another name: recipes are
 * much alike. (git merge-tree could do this in one call from 2.50 on, the first that can be told to look for no renames.)
 */
export async function mergeTrees(cwd: string, merge: ThreeWay): Promise<MergedTree> {
  const scratch = await mkdtemp(join(tmpdir(), 'suture-merge-'));
  try {
    const mine = new Map((await changesOf(cwd, merge.base, merge.onto)).map((change) => [change.path, change]));
    const entries: string[] = [];
    const paths: string[] = [];
    for (const theirs of await changesOf(cwd, merge.base, merge.changed)) {
      const id = await mergedId({ cwd, scratch }, theirs, mine.get(theirs.path));
      if (id === undefined) paths.push(theirs.path);
      else entries.push(`${GONE.test(id) ? '0' : theirs.mode} ${id}\t${theirs.path}\0`);
    }
    if (paths.length > 0) return { kind: 'conflicts', paths };
    const env = { GIT_INDEX_FILE: join(scratch, 'index') };
    await gitText({ args: ['read-tree', merge.onto], cwd, env }, 'E0804', 'The catalog cannot be read');
    const stdin = Buffer.from(entries.join(''));
    await gitOrFail({ args: ['update-index', '-z', '--index-info'], cwd, env, stdin }, 'E0804', 'A merge is refused');
    const tree = await gitText({ args: ['write-tree'], cwd, env }, 'E0804', 'The merge cannot be stored');
    return { kind: 'merged', tree };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A changed file, by its path from the top of the repository; an id of zeros where it is not there. */
interface Change {
  readonly path: string;
  /** After the change. */
  readonly mode: string;
  readonly before: string;
  readonly after: string;
}

const GONE = /^0+$/;

/** `:mode SP mode SP id SP id SP status NUL path NUL` (git-diff-tree(1) "RAW OUTPUT FORMAT"). */
async function changesOf(cwd: string, from: string, to: string): Promise<readonly Change[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--no-relative', from, to];
  const fields = (await gitText({ args, cwd }, 'E0804', 'A change cannot be read')).split('\0');
  return fields.flatMap((field, i) => {
    const [, mode, before, after] = /^:\d+ (\d+) ([0-9a-f]+) ([0-9a-f]+) [A-Z]$/.exec(field) ?? [];
    if (mode === undefined || before === undefined || after === undefined) return [];
    return [{ path: fields[i + 1] ?? '', mode, before, after }];
  });
}

/** Id of the merged content; undefined for a conflict. */
async function mergedId(
  at: { readonly cwd: string; readonly scratch: string },
  theirs: Change,
  mine: Change | undefined,
): Promise<string | undefined> {
  if (mine === undefined || mine.after === theirs.after) return theirs.after;
  if ([theirs.before, theirs.after, mine.after].some((id) => GONE.test(id))) return undefined;
  if (![theirs, mine].every(({ mode }) => mode.startsWith('10'))) return undefined;
  const files = await Promise.all(
    [mine.after, theirs.before, theirs.after].map(async (id, i) => {
      const file = join(at.scratch, String(i));
      const call = { args: ['cat-file', 'blob', id], cwd: at.cwd };
      await writeFile(file, await gitOrFail(call, 'E0804', `${theirs.path} cannot be read`));
      return file;
    }),
  );
  const merged = await git({ args: ['merge-file', '-p', '--quiet', ...files], cwd: at.scratch });
  if (merged.exitCode !== 0) return undefined;
  const store = { args: ['hash-object', '-w', '--stdin'], cwd: at.cwd, stdin: merged.stdout };
  return gitText(store, 'E0804', `${theirs.path} cannot be stored`);
}
