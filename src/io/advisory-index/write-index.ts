import { encodeIndex, replaceSections } from '../../formats/advisory-index/encode-index.ts';
import type { SectionInput } from '../../formats/advisory-index/encode-section.ts';
import type { AdvisoryIndex } from '../../formats/advisory-index/open-index.ts';
import { writeFileDurably } from '../files/write-file-durably.ts';

/** Makes the file anew; with a base its other sections are taken over. Who has it open keeps what it was. */
export async function writeIndex(
  file: string,
  sections: Iterable<SectionInput>,
  { base }: { readonly base?: AdvisoryIndex } = {},
): Promise<void> {
  await writeFileDurably(file, base === undefined ? encodeIndex(sections) : replaceSections(base, sections));
}
