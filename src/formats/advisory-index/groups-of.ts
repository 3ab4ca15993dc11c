import type { Asked } from './asked.ts';
import { compareSpan, readSpan } from './heap-text.ts';
import type { Span } from './heap-text.ts';
import { SCHEME_CODES, damagedIndex } from './layout.ts';
import { groupIn } from './package-hash.ts';
import type { Section } from './section.ts';

/** Groups of a section that speak of the package: in its stream, and in all streams; one for each order of versions. */
export function groupsOf(section: Section, asked: Asked): readonly number[] {
  const groups: number[] = [];
  probe(section, asked, { hash: asked.packageHash, stream: null, groups });
  probe(section, asked, { hash: asked.streamHash, stream: asked.stream, groups });
  return groups;
}

interface Probe {
  readonly hash: number;
  readonly stream: Uint8Array | null;
  readonly groups: number[];
}

/** Open addressing ends at a free slot; a table without one, which we never write, ends after one turn. */
function probe(section: Section, asked: Asked, { hash, stream, groups }: Probe): void {
  const { slots } = section.columns;
  let found = 0;
  for (let step = 0, at = hash % slots.length; step < slots.length; step += 1, at = (at + 1) % slots.length) {
    const slot = slots[at] ?? 0;
    if (slot === 0) return;
    const group = groupIn(slot, hash);
    if (group === undefined || !isAbout(section, group, asked.package, stream)) continue;
    groups.push(group);
    found += 1;
    if (found > SCHEME_COUNT) throw damagedIndex('it knows a package under more orders of versions than there are');
  }
}

const SCHEME_COUNT = Object.keys(SCHEME_CODES).length;

function isAbout(section: Section, group: number, name: Uint8Array, stream: Uint8Array | null): boolean {
  const streamText = section.number(section.columns.groupStream, group);
  if ((streamText === 0) !== (stream === null)) return false;
  return (
    isText(section, section.number(section.columns.groupPackage, group), name) &&
    (stream === null || isText(section, streamText, stream))
  );
}

const span: Span = { start: 0, end: 0 };

function isText({ heap }: Section, offset: number, bytes: Uint8Array): boolean {
  readSpan(heap, offset, span);
  return span.end - span.start === bytes.length && compareSpan(heap, span, bytes) === 0;
}
