import { Command, Option } from 'commander';
import type { Shown } from '../../views/shown.ts';
import { shownAs } from '../../views/shown.ts';
import { clean, wrap } from './layout.ts';
import { paintShown } from './paint.ts';
import type { Cli, Open, Session } from './session.ts';
import { action } from './session.ts';
import { wholeNumber } from './whole-number.ts';

export interface DemoDeps {
  readonly notice: string;
  /** Plays a made-up upstream through the real factory, then serves the pages until the signal (unless `exit`). */
  demo(options: {
    readonly folder: string | null;
    readonly port: number;
    readonly exit: boolean;
    /** Plays the story in which the promise is broken. */
    readonly miss: boolean;
    readonly signal: AbortSignal;
    readonly onEvent: (event: DemoEvent) => void;
    /** The story is over and the pages are there. */
    readonly onServed: (summary: DemoSummary) => void;
  }): Promise<DemoSummary>;
}

/** One beat of the story. */
export interface DemoEvent {
  /** The made-up clock: "00:09". */
  readonly time: string;
  readonly words: string;
  readonly shown: Shown | null;
  /** "48 h", "met, 45 h to spare". */
  readonly clock: string | null;
}

export interface DemoSummary {
  readonly due: number;
  readonly met: number;
  readonly folder: string;
  readonly url: string | null;
  /** Commands worth trying next, each with what it shows. */
  readonly next: readonly { readonly command: string; readonly shows: string }[];
}

export function demoCommand(cli: Cli, open: Open<DemoDeps>): Command {
  return new Command('demo')
    .description('The whole story on this machine: an upstream, a vulnerability, a fix, a promise kept. No network.')
    .addOption(new Option('--dir <folder>', 'keep everything there; default: ./suture-demo'))
    .addOption(new Option('--port <number>', 'port of the pages').default(4242).argParser(wholeNumber(0, 65_535)))
    .option('--exit', 'end after the story instead of serving the pages; so it does without a terminal')
    .option('--miss', 'the same story with a broken promise, in red, and its cause')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, options: { dir?: string; port: number; exit?: boolean; miss?: boolean }) => {
        const deps = await open(session.globals);
        const { paint, columns } = session;
        session.note(paint.yellow(deps.notice));
        const summary = await deps.demo({
          folder: options.dir ?? null,
          port: options.port,
          exit: options.exit === true || !cli.terminal.isInteractive,
          miss: options.miss === true,
          onServed: (served) => session.note(`${storyEnd(served, session)}\n   Ctrl-C ends it`),
          signal: session.signal,
          onEvent: ({ time, words, shown, clock }) => {
            const state = shown === null ? '' : `${shownAs[shown].sign} ${shownAs[shown].word}`;
            const tail = [state, clock ?? ''].filter((each) => each !== '').join('  ');
            const text = wrap(words, ' '.repeat(8), columns).trimStart();
            const status = tail === '' ? '' : `\n        ${shown === null ? tail : paintShown(shown, tail, paint)}`;
            session.note(` ${time}  ${text}${status}`);
          },
        });
        const shownBefore = summary.url !== null;
        session.answer({
          json: () => ({ schema: 'suture/demo/1', generatedAt: session.now(), notice: deps.notice, ...summary }),
          table: () => (shownBefore ? '' : storyEnd(summary, session)),
        });
        return 0;
      }),
    );
}

function storyEnd(summary: DemoSummary, { paint }: Session): string {
  const { due, met, folder, url, next } = summary;
  const width = Math.max(...next.map(({ shows }) => shows.length));
  return [
    '',
    ` ${met === due ? paint.green('✔') : paint.red('✘')} ${met} of ${due} ${due === 1 ? 'promise' : 'promises'} met`,
    `   everything is in ${clean(folder)}`,
    ...(url === null ? [] : [`   pages  ${url}`]),
    '',
    ...next.map(({ command, shows }) => `   ${shows.padEnd(width)}  ${command}`),
  ].join('\n');
}

const EXAMPLE = `
Examples:
  $ suture demo
  $ suture demo --miss
  $ suture demo --exit --dir ./demo`;
