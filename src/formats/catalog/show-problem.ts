import type { Failure } from '../../core/failure.ts';

const WIDTH_MAX = 110;

/** A failure as people read it in a terminal: what, where with the line and a caret, why, what stayed, what to do. */
export function showProblem(failure: Failure): string {
  const { at, why, kept, hint } = failure.detail;
  const gutter = ' '.repeat(String(failure.detail.excerpt?.line ?? '').length);
  const lines = [`error[${failure.code}]: ${printable(failure.message)}`];
  if (at !== undefined) lines.push(`${gutter} ┌─ ${printable(at)}`);
  lines.push(...excerptLines(failure));
  if (why !== undefined) lines.push(`${gutter} = why    ${printable(why)}`);
  if (kept !== undefined) lines.push(`${gutter} = kept   ${printable(kept)}`);
  if (hint !== undefined) lines.push(`${gutter} hint: ${printable(hint)}`);
  lines.push(`${gutter} docs: suture explain ${failure.code}`);
  return `${lines.join('\n')}\n`;
}

/** All problems of a catalog, one under the other, with a count. */
export function showProblems(problems: readonly Failure[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${problems.map(showProblem).join('\n')}\n${count}; nothing was changed\n`;
}

function excerptLines(failure: Failure): readonly string[] {
  const { excerpt } = failure.detail;
  if (excerpt === undefined) return [];
  const { line, text, column, length } = excerpt;
  // A very long line is shown from a little before the trouble.
  const from = column - 1 > WIDTH_MAX - 30 ? column - 1 - 40 : 0;
  const shown = printable(text.slice(from, from + WIDTH_MAX));
  const start = column - 1 - from;
  const before = Array.from(shown.slice(0, start)).length;
  const carets = Math.max(1, Array.from(shown.slice(start, start + length)).length);
  const gutter = ' '.repeat(String(line).length);
  return [`${line} │ ${shown}`, `${gutter} │ ${' '.repeat(before)}${'^'.repeat(carets)}`];
}

/** Characters that would move the cursor, colour the terminal or turn the writing direction become visible ones. */
function printable(text: string): string {
  return text.replaceAll('\t', ' ').replace(/[\p{Cc}\p{Cf}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : '\ufffd';
  });
}
