import { digestOf } from '../../core/digest.ts';
import { invariant } from '../../core/invariant.ts';
import { encodeSection } from './encode-section.ts';
import type { SectionInput } from './encode-section.ts';
import { joinSections } from './index-file.ts';
import type { FiledSection } from './index-file.ts';

/**
 * Advisories as one immutable file in which a version is looked up without reading it whole. A section for each source,
 * made from its records alone: of several versions of a record in it the last one counts, a withdrawn one says nothing.
 */
export function encodeIndex(sections: Iterable<SectionInput>): Uint8Array {
  return joinSections([...encoded(sections).values()]);
}

function encoded(sections: Iterable<SectionInput>): ReadonlyMap<string, FiledSection> {
  const filed = new Map<string, FiledSection>();
  for (const section of sections) {
    invariant(!filed.has(section.source), `${section.source} is one section`);
    const bytes = encodeSection(section);
    filed.set(section.source, { bytes, digest: digestOf(bytes) });
  }
  return filed;
}
