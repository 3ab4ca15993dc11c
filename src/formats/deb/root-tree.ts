import { inWalkOrder } from '../apk/package-tree.ts';
import type { TarEntry } from '../tar/entry.ts';
import { databaseFormat } from './package-files.ts';
import type { MaintainerWork } from './maintainer-work.ts';
import { standIn } from './stand-in.ts';
import { mergedFolders } from './usr-merge.ts';

/** All that a root needs to know of a package once its files are written. */
export interface RootPackage {
  readonly work: MaintainerWork;
  /** Its record in dpkg's database. */
  readonly record: string;
}

/**
 * What no package brings to a root to build in: the links of merged /usr, what stands in for maintainer scripts, accounts
 * of root and of the one who builds, dpkg's database. In the order of a walk, and without folders that are there.
 */
export function rootTree(packages: readonly RootPackage[], has: (path: string) => boolean): readonly TarEntry[] {
  const made = standIn(
    packages.map(({ work }) => work),
    { has, mtime: 0 },
  );
  const links = mergedFolders.filter((name) => has(`usr/${name}`) && !has(name));
  const folders = ['dev', 'etc', 'home/build', 'proc', 'root', 'tmp', 'usr', 'var/lib/dpkg'];
  return [
    ...made.entries,
    ...links.map((name) => link(name, `usr/${name}`)),
    ...folders.filter((path) => !has(path)).map(folder),
    file('etc/passwd', [...made.passwd, 'build:x:1000:1000:build:/home/build:/bin/sh']),
    file('etc/group', [...made.group, 'build:x:1000:']),
    file('var/lib/dpkg/status', [packages.map(({ record }) => record).join('')]),
    databaseFormat(0),
  ].toSorted(inWalkOrder);
}

function folder(path: string): TarEntry {
  return { path, kind: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 0 };
}

function link(path: string, linkTarget: string): TarEntry {
  return { path, kind: 'symlink', mode: 0o777, uid: 0, gid: 0, mtime: 0, linkTarget };
}

function file(path: string, lines: readonly string[]): TarEntry {
  const text = lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join('');
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, content: Buffer.from(text) };
}
