import { git } from './git.ts';

/** What a catalog is made of: io/catalog/read-files.ts. */
const PARTS = ['suture.yaml', 'policy.yaml', 'exceptions.yaml', 'recipes', 'lines', 'patches'];

/** Files of a catalog that are not as they are committed, by their paths in the repository; none where there is none. */
export async function uncommittedIn(folder: string): Promise<readonly string[]> {
  const args = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--', ...PARTS];
  const { exitCode, stdout } = await git({ args, cwd: folder });
  if (exitCode !== 0) return [];
  const entries = new TextDecoder().decode(stdout).split('\0');
  return entries.filter((entry) => entry !== '').map((entry) => entry.slice('XY '.length));
}
