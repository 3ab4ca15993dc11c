import type { Line } from '../../core/catalog/catalog.ts';
import type { FileFact } from '../../core/compat/image-facts.ts';
import type { Architecture } from '../../core/fact.ts';
import { apkArchitecture } from '../../formats/apk/architecture.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { groupText, passwdText } from './image-accounts.ts';
import type { PackageLayer } from './package-layer.ts';
import { TopTree } from './top-tree.ts';

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
export function apkTopLayer({ packages, line, architecture, owned }: TopLayerInput): TarEntry[] {
  const top = new TopTree(owned, Math.max(0, ...packages.map((one) => one.builtAt)));
  top.standardFolders(line);
  top.file(databasePath, packages.map((one) => one.record).join(''));
  if (owned.get('lib')?.kind !== 'symlink' && !owned.has('lib/apk')) top.link('lib/apk', '../usr/lib/apk');
  top.file('etc/apk/arch', `${apkArchitecture(architecture)}\n`);
  top.file(
    'etc/apk/world',
    line.packages
      .map((one) => `${one.name}\n`)
      .toSorted()
      .join(''),
  );
  if (!owned.has('etc/os-release') && !owned.has('usr/lib/os-release')) top.file('etc/os-release', osRelease);
  top.file(
    'etc/passwd',
    passwdText(
      packages.map((one) => one.accounts.passwd),
      line,
    ),
  );
  top.file(
    'etc/group',
    groupText(
      packages.map((one) => one.accounts.group),
      line,
    ),
  );
  return top.entries();
}

const databasePath = 'usr/lib/apk/db/installed';
const osRelease = 'ID=suture\nNAME="Suture"\nPRETTY_NAME="Suture"\n';
