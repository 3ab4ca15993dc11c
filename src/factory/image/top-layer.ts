import { apkArchitecture } from '../../formats/apk/architecture.ts';
import { inWalkOrder } from '../../formats/apk/package-tree.ts';
import type { Line } from '../../core/catalog/catalog.ts';
import type { FileFact } from '../../core/compat/image-facts.ts';
import type { Architecture } from '../../core/fact.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { PackageLayer } from './package-layer.ts';

export interface TopLayerInput {
  readonly line: Line;
  readonly architecture: Architecture;
  /** In the order of names. */
  readonly packages: readonly PackageLayer[];
  /** What the packages bring, merged. */
  readonly owned: ReadonlyMap<string, FileFact>;
}

/**
 * What no package brings: the database of installed packages, the accounts, os-release, and the folders that running
 * needs. Times are those of the newest package, so that the layer depends on what is inside and not on when it was made.
 */
export function topLayer(input: TopLayerInput): TarEntry[] {
  const { packages, line, owned } = input;
  const mtime = Math.max(0, ...packages.map((one) => one.info.builtAt));
  const made = new Map<string, TarEntry>();
  const folder = (path: string, access: Partial<Access> = {}): void => {
    if (path === '' || owned.has(path) || made.has(path)) return;
    folder(parentOf(path));
    made.set(path, { path, kind: 'directory', mode: 0o755, uid: 0, gid: 0, ...access, mtime });
  };
  const file = (path: string, text: string): void => {
    folder(parentOf(path));
    made.set(path, { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime, content: Buffer.from(text) });
  };

  for (const path of ['dev', 'etc', 'proc', 'run', 'sys', 'usr', 'var']) folder(path);
  folder('root', { mode: 0o700 });
  folder('tmp', { mode: 0o1777 });
  folder('var/tmp', { mode: 0o1777 });
  userFolders(line, folder);
  file(databasePath, packages.map((one) => one.record).join(''));
  if (owned.get('lib')?.kind !== 'symlink' && !owned.has('lib/apk')) {
    folder('lib');
    made.set('lib/apk', {
      path: 'lib/apk',
      kind: 'symlink',
      mode: 0o777,
      uid: 0,
      gid: 0,
      mtime,
      linkTarget: '../usr/lib/apk',
    });
  }
  file('etc/apk/arch', `${apkArchitecture(input.architecture)}\n`);
  file(
    'etc/apk/world',
    line.packages
      .map((one) => `${one.name}\n`)
      .toSorted()
      .join(''),
  );
  if (!owned.has('etc/os-release') && !owned.has('usr/lib/os-release')) file('etc/os-release', osRelease);
  file('etc/passwd', withUser(packages, line));
  file('etc/group', withGroup(packages, line));
  return [...made.values()].toSorted(inWalkOrder);
}

interface Access {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const databasePath = 'usr/lib/apk/db/installed';
const osRelease = 'ID=suture\nNAME="Suture"\nPRETTY_NAME="Suture"\n';
const baseUsers = ['root:x:0:0:root:/root:/bin/sh', 'nobody:x:65534:65534:nobody:/:/bin/false'];
const baseGroups = ['root:x:0:', 'nobody:x:65534:'];

/** The user's home, and the folder that the image starts in: theirs, when no package brings them. */
function userFolders(line: Line, folder: (path: string, access?: Partial<Access>) => void): void {
  const own = line.user === null ? {} : { uid: line.user.uid, gid: line.user.gid };
  if (line.user !== null && line.user.uid !== 0) folder(`home/${line.user.name}`, { ...own, mode: 0o700 });
  folder(line.workDir.replace(/^\/+|\/+$/g, ''), own);
}

function withUser(packages: readonly PackageLayer[], line: Line): string {
  const user = line.user;
  const home = user === null || user.uid === 0 ? '/root' : `/home/${user.name}`;
  const own = user === null ? [] : [`${user.name}:x:${user.uid}:${user.gid}::${home}:/bin/sh`];
  return merged(
    packages.map((one) => one.accounts.passwd),
    [...baseUsers, ...own],
  );
}

function withGroup(packages: readonly PackageLayer[], line: Line): string {
  const own = line.user === null ? [] : [`${line.user.name}:x:${line.user.gid}:`];
  return merged(
    packages.map((one) => one.accounts.group),
    [...baseGroups, ...own],
  );
}

/** The first line of a name counts. */
function merged(brought: readonly string[], added: readonly string[]): string {
  const lines = [...brought.flatMap((text) => text.split('\n').filter((line) => line !== '')), ...added];
  const byName = new Map<string, string>();
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(':'));
    if (!byName.has(name)) byName.set(name, line);
  }
  return [...byName.values()].map((line) => `${line}\n`).join('');
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
