import { findingsAbout } from './findings-about.ts';
import { keptLibraries } from './kept-libraries.ts';
import { leadsTo } from './leads-to.ts';
import { isAlternative, mayGo } from './own-state.ts';
import { replacedVersions } from './replaced-versions.ts';
import type { CompatibilityFinding } from './compare-images.ts';
import type { FileFact, ImageFacts } from './image-facts.ts';

/**
 * Files and links that lead nowhere any more. What carries a version in its name is kept when it is there under the new
 * version, and a library when its soname is still answered to.
 */
export function removedFiles(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const renamed = replacedVersions(previous.packages, next.packages);
  const isLibraryKept = keptLibraries(previous, next);
  const isThere = (path: string) => next.files.has(path) || leadsTo(next.files, path) !== undefined;
  const gone = [...previous.files.values()]
    .filter((file) => file.kind !== 'directory' && !isThere(file.path) && !promisesNothing(file))
    .filter(({ path }) => !isLibraryKept(path) && !renamed(path).some(isThere));
  return findingsAbout(
    'file-removed',
    gone.map((file) => `/${file.path}`),
    (count) =>
      count === 1 ? '1 file that the image before had is gone' : `${count} files that the image before had are gone`,
  );
}

/** The alternative of a manual page goes with the page. */
function promisesNothing({ path, kind, content }: FileFact): boolean {
  return mayGo(path) || (kind === 'symlink' && isAlternative(path) && mayGo(content.replace(/^\/+/, '')));
}
