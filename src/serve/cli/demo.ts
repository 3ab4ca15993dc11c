import { Command, Option } from 'commander';
import type { Shown } from '../../views/shown.ts';
import { shownAs } from '../../views/shown.ts';
import { clean, wrap } from './layout.ts';
import { paintShown } from './paint.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';
import { wholeNumber } from './whole-number.ts';

export interface DemoDeps {
  readonly notice: string;
  /** Plays a made-up upstream through the real factory, then serves the pages until the signal (unless `exit`). */
  demo(options: {
    readonly folder: string | null;
    readonly port: number;
    readonly exit: boolean;
    readonly signal: AbortSignal;
    readonly onEvent: (event: DemoEvent) => void;
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
    .addOption(new Option('--dir <folder>', 'keep everything there; default: a new temporary folder'))
    .addOption(new Option('--port <number>', 'port of the pages').default(4242).argParser(wholeNumber(0, 65_535)))
    .option('--exit', 'end after the story instead of serving the pages')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, options: { dir?: string; port: number; exit?: boolean }) => {
        const deps = await open(session.globals);
        const { paint, columns } = session;
        session.note(paint.yellow(deps.notice));
        const summary = await deps.demo({
          folder: options.dir ?? null,
          port: options.port,
          exit: options.exit === true,
          signal: session.signal,
          onEvent: ({ time, words, shown, clock }) => {
            const state = shown === null ? '' : `${shownAs[shown].sign} ${shownAs[shown].word}`;
            const tail = [state, clock ?? ''].filter((each) => each !== '').join('  ');
            const text = wrap(words, ' '.repeat(8), columns).trimStart();
            const status = tail === '' ? '' : `\n        ${shown === null ? tail : paintShown(shown, tail, paint)}`;
            session.note(` ${time}  ${text}${status}`);
          },
        });
        session.answer({
          json: () => ({ schema: 'suture/demo/1', generatedAt: session.now(), notice: deps.notice, ...summary }),
          table: () =>
            [
              '',
              ` ${summary.met === summary.due ? paint.green('✔') : paint.red('✘')} ${summary.met} of ${summary.due} promises met`,
              `   everything is in ${clean(summary.folder)}`,
              ...(summary.url === null ? [] : [`   pages: ${summary.url}`]),
              ...summary.next.map(({ command, shows }) => `   ${shows}: ${command}`),
            ].join('\n'),
        });
        return summary.met === summary.due ? 0 : 2;
      }),
    );
}

const EXAMPLE = `
Examples:
  $ suture demo
  $ suture demo --exit --dir ./demo`;
