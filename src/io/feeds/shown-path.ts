import { isAbsolute, relative } from 'node:path';

/** As somebody who works here would write it: relative to the current folder when it lies inside. */
export function shownPath(path: string): string {
  const shorter = relative(process.cwd(), path);
  return shorter === '' || shorter.startsWith('..') || isAbsolute(shorter) ? path : shorter;
}
