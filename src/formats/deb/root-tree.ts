import { inWalkOrder } from '../apk/package-tree.ts';
import type { TarEntry } from '../tar/entry.ts';
import { withoutHardlinks } from '../tar/without-hardlinks.ts';
import { statusRecord } from './installed-database.ts';
import { maintainerWorkOf } from './maintainer-work.ts';
import { packageFiles } from './package-files.ts';
import type { DebPackage } from './read-deb.ts';
import { standIn } from './stand-in.ts';
import { mergedFolders } from './usr-merge.ts';

/**
 * One tree of many packages, as a system without a running dpkg has it: merged /usr, what stands in for maintainer
 * scripts, accounts of root and of the one who builds, dpkg's database. In the order of a walk; of a path that several
 * packages have, the last one's file counts.
 */
export function rootTree(debs: readonly DebPackage[]): readonly TarEntry[] {
  const tree = new Map<string, TarEntry>();
  for (const deb of debs) for (const entry of withoutHardlinks(packageFiles(deb))) put(tree, entry);
  const made = standIn(debs.map(maintainerWorkOf), { has: (path) => tree.has(path), mtime: 0 });
  for (const entry of made.entries) put(tree, entry);
  for (const name of mergedFolders) {
    if (tree.has(`usr/${name}`) && tree.get(name)?.kind !== 'symlink') put(tree, link(name, `usr/${name}`));
  }
  for (const path of ['dev', 'etc', 'home/build', 'proc', 'root', 'tmp', 'usr', 'var/lib/dpkg']) folder(tree, path);
  put(tree, file('etc/passwd', [...made.passwd, 'build:x:1000:1000:build:/home/build:/bin/sh']));
  put(tree, file('etc/group', [...made.group, 'build:x:1000:']));
  put(tree, file('var/lib/dpkg/status', [debs.map(statusRecord).join('')]));
  return [...tree.values()].toSorted(inWalkOrder);
}

function put(tree: Map<string, TarEntry>, entry: TarEntry): void {
  const there = tree.get(entry.path);
  if (entry.kind === 'directory' && there?.kind === 'directory') return;
  tree.set(entry.path, entry);
}

function folder(tree: Map<string, TarEntry>, path: string): void {
  put(tree, { path, kind: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 0 });
}

function link(path: string, linkTarget: string): TarEntry {
  return { path, kind: 'symlink', mode: 0o777, uid: 0, gid: 0, mtime: 0, linkTarget };
}

function file(path: string, lines: readonly string[]): TarEntry {
  const text = lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join('');
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, content: Buffer.from(text) };
}
