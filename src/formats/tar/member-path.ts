const PATH_BYTES_MAX = 4096;
const SEGMENT_BYTES_MAX = 255;

/**
 * Why a member's path may not be used, or undefined when it may: relative, no `..`, no empty or `.` segment, no NUL,
 * within Linux's PATH_MAX and NAME_MAX. `./` in front must be gone already.
 */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'has a member without a name';
  if (path.startsWith('/')) return 'has a member with an absolute path';
  if (path.includes('\0')) return 'has a member with a NUL byte in its path';
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) return `has a member with a path of more than ${PATH_BYTES_MAX} bytes`;
  for (const segment of path.split('/')) {
    if (segment === '..') return 'has a member whose path climbs out with ".."';
    if (segment === '' || segment === '.') return 'has a member whose path is not in its plain form';
    if (Buffer.byteLength(segment) > SEGMENT_BYTES_MAX) return 'has a member with a file name of more than 255 bytes';
  }
  return undefined;
}

/** Whether a relative link at `path` would lead above the root of its tree. Absolute targets start at the root. */
export function climbsOut(path: string, target: string): boolean {
  const depth = target.startsWith('/') ? 0 : path.split('/').length - 1;
  let left = depth;
  for (const segment of target.split('/')) {
    if (segment === '..') left -= 1;
    else if (segment !== '' && segment !== '.') left += 1;
    if (left < 0) return true;
  }
  return false;
}
