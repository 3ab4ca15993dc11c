import { Failure, failureCodes } from '../../core/failure.ts';
import type { FailureCode } from '../../core/failure.ts';
import { clean } from './layout.ts';
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
  const known = failureCodes[code];
  const p = options.paint;
  const lines = [`${p.red(p.bold(`error[${code}]`))}: ${clean(failure.message)}`];
  if (detail.at !== undefined) lines.push(...place(detail.at, options));
  if (detail.why !== undefined) lines.push(`  = why   ${clean(detail.why)}`);
  if (detail.kept !== undefined) lines.push(`  = kept  ${clean(detail.kept)}`);
  if (detail.hint !== undefined) lines.push(`  hint: ${clean(detail.hint)}`);
  lines.push(p.dim(`  docs: suture explain ${code}`));
  if (options.debug) lines.push(...trace(error));
  return { text: `${lines.join('\n')}\n`, problem: problemOf(failure, code), exitCode: known.exitCode };
}

/** Anything that is not a Failure is our own fault, and is said to be. */
function faultOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('E0901', message, {
    hint: 'report it with the output of the same command under -vv',
    cause: error,
  });
}

/** RFC 9457 problem details. */
function problemOf(failure: Failure, code: FailureCode): RenderedError['problem'] {
  const { at, why, kept, hint, retryable } = failure.detail;
  const { title, exitCode } = failureCodes[code];
  return {
    error: {
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
    },
  };
}

/** The line of the file with a caret under the place, when it can be read. */
function place(at: string, options: ErrorOptions): readonly string[] {
  const head = `  ┌─ ${clean(at)}`;
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(at);
  const [file, row] = [match?.[1], Number(match?.[2])];
  if (file === undefined || /^[a-z]+:\/\//.test(file)) return [head];
  const source = options.readFile(file)?.split('\n')[row - 1];
  if (source === undefined) return [head];
  const number = String(row);
  const column = Math.max(1, Number(match?.[3] ?? 1));
  return [
    head,
    `${number} │ ${clean(source).slice(0, 160)}`,
    `${' '.repeat(number.length)} │ ${' '.repeat(column - 1)}${options.paint.red('^')}`,
  ];
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
