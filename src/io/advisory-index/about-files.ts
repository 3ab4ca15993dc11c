import type { Failure } from '../../core/failure.ts';
import { type KeptFile, newer, PROBLEMS_KEPT } from './kept-file.ts';
import type { AboutPart } from './open-part.ts';
import { problemText } from './read-files.ts';

/** All files of a part together, in their order; and what cannot be read and is of none of them. */
export function aboutFiles(
  files: readonly KeptFile[],
  { problems, links }: { readonly problems: readonly Failure[]; readonly links: number },
): AboutPart {
  const ecosystems = new Set<string>();
  // A damaged zip is noticed when it is listed, and again when it is read.
  const words = [...new Set(problems.map(problemText))];
  let [records, broken, statements, versionless] = [0, words.length, 0, 0];
  let newestModified: string | null = null;
  for (const file of files) {
    records += file.records;
    broken += file.broken;
    statements += file.statements;
    versionless += file.versionless;
    if (file.newest !== null) newestModified = newer(newestModified, file.newest);
    for (const each of file.ecosystems) ecosystems.add(each);
    if (words.length < PROBLEMS_KEPT) words.push(...file.problems);
  }
  return {
    records,
    broken,
    problems: words.slice(0, PROBLEMS_KEPT),
    newestModified,
    statements,
    passedOver: { links, versionless },
    ecosystems: [...ecosystems].toSorted(),
  };
}
