import type { Command } from 'commander';
import { Failure } from '../../core/failure.ts';
import { csvText } from '../csv-text.ts';
import type { Globals } from './globals.ts';
import { inFolder, readGlobals } from './globals.ts';
import type { Paint } from './paint.ts';
import { paint } from './paint.ts';
import type { Progress } from './progress.ts';
import { progress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { wantsColour } from './terminal.ts';

/** What a command line is run with; one for each process. */
export interface Cli {
  readonly terminal: Terminal;
  now(): Temporal.Instant;
  readonly cwd: string;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  version(): string;
  /** Set by the command that ran. */
  exitCode: number;
}

/** Opens what a command needs, after the command line was understood: a catalog, a store, the network. */
export type Open<Deps> = (globals: Globals) => Promise<Deps>;

/** What a running command has at hand. */
export interface Session {
  readonly globals: Globals;
  /** The globals for a catalog that an operand may name, in place of --cwd. */
  globalsAt(folder: string | undefined): Globals;
  readonly paint: Paint;
  readonly columns: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  now(): Temporal.Instant;
  /** Writes the answer to stdout in the form that was asked for. */
  answer(document: Answer): void;
  /** The same as text, for an answer that may go into a file. */
  rendered(document: Answer): string;
  /** Writes text to stdout as it is. */
  write(text: string): void;
  /** A line on stderr, unless --quiet. */
  note(text: string): void;
}

/** One answer in the forms that it has; a form that it lacks is refused by name. */
export interface Answer {
  readonly json: () => unknown;
  readonly table: () => string;
  /** Rows of a list: one JSON object per line, and CSV with the keys of the first row as head. */
  readonly rows?: () => readonly Readonly<Record<string, unknown>>[];
  /** For code scanning. */
  readonly sarif?: () => unknown;
  /** Whole documents. */
  readonly documents?: Partial<Readonly<Record<'md' | 'html', () => string>>>;
}

/**
 * Makes a commander action out of a command's work. The work gets its session, then the operands and options as
 * commander gives them, and returns the exit code.
 */
export function action<Operands extends readonly unknown[]>(
  cli: Cli,
  work: (session: Session, ...operands: Operands) => Promise<number>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const session = openSession(cli, command);
    try {
      cli.exitCode = await work(session, ...(given.slice(0, -1) as unknown as Operands));
    } finally {
      session.progress.end();
    }
  };
}

function openSession(cli: Cli, command: Command): Session {
  const globals = readGlobals(command, cli.cwd);
  const { terminal } = cli;
  const quiet = globals.verbosity < 0;
  return {
    globals,
    globalsAt: (folder) =>
      folder === undefined
        ? globals
        : inFolder(globals, { folder, byCwd: command.optsWithGlobals()['cwd'], from: cli.cwd }),
    paint: paint(wantsColour(globals.color, terminal.outIsTty, terminal.env)),
    columns: terminal.columns,
    signal: cli.signal,
    progress: progress(globals.progress, { terminal, now: () => cli.now(), quiet }),
    now: () => cli.now(),
    answer: (document) => terminal.out(render(document, globals, command.name())),
    rendered: (document) => render(document, globals, command.name()),
    write: (text) => terminal.out(text),
    note: (text) => {
      if (!quiet) terminal.err(`${text}\n`);
    },
  };
}

function render(document: Answer, { format }: Globals, name: string): string {
  if (format === 'table') return ended(document.table());
  if (format === 'json') return `${JSON.stringify(document.json(), null, 2)}\n`;
  if (format === 'sarif' && document.sarif !== undefined) return `${JSON.stringify(document.sarif(), null, 2)}\n`;
  const whole = format === 'md' || format === 'html' ? document.documents?.[format] : undefined;
  if (whole !== undefined) return ended(whole());
  const rows = format === 'jsonl' || format === 'csv' ? document.rows?.() : undefined;
  if (rows === undefined) {
    throw new Failure('E0902', `\`suture ${name}\` has no answer in the form ${format}`, { hint: '--format json' });
  }
  if (format === 'jsonl') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return csvText(rows);
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
