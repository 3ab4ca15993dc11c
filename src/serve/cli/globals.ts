import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { Failure } from '../../core/failure.ts';
import type { ProgressChoice } from './progress.ts';
import type { ColourChoice } from './terminal.ts';

/** Flags that mean the same for every command. */
export interface Globals {
  readonly format: Format;
  /** -1 quiet, 0 normal, 1 more, 2 with stack traces. */
  readonly verbosity: number;
  readonly color: ColourChoice;
  readonly progress: ProgressChoice;
  /** Answer as of a past instant; null = now. */
  readonly asOf: Temporal.Instant | null;
  readonly cwd: string;
  /** Never ask. */
  readonly noInput: boolean;
  readonly dryRun: boolean;
}

export type Format = 'table' | 'json' | 'jsonl' | 'csv' | 'md' | 'html' | 'sarif';

/** Adds the global flags to the program: they are understood before and after the command's name. */
export function addGlobals(program: Command): Command {
  return program
    .addOption(new Option('--json', 'JSON on stdout, as --format json'))
    .addOption(
      new Option('--format <form>', 'form of the answer').choices([
        'table',
        'json',
        'jsonl',
        'csv',
        'md',
        'html',
        'sarif',
      ]),
    )
    .addOption(new Option('--as-of <time>', 'answer as of a past instant, such as 2026-08-01T12:00:00Z'))
    .addOption(new Option('--cwd <folder>', 'work as if started in that folder'))
    .addOption(new Option('-n, --dry-run', 'say what would be done, change nothing'))
    .addOption(new Option('--no-input', 'never ask; what needs an answer fails instead'))
    .addOption(new Option('--progress <kind>', 'progress on stderr').choices(['auto', 'plain', 'json', 'none']))
    .addOption(new Option('--color <when>', 'colour (NO_COLOR is respected)').choices(['auto', 'always', 'never']))
    .addOption(new Option('-q, --quiet', 'only the answer'))
    .addOption(
      new Option('-v, --verbose', 'more; -vv with stack traces').argParser(
        (_: string, n: number | undefined) => (n ?? 0) + 1,
      ),
    );
}

/** Reads them for one command, wherever on the command line they stood. */
export function readGlobals(command: Command, cwd: string): Globals {
  const given: Record<string, unknown> = command.optsWithGlobals();
  const format = given['json'] === true ? 'json' : given['format'];
  return {
    format: (typeof format === 'string' ? format : 'table') as Format,
    verbosity: given['quiet'] === true ? -1 : typeof given['verbose'] === 'number' ? given['verbose'] : 0,
    color: (given['color'] ?? 'auto') as ColourChoice,
    progress: (given['progress'] ?? 'auto') as ProgressChoice,
    asOf: typeof given['asOf'] === 'string' ? instantOf(given['asOf']) : null,
    cwd: typeof given['cwd'] === 'string' ? given['cwd'] : cwd,
    noInput: given['input'] === false,
    dryRun: given['dryRun'] === true,
  };
}

/** The same in the folder that an operand names, as --cwd would; E0902 when the two name different ones. */
export function inFolder(
  globals: Globals,
  named: { readonly folder: string; readonly byCwd: unknown; readonly from: string },
): Globals {
  const folder = resolve(named.from, named.folder);
  if (typeof named.byCwd === 'string' && resolve(named.from, named.byCwd) !== folder) {
    throw new Failure('E0902', `two folders are named: ${named.folder}, and ${named.byCwd} by --cwd`, {
      hint: 'name one of them',
    });
  }
  if (existsSync(folder) && statSync(folder).isDirectory()) return { ...globals, cwd: folder };
  throw new Failure('E0902', `${named.folder} is not a folder`, { hint: 'name the one that suture.yaml lies in' });
}

function instantOf(text: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text);
  } catch (cause) {
    throw new Failure('E0902', `--as-of ${text} is not an instant`, {
      why: 'a date, a time and a zone are needed',
      hint: '--as-of 2026-08-01T12:00:00Z',
      cause,
    });
  }
}
