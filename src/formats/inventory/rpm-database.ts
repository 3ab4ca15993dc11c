/**
 * Where rpm keeps what is installed: SQLite since 4.16, before that Berkeley DB, at SUSE its own format. None of them is read, and
 * whoever is silent about that would pass a whole distribution for clean.
 */
export function isRpmDatabase(path: string): boolean {
  const slash = path.lastIndexOf('/');
  return FOLDERS.has(path.slice(0, slash)) && FILES.has(path.slice(slash + 1));
}

const FOLDERS: ReadonlySet<string> = new Set(['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm']);
const FILES: ReadonlySet<string> = new Set(['rpmdb.sqlite', 'Packages', 'Packages.db']);
