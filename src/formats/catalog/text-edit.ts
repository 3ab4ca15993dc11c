/** A span of a text (offsets in UTF-16 units, end exclusive) and what comes in its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that do not overlap, all of them given in offsets of the text as it was. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const fromTheEnd = [...edits].sort((a, b) => b.start - a.start);
  return fromTheEnd.reduce(
    (edited, { start, end, text: put }) => edited.slice(0, start) + put + edited.slice(end),
    text,
  );
}

/** New lines below the line on which an offset lies, with the line ending that the text uses. */
export function lineAfter(text: string, offset: number, lines: readonly string[]): Edit {
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  // The value of a block scalar ends behind its last line break: the new lines begin right there.
  if (offset > 0 && text[offset - 1] === '\n')
    return { start: offset, end: offset, text: lines.map((line) => line + ending).join('') };
  const newline = text.indexOf('\n', offset);
  const at = newline === -1 ? text.length : text[newline - 1] === '\r' ? newline - 1 : newline;
  return { start: at, end: at, text: lines.map((line) => ending + line).join('') };
}
