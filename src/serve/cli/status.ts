import { Command, Option } from 'commander';
import type { BoardView } from '../../views/board.ts';
import { rowCsv, rowJson, statusJson } from '../../views/status-json.ts';
import type { BoardDeps } from '../look-up-board.ts';
import { lookUpBoard } from '../look-up-board.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';
import { statusText } from './status-text.ts';
import { wholeNumber } from './whole-number.ts';

export interface StatusDeps extends BoardDeps {
  close(): Promise<void>;
}

export function statusCommand(cli: Cli, open: Open<StatusDeps>): Command {
  return new Command('status')
    .description('The deadline board: what is overdue, what is next, and why each row stands where it stands.')
    .argument('[only]', 'a line (nginx:1.28) or a vulnerability (CVE-2026-1234)')
    .addOption(new Option('--limit <rows>', 'rows for each standing').default(20).argParser(wholeNumber(1, 10_000)))
    .addOption(
      new Option('--fail-on <state>', 'exit 2 when there is such a row').choices(['at-risk', 'overdue', 'stale']),
    )
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, only: string | undefined, options: { limit: number; failOn?: string }) => {
        const deps = await open(session.globals);
        try {
          const wish = { asOf: session.globals.asOf, limit: options.limit, only: only ?? null };
          const view = await lookUpBoard(wish, deps);
          const rows = [...view.groups.flatMap((group) => group.rows), ...view.ended];
          session.answer({
            json: () => statusJson(view),
            table: () => statusText(view, session),
            rows: () => rows.map((row) => (session.globals.format === 'csv' ? rowCsv(row) : rowJson(row))),
          });
          return fails(view, options.failOn) ? 2 : 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

const EXAMPLE = `
Examples:
  $ suture status
  $ suture status nginx:1.28 --as-of 2026-08-01T12:00:00Z
  $ suture status --json --fail-on overdue`;

function fails(view: BoardView, failOn: string | undefined): boolean {
  if (failOn === undefined) return false;
  if (failOn === 'stale') return view.alarms.some(({ kind }) => kind === 'stale');
  const atRisk = view.groups.reduce((sum, group) => sum + group.atRisk, 0);
  return view.summary.overdue > 0 || (failOn === 'at-risk' && atRisk > 0);
}
