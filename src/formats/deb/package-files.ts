import { Failure } from '../../core/failure.ts';
import { inWalkOrder } from '../apk/package-tree.ts';
import type { TarEntry } from '../tar/entry.ts';
import { PathRegister } from '../tar/path-register.ts';
import { withoutHardlinks } from '../tar/without-hardlinks.ts';
import type { DebPackage } from './read-deb.ts';
import { withMergedUsr } from './usr-merge.ts';

const FOLDER = 'var/lib/dpkg/info';

/**
 * The files of a package as they lie on a system, with the two lists that dpkg keeps beside its database: which files
 * belong to it (in the paths that it ships), and their checksums. E0404 where merged /usr makes one file lie below another.
 */
export function packageFiles(deb: DebPackage): readonly TarEntry[] {
  const { info, files, md5sums } = deb;
  const name = info.multiArch === 'same' ? `${info.name}:${info.architecture}` : info.name;
  const mtime = newestOf(files);
  const list = ['/.', ...files.map(({ path }) => `/${path}`)].map((line) => `${line}\n`).join('');
  const lists = [
    text(`${FOLDER}/${name}.list`, list, mtime),
    ...(md5sums === '' ? [] : [text(`${FOLDER}/${name}.md5sums`, md5sums, mtime)]),
  ];
  const tree = new Map([...withMergedUsr(withoutHardlinks(files)), ...lists].map((entry) => [entry.path, entry]));
  return checked(withHardlinks([...tree.values()].toSorted(inWalkOrder)), info.name);
}

/** Unix seconds: when the newest of the files was made. */
export function newestOf(files: readonly TarEntry[]): number {
  return files.reduce((newest, { mtime }) => Math.max(newest, mtime), 0);
}

/** Which says that lists of files may carry an architecture in their names: `libc6:amd64.list`. */
export function databaseFormat(mtime: number): TarEntry {
  return text(`${FOLDER}/format`, '1\n', mtime);
}

function text(path: string, content: string, mtime: number): TarEntry {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime, content: Buffer.from(content) };
}

/** Of the names of one file the first in this order holds the content: a layer is unpacked from front to back. */
function withHardlinks(entries: readonly TarEntry[]): readonly TarEntry[] {
  const firsts = new Map<Uint8Array, string>();
  return entries.map((entry) => {
    if (entry.content === undefined) return entry;
    const { content, ...rest } = entry;
    const first = firsts.get(content);
    if (first !== undefined) return { ...rest, kind: 'hardlink', linkTarget: first };
    firsts.set(content, entry.path);
    return entry;
  });
}

/** What lay side by side in the package may have come to lie below a file or link. */
function checked(entries: readonly TarEntry[], name: string): readonly TarEntry[] {
  const register = new PathRegister();
  for (const entry of entries) {
    const problem = register.add(entry, false);
    if (problem !== undefined) {
      throw new Failure('E0404', `Package ${name} ${problem}, where /usr is merged`, { at: entry.path });
    }
  }
  return entries;
}
