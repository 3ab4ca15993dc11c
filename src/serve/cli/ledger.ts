import { Command, Option } from 'commander';
import type { Fact } from '../../core/fact.ts';
import type { FactStore } from '../../factory/deps.ts';
import { factWords } from '../../views/timeline.ts';
import { clean, left, second } from './layout.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';
import { wholeNumber } from './whole-number.ts';

export interface LedgerDeps extends Pick<FactStore, 'facts' | 'head'> {
  /** Recomputes every hash; the first fact that does not hold is named in `trouble`. */
  verify(): Promise<{ readonly facts: number; readonly head: string; readonly trouble: string | null }>;
  close(): Promise<void>;
}

export function ledgerCommand(cli: Cli, open: Open<LedgerDeps>): Command {
  const ledger = new Command('ledger').description('The facts: list them, and check that none was changed.');
  ledger.addHelpText('after', EXAMPLE);
  ledger
    .command('verify')
    .description('Recomputes the chain from its first fact. Exits 2 when a fact does not hold.')
    .addHelpText('after', '\nExample:\n  $ suture ledger verify')
    .action(
      action(cli, async (session) => {
        const deps = await open(session.globals);
        try {
          const result = await deps.verify();
          session.answer({
            json: () => ({
              schema: 'suture/ledger-verify/1',
              generatedAt: session.now(),
              answer: result.trouble === null ? 'yes' : 'no',
              ...result,
            }),
            table: () =>
              result.trouble === null
                ? ` ✔ ${result.facts} facts, each follows from the one before\n   head ${result.head}`
                : ` ✖ ${result.trouble}`,
          });
          return result.trouble === null ? 0 : 2;
        } finally {
          await deps.close();
        }
      }),
    );
  ledger
    .command('list')
    .description('Facts in order, in words.')
    .addOption(
      new Option('--after <seq>', 'only those after that position')
        .default(0)
        .argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
    )
    .addOption(new Option('--limit <facts>', 'how many').default(50).argParser(wholeNumber(1, 100_000)))
    .addHelpText('after', '\nExample:\n  $ suture ledger list --after 100 --limit 20')
    .action(
      action(cli, async (session, options: { after: number; limit: number }) => {
        const deps = await open(session.globals);
        try {
          const facts: Fact[] = [];
          for await (const fact of deps.facts(options.after, session.globals.asOf ?? undefined)) {
            if (facts.length >= options.limit) break;
            facts.push(fact);
          }
          const head = await deps.head();
          const last = facts.at(-1)?.seq ?? head.seq;
          const next = last < head.seq ? `suture ledger list --after ${last}` : null;
          session.answer({
            json: () => ({
              schema: 'suture/ledger/1',
              generatedAt: session.now(),
              dataAsOf: facts.at(-1)?.recordedAt ?? null,
              summary: { facts: head.seq, head: head.hash },
              items: facts,
              next,
            }),
            table: () =>
              [
                ...facts.map(
                  (fact) =>
                    `${String(fact.seq).padStart(7)}  ${second(fact.recordedAt)}  ${left(fact.type, 19)} ${clean(factWords(fact))}`,
                ),
                ...(next === null ? [] : [`next: ${next}`]),
              ].join('\n'),
            rows: () => facts.map((fact) => ({ ...fact })),
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
  return ledger;
}

const EXAMPLE = `
Examples:
  $ suture ledger verify
  $ suture ledger list --json`;
