import { inWalkOrder } from '../apk/package-tree.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { DebPackage } from './read-deb.ts';
import { withMergedUsr } from './usr-merge.ts';

const FOLDER = 'var/lib/dpkg/info';

/**
 * The files of a package as they lie on a system, with the two lists that dpkg keeps beside its database: which files
 * belong to it (in the paths that it ships), and their checksums.
 */
export function packageFiles(deb: DebPackage): readonly TarEntry[] {
  const { info, files, md5sums } = deb;
  const name = info.multiArch === 'same' ? `${info.name}:${info.architecture}` : info.name;
  const mtime = Math.max(0, ...files.map((file) => file.mtime));
  const list = ['/.', ...files.map(({ path }) => `/${path}`)].map((line) => `${line}\n`).join('');
  const lists = [
    text(`${FOLDER}/${name}.list`, list, mtime),
    ...(md5sums === '' ? [] : [text(`${FOLDER}/${name}.md5sums`, md5sums, mtime)]),
  ];
  return [...withMergedUsr(files), ...lists].toSorted(inWalkOrder);
}

function text(path: string, content: string, mtime: number): TarEntry {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime, content: Buffer.from(content) };
}
