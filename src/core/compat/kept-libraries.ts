import { leadsTo } from './leads-to.ts';
import type { ImageFacts } from './image-facts.ts';

/**
 * Whether a library of the image before, or a link beside it, may have another file name now: programs ask for the
 * soname, so `libexpat.so.1.8.10` may become `libexpat.so.1.9.2` while something answers to `libexpat.so.1`. The file
 * that is called like the soname is the one that the loader opens, and must stay.
 */
export function keptLibraries(previous: ImageFacts, next: ImageFacts): (path: string) => boolean {
  const answered = new Set([...next.files.values()].flatMap(({ library }) => library?.soname ?? []));
  return (path) => {
    const found = leadsTo(previous.files, path);
    const soname = found?.library?.soname;
    if (found === undefined || soname === undefined || !answered.has(soname)) return false;
    if (folderOf(found.path) !== folderOf(path)) return false;
    if (nameOf(path) !== soname) return true;
    return !isLoader(soname) && leadsTo(next.files, elsewhere(path))?.library?.soname === soname;
  };
}

/** /lib and /usr/lib are searched alike, and are one folder since Debian 12 (ld.so(8)). */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1).replace(/^usr\//, '');
}

function elsewhere(path: string): string {
  return path.startsWith('usr/') ? path.slice('usr/'.length) : `usr/${path}`;
}

/** Programs name their loader by its whole path (`/lib64/ld-linux-x86-64.so.2`), so no other place will do. */
function isLoader(soname: string): boolean {
  return soname.startsWith('ld-');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
