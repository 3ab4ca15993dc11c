import { Command, Option } from 'commander';
import type { ProgressEvent } from './progress.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';
import { wholeNumber } from './whole-number.ts';

export interface ServeDeps {
  readonly notice: string | null;
  /** Serves pages (and turns the factory, unless told not to) until the signal; calls `onReady` with its address. */
  serve(options: {
    readonly host: string;
    readonly port: number;
    readonly pagesOnly: boolean;
    readonly signal: AbortSignal;
    readonly onReady: (url: string) => void;
    readonly onEvent: (event: ProgressEvent) => void;
  }): Promise<void>;
  close(): Promise<void>;
}

export function serveCommand(cli: Cli, open: Open<ServeDeps>): Command {
  return new Command('serve')
    .description('The daemon: turns the factory and serves the pages, until it is stopped.')
    .argument('[catalog]', 'folder of the catalog, as --cwd')
    .addOption(
      new Option('--port <number>', 'port of the pages; 0 takes a free one')
        .default(4242)
        .argParser(wholeNumber(0, 65_535)),
    )
    .addOption(new Option('--host <address>', 'loopback unless you say otherwise').default('127.0.0.1'))
    .option('--pages-only', 'serve what is there, do nothing else')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, catalog: string | undefined, options: ServeOptions) => {
        const deps = await open(session.globalsAt(catalog));
        try {
          if (deps.notice !== null) session.note(deps.notice);
          await deps.serve({
            host: options.host,
            port: options.port,
            pagesOnly: options.pagesOnly === true,
            signal: session.signal,
            onReady: (url) =>
              session.answer({
                json: () => ({ schema: 'suture/serve/1', url }),
                table: () => url,
                rows: () => [{ url }],
              }),
            onEvent: (event) => session.progress.on(event),
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly pagesOnly?: boolean;
}

const EXAMPLE = `
Examples:
  $ suture serve
  $ suture serve --port 0 --pages-only`;
