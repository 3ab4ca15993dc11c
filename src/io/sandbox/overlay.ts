import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Failure } from '../../core/failure.ts';
import type { SandboxOverlay } from './sandbox.ts';

/**
 * The root that a run sees: a throwaway tree `into` with the overlay's files over the root's. Files of a read-only result are hard links (nothing is copied); a writable result is copied, so that no write reaches the root.
 * What the kernel can lay over each other by itself does not come here: see mount-overlay.ts.
 */
export async function layRoot(root: string, overlay: SandboxOverlay, into: string): Promise<string> {
  await lay(root, into, overlay.writable ? copy : linkOrCopy);
  await lay(overlay.folder, into, overlay.writable ? copy : linkOrCopy);
  return into;
}

type Place = (from: string, to: string) => void;

/** Its calls wait, as those of `TreeWriter` do and for the same reason; others have their turn after each folder. */
async function lay(from: string, to: string, place: Place): Promise<void> {
  const isNew = makeFolder(from, to);
  const clear = isNew ? () => {} : (target: string) => rmSync(target, { force: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      await lay(source, target, place);
    } else if (entry.isSymbolicLink()) {
      clear(target);
      symlinkSync(readlinkSync(source), target);
    } else if (entry.isFile()) {
      clear(target);
      place(source, target);
    }
  }
  await setImmediate();
}

/** Whether it was not there before. */
function makeFolder(from: string, to: string): boolean {
  const found = lstatSync(to, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) {
    throw new Failure('E0402', `A folder lies over something else: ${to}`, { at: from });
  }
  if (found === undefined) mkdirSync(to);
  chmodSync(to, (lstatSync(from).mode & 0o777) | 0o700);
  return found === undefined;
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copy(from, to); // another file system, or not ours to link
  }
}

function copy(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
}
