/**
 * Where rpm keeps what is installed: SQLite since 4.16, at SUSE its own form, before that Berkeley DB. The last is not read; whoever is
 * silent about it would pass a whole distribution for clean.
 */
export function isRpmDatabase(path: string): boolean {
  const slash = path.lastIndexOf('/');
  return FOLDERS.includes(path.slice(0, slash)) && FILES.includes(path.slice(slash + 1));
}

const FOLDERS: readonly string[] = ['usr/lib/sysimage/rpm', 'var/lib/rpm', 'usr/share/rpm'];
const READ: readonly string[] = ['rpmdb.sqlite', 'Packages.db'];
const FILES: readonly string[] = [...READ, 'Packages'];

/** Where those that are read may lie; the first that exists counts. */
export const rpmDatabasePaths: readonly string[] = FOLDERS.flatMap((folder) => READ.map((name) => `${folder}/${name}`));

/** What was written and is not yet in the database: rpm leaves it empty when it ends. */
export function isRpmJournal(path: string): boolean {
  return path.endsWith('.sqlite-wal') && rpmDatabasePaths.includes(path.slice(0, -'-wal'.length));
}
