/** Pads to a width in characters; text that is longer stays whole. */
export function left(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function right(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** In characters: none of ours is wide. */
export function widthOf(text: string): number {
  return Array.from(text).length;
}

/** Breaks at spaces so that no line is wider than `columns`; each line starts with the indent. */
export function wrap(text: string, indent: string, columns: number): string {
  const width = Math.max(20, columns - indent.length);
  const lines: string[] = [];
  let line = '';
  for (const word of clean(text).split(/\s+/)) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((each) => indent + each).join('\n');
}

/**
 * Text from outside may hold escape sequences that would move the cursor or retitle a terminal, and marks that turn the
 * writing direction: they are taken out.
 */
export function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replaceAll(/(?![\t\n])[\p{Cc}\p{Cf}]/gu, '');
}

/** "2026-08-02 11:30 UTC". */
export function minute(instant: Temporal.Instant): string {
  return `${instant.toString({ smallestUnit: 'minute' }).replace('T', ' ').replace('Z', '')} UTC`;
}

/** "2026-08-02 11:30:04Z". */
export function second(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' }).replace('T', ' ');
}
