import type { LineCounter } from 'yaml';
import { Failure, type FailureCode } from '../../core/failure.ts';

type TextFile = { readonly file: string; readonly text: string; readonly lines: LineCounter };

/** A problem with a span of a file's text: its place and the first line that it touches. */
export function problemAtOffset(
  { file, text, lines }: TextFile,
  [start, end]: readonly [number, number],
  code: FailureCode,
  what: string,
  hint?: string,
  why?: string,
): Failure {
  const { line, col } = start >= 0 && lines.lineStarts.length > 0 ? lines.linePos(start) : { line: 1, col: 1 };
  const lineStart = start - (col - 1);
  const newline = text.indexOf('\n', lineStart);
  const lineText = text.slice(lineStart, newline === -1 ? undefined : newline).replace(/\r$/, '');
  const length = Math.max(1, Math.min(end - start, lineText.length - (col - 1)));
  return new Failure(code, what, {
    at: `${file}:${line}:${col}`,
    excerpt: { line, text: lineText, column: col, length },
    ...(why === undefined ? {} : { why }),
    ...(hint === undefined ? {} : { hint }),
  });
}
