import type { AvailablePackage } from '../../core/resolve/available-package.ts';
import { statusRecord } from '../../formats/deb/installed-database.ts';
import { maintainerWorkOf } from '../../formats/deb/maintainer-work.ts';
import { packageFiles } from '../../formats/deb/package-files.ts';
import { PathOwners } from '../../formats/deb/path-owners.ts';
import type { DebPackage } from '../../formats/deb/read-deb.ts';
import { type RootPackage, rootTree } from '../../formats/deb/root-tree.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { withoutHardlinks } from '../../formats/tar/without-hardlinks.ts';
import { TreeWriter } from '../sandbox/write-tree.ts';
import type { PackageDownloads } from './apt-downloads.ts';
import { openDebFile } from './open-deb.ts';
import { readAhead } from './read-ahead.ts';

/** Opening keeps a processor busy for each, and what is open lies in memory, unpacked to four times its size. */
const AHEAD = { itemsMax: 3, bytesMax: 32 * 1024 ** 2 };

/**
 * Unpacks packages into an empty folder, by dpkg's rules for paths that several of them bring, and puts over them what their
 * scripts would have made. Of each no more is kept than what that needs. Answers with the text of all their shlibs files.
 */
export async function unpackRoot(
  fresh: string,
  packages: readonly AvailablePackage[],
  files: PackageDownloads['files'],
): Promise<string> {
  const writer = new TreeWriter(fresh);
  const owners = new PathOwners();
  const kept: RootPackage[] = [];
  const shlibs: string[] = [];
  const items = packages.map((value) => ({ value, sizeBytes: value.file.sizeBytes }));
  const open = ({ name, version, file }: AvailablePackage) =>
    openDebFile(files.get(file.sha256) ?? '', `${name}_${version}.deb`);
  for await (const [one, deb] of readAhead(items, open, AHEAD)) {
    await writer.write(claimed(deb, { one, owners, writer }));
    kept.push({ work: maintainerWorkOf(deb), record: statusRecord(deb) });
    shlibs.push(deb.shlibs);
  }
  const rest = rootTree(kept, (path) => owners.has(path));
  for (const { path } of rest) if (owners.has(path)) writer.remove(path);
  await writer.write(rest);
  writer.finish();
  return shlibs.join('\n');
}

/** The files of a package that are to be written, room made for those that take another's place. */
function claimed(
  deb: DebPackage,
  { one, owners, writer }: { readonly one: AvailablePackage; readonly owners: PathOwners; readonly writer: TreeWriter },
): readonly TarEntry[] {
  const files = packageFiles(deb);
  const claims = files.map((entry) => owners.claim(entry, one));
  for (const [index, { path }] of files.entries()) if (claims[index] === 'in-place') writer.remove(path);
  // A hard link to a file that was left would be one to another package's.
  const isLeft = files.some(({ kind }, index) => kind !== 'directory' && claims[index] === 'left');
  return (isLeft ? withoutHardlinks(files) : files).filter((_, index) => claims[index] !== 'left');
}
