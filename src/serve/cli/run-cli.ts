import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Help } from 'commander';
import { Command, CommanderError } from 'commander';
import { Failure } from '../../core/failure.ts';
import { renderError } from './error-text.ts';
import { addGlobals, readGlobals } from './globals.ts';
import { paint } from './paint.ts';
import type { Cli } from './session.ts';
import { wantsColour } from './terminal.ts';

/** One command of the tree: its name and summary are known at once, its code is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(cli: Cli): Promise<Command>;
  /** The global flags that change what it does; the others are refused. */
  readonly honours?: readonly ('as-of' | 'dry-run')[];
}

/**
 * Understands a command line, runs it and returns the exit code. `argv` has no node and no script in it. Never throws
 * for what a user does; errors are rendered in one form.
 */
export async function runCli(argv: readonly string[], entries: readonly CommandEntry[], cli: Cli): Promise<number> {
  try {
    if (argv[0] === '--version' || argv[0] === '-V') {
      cli.terminal.out(`${cli.version()}\n`);
      return 0;
    }
    const program = await programOf(argv, entries, cli);
    await program.parseAsync([...argv], { from: 'user' });
    return cli.signal.aborted && cli.signal.reason === 'SIGINT' ? reportCancelled(argv, cli) : cli.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (cli.signal.aborted && !(error instanceof Failure)) return reportCancelled(argv, cli, error);
    return report(error instanceof CommanderError ? usageFailure(error) : error, argv, cli);
  }
}

/** Commands that the line does not name are only listed: `--help` loads none of them. */
export async function programOf(argv: readonly string[], entries: readonly CommandEntry[], cli: Cli): Promise<Command> {
  const program = addGlobals(new Command('suture'))
    .description('Keeps minimal container images patched on a promise, and proves it.')
    .usage('<command> [options]')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .configureHelp({ formatHelp: (command, helper) => programHelp(command, helper) });
  for (const entry of entries) {
    const command = argv.includes(entry.name) ? await entry.load(cli) : new Command(entry.name);
    program.addCommand(command.summary(entry.summary));
  }
  for (const each of withSubcommands(program)) prepare(each, cli);
  program.hook('preAction', (_, command) => refuseIgnoredFlags(command, entries, cli));
  return program;
}

/** A flag that a command cannot honour is refused: nobody must believe that nothing was changed. */
function refuseIgnoredFlags(command: Command, entries: readonly CommandEntry[], cli: Cli): void {
  let top = command;
  while (top.parent?.parent) top = top.parent;
  const honours = entries.find(({ name }) => name === top.name())?.honours ?? [];
  const { dryRun, asOf } = readGlobals(command, cli.cwd);
  if (dryRun && !honours.includes('dry-run')) {
    throw new Failure('E0902', `suture ${top.name()} has no dry run`, {
      kept: 'nothing was done',
      hint: 'suture plan says what would be done',
    });
  }
  if (asOf !== null && !honours.includes('as-of')) {
    throw new Failure('E0902', `suture ${top.name()} knows only the present`, {
      kept: 'nothing was done',
      hint: 'status, explain, diff and report take --as-of',
    });
  }
  if (asOf !== null && Temporal.Instant.compare(asOf, cli.now()) > 0) {
    throw new Failure('E0902', `--as-of ${asOf.toString()} has not come yet`, {
      why: 'the ledger holds what was recorded, not what will be',
      hint: 'an instant of the past, or none for now',
    });
  }
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap((each) => withSubcommands(each))];
}

function prepare(command: Command, cli: Cli): void {
  command
    .exitOverride()
    .helpOption('-h, --help', 'show help')
    .configureOutput({ writeOut: (text) => cli.terminal.out(text), writeErr: () => {}, getOutHelpWidth: () => 88 });
  if (command.commands.length > 0) command.helpCommand(false);
}

/** The commands come first: they are what a newcomer looks for. */
function programHelp(program: Command, helper: Help): string {
  const items = (rows: readonly (readonly [string, string])[]): string =>
    rows.map(([name, words]) => `  ${name.padEnd(18)} ${words}`).join('\n');
  const commands = program.commands.map((each) => [each.name(), each.summary()] as const);
  const options = helper.visibleOptions(program).map((each) => [each.flags, helper.optionDescription(each)] as const);
  return `${program.description()}

Usage: suture <command> [options]

Commands:
${items(commands)}

Options, before or after the command:
${items([...options, ['-V, --version', 'show the version']])}
${HELP_TAIL}
`;
}

const HELP_TAIL = `
Examples:
  $ suture demo                       the whole story on this machine, no network
  $ suture status                     the deadline board
  $ suture explain CVE-2026-1234      why it stands where it stands
  $ suture status --json              the same for machines

Exit codes: 0 done or yes, 2 no, 3 a person must decide, 64 used wrongly, 65 bad input or
signature, 69 unavailable, 75 try again, 77 not permitted, 78 bad configuration, 130 cancelled.`;

/** "error: unknown command 'statsu'\n(Did you mean status?)" becomes a failure with a hint. */
function usageFailure(error: CommanderError): Failure {
  if (error.code === 'commander.help') {
    return new Failure('E0902', 'a command is missing', { hint: 'suture --help lists them' });
  }
  const [first = '', ...rest] = error.message.split('\n');
  const meant = /\(Did you mean (?:one of )?(.+?)\?\)/.exec(rest.join(' '))?.[1];
  const hint = meant === undefined ? 'suture --help' : `did you mean ${meant}?`;
  return new Failure('E0902', first.replace(/^error: /, ''), { hint });
}

function reportCancelled(argv: readonly string[], cli: Cli, cause?: unknown): number {
  const failure = new Failure('E0903', 'cancelled', {
    kept: 'every step that was finished; the ledger is whole',
    hint: `run it again to go on: suture ${argv.join(' ')}`,
    cause,
  });
  return report(failure, argv, cli);
}

function report(error: unknown, argv: readonly string[], cli: Cli): number {
  const { terminal } = cli;
  const rendered = renderError(error, {
    paint: paint(wantsColour('auto', terminal.errIsTty, terminal.env)),
    debug:
      argv.some((each) => /^-v{2,}$/.test(each)) || argv.filter((each) => /^(-v|--verbose)$/.test(each)).length > 1,
    readFile: (path) => readSmallFile(resolve(cli.cwd, path)),
  });
  const json = argv.includes('--json') || argv.join(' ').includes('--format json');
  if (json) terminal.out(`${JSON.stringify(rendered.problem, null, 2)}\n`);
  else terminal.err(rendered.text);
  return rendered.exitCode;
}

const FILE_BYTES_MAX = 1 << 20;

function readSmallFile(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= FILE_BYTES_MAX ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
