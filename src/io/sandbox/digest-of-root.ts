import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDigest } from '../../core/digest.ts';
import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { invariant } from '../../core/invariant.ts';

const FILES_MAX = 1_000_000;

/**
 * Digest of what a root folder holds: paths, kinds, permission bits, contents and link targets, in the order of a walk;
 * times and owners do not count. Equal roots on different machines have equal digests.
 */
export async function digestOfRoot(root: string): Promise<Digest> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const { path, line } of walk(root, '')) {
    count += 1;
    if (count > FILES_MAX) throw new Failure('E0205', `The build root has more than ${FILES_MAX} files`, { at: root });
    hash.update(`${JSON.stringify(path)} ${line}\n`);
  }
  const digest = parseDigest(`sha256:${hash.digest('hex')}`);
  invariant(digest !== undefined, 'a SHA-256 is a digest');
  return digest;
}

/**
 * A cheap mark that changes whenever a file of the root is replaced, written or renamed: enough to know that a digest
 * taken earlier in this process still holds. (Not the time of change: laying a package over the root makes hard links,
 * which move it.)
 */
export async function stampOfRoot(root: string): Promise<string> {
  const hash = createHash('sha256');
  const visit = async (folder: string): Promise<void> => {
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort(byName)) {
      const path = join(folder, entry.name);
      const { ino, size, mode, mtimeNs } = await lstat(path, { bigint: true });
      hash.update(`${path} ${ino} ${size} ${mode} ${mtimeNs}\n`);
      if (entry.isDirectory()) await visit(path);
    }
  };
  await visit(root);
  return hash.digest('hex');
}

async function* walk(root: string, below: string): AsyncGenerator<{ readonly path: string; readonly line: string }> {
  for (const entry of (await readdir(join(root, below), { withFileTypes: true })).sort(byName)) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const { mode } = await lstat(join(root, path));
    const bits = (mode & 0o7777).toString(8);
    if (entry.isDirectory()) {
      yield { path, line: `folder ${bits}` };
      yield* walk(root, path);
    } else if (entry.isSymbolicLink()) yield { path, line: `link ${JSON.stringify(await readlink(join(root, path)))}` };
    else if (entry.isFile()) yield { path, line: `file ${bits} ${await hashOfFile(join(root, path))}` };
    else yield { path, line: 'special' };
  }
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
