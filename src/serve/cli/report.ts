import { Command, Option } from 'commander';
import { Failure } from '../../core/failure.ts';
import type { Policy } from '../../core/promise/policy.ts';
import { reportCsv, reportJson } from '../../views/report/report-json.ts';
import { reportMarkdown } from '../../views/report/report-markdown.ts';
import { provenFile, type ProofDeps } from '../proof/proven-file.ts';
import { lookUpReport, type ReportDeps, type ReportWish } from '../look-up-report.ts';
import { reportText } from './report-text.ts';
import type { Answer, Cli, Open, Session } from './session.ts';
import { action } from './session.ts';
import { wholeNumber } from './whole-number.ts';

export interface ReportCommandDeps extends ReportDeps, ProofDeps {
  /** Reads a policy file; a Failure when it is none. */
  policyFile(path: string): Promise<Policy>;
  /** Writes a file whole. */
  write(path: string, text: string): Promise<void>;
  close(): Promise<void>;
}

interface Options {
  readonly period: string;
  readonly line?: string;
  readonly policy?: string;
  readonly sample?: number;
  readonly seed?: string;
  readonly output?: string;
}

export function reportCommand(cli: Cli, open: Open<ReportCommandDeps>): Command {
  return new Command('report')
    .description(
      'How the promise was kept in a period, for auditors and customers. As one HTML file (--format html) it holds\nthe facts inside and recomputes itself in any browser, offline.',
    )
    .option('--period <period>', '2026-Q3, 2026-08, 2026, 2026-01-01..2026-03-31 or last-90d', 'last-90d')
    .option('--line <line>', 'one line alone')
    .option('--policy <file>', 'what if: the same facts under another policy, beside the one that was promised')
    .addOption(new Option('--sample <rows>', 'draw so many rows, the same for ever').argParser(wholeNumber(1, 100_000)))
    .option('--seed <text>', 'what the sample is drawn by')
    .option('--output <file>', 'write it there, whole or not at all')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, options: Options) => {
        const deps = await open(session.globals);
        try {
          const wish = await wishOf(options, session, deps);
          const text = session.rendered(await answerOf(wish, session, deps));
          if (options.output === undefined) session.write(text);
          else {
            await deps.write(options.output, text);
            session.note(`written to ${options.output}`);
          }
          if (session.globals.format === 'html' && (await deps.signer()) === null)
            session.note('no signing key is at hand: the file says that nobody signed its question');
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

async function wishOf(options: Options, session: Session, deps: ReportCommandDeps): Promise<ReportWish> {
  if (options.seed !== undefined && options.sample === undefined) {
    throw new Failure('E0902', 'a seed draws nothing without a size', { hint: '--sample 25 --seed 4711' });
  }
  const { sample: size, seed = '1' } = options;
  return {
    period: options.period,
    asOf: session.globals.asOf,
    line: options.line ?? null,
    whatIf: options.policy === undefined ? null : await deps.policyFile(options.policy),
    sample: size === undefined ? null : { size, seed },
  };
}

async function answerOf(
  wish: ReportWish,
  { globals, paint, columns }: Session,
  deps: ReportCommandDeps,
): Promise<Answer> {
  const made = await lookUpReport(wish, deps);
  const { view } = made;
  const file = globals.format === 'html' ? await provenFile(made, deps) : null;
  return {
    json: () => reportJson(view),
    table: () => reportText(view, { paint, columns }),
    rows: () => view.rows.map((row) => (globals.format === 'csv' ? reportCsv(row, view.sample) : { ...row })),
    documents: { md: () => reportMarkdown(view), ...(file === null ? {} : { html: () => file }) },
  };
}

const EXAMPLE = `
Examples:
  $ suture report --period 2026-Q3
  $ suture report --period 2026-Q3 --format html --output report.html
  $ suture report --period last-90d --sample 25 --seed 4711 --format csv
  $ suture report --policy stricter.yaml
  $ suture report --line nginx:1.28 --as-of 2026-08-01T12:00:00Z --json`;
