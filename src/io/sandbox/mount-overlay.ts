import { lstatSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { runBounded } from '../process/run-bounded.ts';
import { findProgram } from './find-program.ts';

/**
 * Words that mount a folder's files over a root at `at`, seen by nobody else and read-only, and then become the words that
 * follow; the mount goes with them. No file is linked or copied. Undefined where the kernel does not do that for this user:
 * privileges are needed, or a kernel from 5.11 with user namespaces (Documentation/filesystems/overlayfs.rst). E0402 when a
 * folder lies over something else, for the kernel would hide what is there.
 */
export async function overlayWords(root: string, folder: string, at: string): Promise<readonly string[] | undefined> {
  refuseHiding(root, folder);
  // Both signs mean something in the mount's own options.
  if (/[:,\\]/.test(root + folder)) return undefined;
  const [unshare, mount] = [await findProgram('unshare'), await findProgram('mount')];
  if (unshare === undefined || mount === undefined) return undefined;
  await mkdir(at, { recursive: true });
  const namespaces = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  const script = '"$1" -t overlay overlay -o "ro,lowerdir=$2:$3" "$4" && shift 4 && exec "$@"';
  const words = [unshare, ...namespaces, 'sh', '-c', script, 'overlay', mount, folder, root, at];
  return (await works(words)) ? words : undefined;
}

/** Files may take the place of files, folders only that of folders. */
function refuseHiding(root: string, folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const [over, under] = [join(folder, entry.name), join(root, entry.name)];
    const found = lstatSync(under, { throwIfNoEntry: false });
    if (found === undefined) continue;
    if (entry.isDirectory() !== found.isDirectory()) {
      const what = entry.isDirectory() ? 'A folder lies over something else' : 'Something else lies over a folder';
      throw new Failure('E0402', `${what}: ${under}`, { at: over });
    }
    if (entry.isDirectory()) refuseHiding(under, over);
  }
}

/** Asked for each root: what the kernel can lay over depends on the file system that it lies on. */
async function works(words: readonly string[]): Promise<boolean> {
  const run = await runBounded({
    command: [...words, 'true'],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    timeoutSeconds: 8,
    outputBytesMax: 4096,
    onOverflow: 'tail',
  });
  return run.exitCode === 0;
}
