import { Failure, failureCodes } from '../../core/failure.ts';
import type { FailureDetail } from '../../core/failure.ts';
import { clean, widthOf } from './layout.ts';
import type { Paint } from './paint.ts';

/** An error for people (`text`), for machines (`problem`), and the exit code that goes with it. */
export interface RenderedError {
  readonly text: string;
  readonly problem: { readonly error: Readonly<Record<string, unknown>> };
  readonly exitCode: number;
}

export interface ErrorOptions {
  readonly paint: Paint;
  /** With stack traces. */
  readonly debug: boolean;
  /** Returns the text of a file, or undefined when it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
}

/** One error, one screen: what, where (with the line), why, what was kept, one thing to do. */
export function renderError(error: unknown, options: ErrorOptions): RenderedError {
  const failure = error instanceof Failure ? error : faultOf(error);
  const { code, detail } = failure;
  const p = options.paint;
  const lines = [`${p.red(p.bold(`error[${code}]`))}: ${clean(failure.message)}`];
  if (detail.at !== undefined)
    lines.push(...place(detail.at, detail.excerpt ?? excerptAt(detail.at, options), options));
  if (detail.why !== undefined) lines.push(`  = why   ${clean(detail.why)}`);
  if (detail.kept !== undefined) lines.push(`  = kept  ${clean(detail.kept)}`);
  if (detail.hint !== undefined) lines.push(`  hint: ${clean(detail.hint)}`);
  lines.push(p.dim(`  docs: suture explain ${code}`));
  if (options.debug) lines.push(...trace(error));
  return { text: `${lines.join('\n')}\n`, problem: { error: problemOf(failure) }, exitCode: exitCodeOf(failure) };
}

/** Anything that is not a Failure is our own fault, and is said to be. */
function faultOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('E0901', message, {
    hint: 'report it with the output of the same command under -vv',
    cause: error,
  });
}

/** Of its code; but what is unavailable and may soon be there again is 75 (EX_TEMPFAIL), wherever it shows. */
function exitCodeOf({ code, detail }: Failure): number {
  const { exitCode } = failureCodes[code];
  return exitCode === 69 && detail.retryable === true ? 75 : exitCode;
}

/** A failure as RFC 9457 problem details. */
export function problemOf(failure: Failure): Readonly<Record<string, unknown>> {
  const { code, detail } = failure;
  const { at, why, kept, hint, retryable } = detail;
  const { title } = failureCodes[code];
  const exitCode = exitCodeOf(failure);
  return {
    type: `urn:suture:error:${code}`,
    code,
    title,
    detail: failure.message,
    ...(at === undefined ? {} : { at }),
    ...(why === undefined ? {} : { why }),
    ...(kept === undefined ? {} : { kept }),
    ...(hint === undefined ? {} : { hint }),
    retryable: retryable ?? exitCode === 75,
    exitCode,
  };
}

type Excerpt = NonNullable<FailureDetail['excerpt']>;

/** The place, and its line with carets under what is meant; a very long line from a little before that. */
function place(at: string, excerpt: Excerpt | undefined, { paint }: ErrorOptions): readonly string[] {
  const head = `  ┌─ ${clean(at)}`;
  if (excerpt === undefined) return [head];
  const { line, text, column, length } = excerpt;
  const from = column > LINE_MAX - 30 ? column - 40 : 0;
  const before = clean(text.slice(from, column - 1));
  const meant = clean(text.slice(column - 1, column - 1 + length));
  const shown = `${before}${clean(text.slice(column - 1))}`.slice(0, LINE_MAX);
  const carets = '^'.repeat(Math.max(1, Math.min(widthOf(meant), LINE_MAX - widthOf(before))));
  const gutter = ' '.repeat(String(line).length);
  return [head, `${line} │ ${shown}`, `${gutter} │ ${' '.repeat(widthOf(before))}${paint.red(carets)}`];
}

const LINE_MAX = 110;

/** Reads the line when the failure does not bring it. */
function excerptAt(at: string, options: ErrorOptions): Excerpt | undefined {
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(at);
  const file = match?.[1];
  if (file === undefined || /^[a-z]+:\/\//.test(file)) return undefined;
  const line = Number(match?.[2]);
  const text = options.readFile(file)?.split('\n')[line - 1];
  return text === undefined ? undefined : { line, text, column: Math.max(1, Number(match?.[3] ?? 1)), length: 1 };
}

function trace(error: unknown): readonly string[] {
  const lines: string[] = [];
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    lines.push('', current.stack ?? current.message);
    current = current.cause;
  }
  return lines;
}
