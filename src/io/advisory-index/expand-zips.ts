import type { Failure } from '../../core/failure.ts';
import { isZip, zipMembers } from '../feeds/zip-feed.ts';
import type { FeedSourcePart } from './feed-sources.ts';
import type { FullLook, PartFile } from './look-at-part.ts';

/** A zip with what lies in it, which is known as long as the zip has the same mark. */
export interface ListedZip {
  readonly name: string;
  readonly mark: string;
}

/** All that may hold records in a part, in the order of names. */
export interface PartItems {
  readonly files: readonly PartFile[];
  readonly zips: readonly ListedZip[];
  /** What cannot be listed, and belongs to no file. */
  readonly problems: readonly Failure[];
}

/** What a look found, with the members of zips in their place; `known` tells those of a zip that is as it was. */
export async function expandZips(
  part: FeedSourcePart,
  look: Pick<FullLook, 'files' | 'problems'>,
  known: (zip: ListedZip) => readonly PartFile[] | undefined = () => undefined,
): Promise<PartItems> {
  const files: PartFile[] = [];
  const zips: ListedZip[] = [];
  const problems = [...look.problems];
  for (const file of look.files) {
    if (!(await holdsMembers(part, file))) {
      if (part.kind === 'file' || isItem(file.name)) files.push(file);
      continue;
    }
    zips.push({ name: file.name, mark: file.mark });
    const kept = known(file);
    const { members, problem } =
      kept === undefined ? await zipMembers({ name: file.name, isItem }) : { members: kept, problem: null };
    for (const member of members) files.push(member);
    if (problem !== null) problems.push(problem);
  }
  return { files: files.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)), zips, problems };
}

/** A file that is a part is looked into; of those in a folder the name tells. */
async function holdsMembers(part: FeedSourcePart, { name }: PartFile): Promise<boolean> {
  return part.kind === 'file' ? isZip(name).catch(() => false) : name.endsWith('.zip');
}

/** Of what lies in a folder or zip. A file that is named by itself is one whatever its name. */
function isItem(path: string): boolean {
  if (path.split('/').includes('.git')) return false;
  return /\.(?:json|ya?ml|md|csv|gz)$|\/(?:list|DSA|DLA|DTSA)$|(?:DSA|DLA|DTSA)\.(?:list|txt)$/.test(path);
}
