import { Command } from 'commander';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';

export interface InitDeps {
  /** Writes a catalog that works at once; a file that exists already stays as it is. Paths are relative to `folder`. */
  init(options: { readonly folder: string; readonly dryRun: boolean }): Promise<{
    readonly folder: string;
    readonly written: readonly string[];
    readonly kept: readonly string[];
  }>;
}

export function initCommand(cli: Cli, open: Open<InitDeps>): Command {
  return new Command('init')
    .description('Writes a catalog to start from: suture.yaml, a recipe, a line, a policy.')
    .argument('[folder]', 'where', '.')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, folder: string) => {
        const deps = await open(session.globals);
        const { dryRun } = session.globals;
        const result = await deps.init({ folder, dryRun });
        const next = 'suture plan';
        session.answer({
          json: () => ({ schema: 'suture/init/1', generatedAt: session.now(), dryRun, ...result, next }),
          table: () =>
            [
              ...result.written.map((file) => ` ${dryRun ? '·' : '✔'} ${file}${dryRun ? '  would be written' : ''}`),
              ...result.kept.map((file) => ` · ${file}  is there already and stays`),
              '',
              `next: ${next}`,
            ].join('\n'),
        });
        return 0;
      }),
    );
}

const EXAMPLE = `
Examples:
  $ suture init
  $ suture init my-images --dry-run`;
