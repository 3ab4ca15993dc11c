/**
 * Where rpm keeps what is installed: SQLite since 4.16, before that Berkeley DB, at SUSE its own format. Only the first is read; whoever
 * is silent about the others would pass a whole distribution for clean.
 */
export function isRpmDatabase(path: string): boolean {
  const slash = path.lastIndexOf('/');
  return FOLDERS.includes(path.slice(0, slash)) && FILES.has(path.slice(slash + 1));
}

/** Where the one that is read may lie; the first that exists counts. */
export const rpmDatabasePaths: readonly string[] = ['usr/lib/sysimage/rpm', 'var/lib/rpm', 'usr/share/rpm'].map(
  (folder) => `${folder}/rpmdb.sqlite`,
);

/** What was written and is not yet in the database: rpm leaves it empty when it ends. */
export function isRpmJournal(path: string): boolean {
  return path.endsWith('-wal') && rpmDatabasePaths.includes(path.slice(0, -'-wal'.length));
}

const FOLDERS: readonly string[] = rpmDatabasePaths.map((path) => path.slice(0, path.lastIndexOf('/')));
const FILES: ReadonlySet<string> = new Set(['rpmdb.sqlite', 'Packages', 'Packages.db']);
