import { digestOf } from '../../core/digest.ts';
import type { Digest } from '../../core/digest.ts';
import { asked } from './asked.ts';
import { splitSections } from './index-file.ts';
import type { FiledSection } from './index-file.ts';
import type { IndexHit, IndexQuery } from './index-hit.ts';
import { damagedIndex } from './layout.ts';
import { lookUp } from './look-up.ts';
import { recordsAbout } from './records-about.ts';
import { Section } from './section.ts';

export interface AdvisoryIndex {
  readonly lookup: (query: IndexQuery) => readonly IndexHit[];
  /** Of the content: equal for equal sections. */
  readonly digest: Digest;
  readonly sections: readonly IndexSection[];
  /** Places of the records that speak of a package in a stream, whatever the version, section by section. */
  readonly about: (query: Omit<IndexQuery, 'version'>) => readonly (readonly number[])[];
  /** Throws Failure E0803 unless every section is, byte for byte, what it was when the index was made. */
  readonly verify: () => void;
}

interface IndexSection extends FiledSection {
  readonly source: string;
  /** Versions of records, replaced and withdrawn ones included. */
  readonly records: number;
}

/**
 * An index over the bytes of a file, which must not change from now on: nothing is copied and nothing is parsed. Its
 * directory is compared with the digest at once, the sections only by `verify`. Of bytes that are no index, or that
 * lie, it makes a Failure E0803, here or when something is looked up.
 */
export function openIndex(file: Uint8Array): AdvisoryIndex {
  const { digest, sections: filed } = splitSections(file);
  const opened = filed.map(({ bytes }) => new Section(bytes));
  const sections = filed.map((section, number) => ({
    ...section,
    source: opened[number]?.source ?? '',
    records: opened[number]?.counts.records ?? 0,
  }));
  return {
    digest,
    sections,
    verify: () => verify(sections),
    about: (query) => opened.map((section) => recordsAbout(section, query)),
    lookup: (query) => {
      const question = asked(query);
      const hits: IndexHit[] = [];
      for (const section of opened) for (const hit of lookUp(section, question)) hits.push(hit);
      return hits;
    },
  };
}

function verify(sections: readonly IndexSection[]): void {
  for (const { source, bytes, digest } of sections) {
    if (digestOf(bytes) !== digest) throw damagedIndex(`its section ${source} does not match its digest`);
  }
}
