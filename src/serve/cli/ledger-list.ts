import { Command, Option } from 'commander';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import { factFromEntry } from '../../core/ledger/envelope.ts';
import { factWords } from '../../views/timeline.ts';
import { clean, left, second } from './layout.ts';
import type { LedgerDeps } from './ledger-deps.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';
import { wholeNumber } from './whole-number.ts';

export function listCommand(cli: Cli, open: Open<LedgerDeps>): Command {
  return new Command('list')
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
          const entries: ChainEntry[] = [];
          for await (const entry of await deps.entries(options.after, session.globals.asOf ?? undefined)) {
            if (entries.length >= options.limit) break;
            entries.push(entry);
          }
          const [head, sealed] = [await deps.head(), await deps.sealedUntil()];
          const last = entries.at(-1)?.seq ?? head.seq;
          const next = last < head.seq ? `suture ledger list --after ${last}` : null;
          const items = entries.map((entry) => itemOf(entry, sealed));
          session.answer({
            json: () => ({
              schema: 'suture/ledger/1',
              generatedAt: session.now(),
              dataAsOf: entries.at(-1)?.recordedAt ?? null,
              summary: { facts: head.seq, head: head.hash },
              items,
              next,
            }),
            table: () =>
              [...entries.map((entry) => rowOf(entry, sealed)), ...(next === null ? [] : [`next: ${next}`])].join('\n'),
            rows: () => items.map((item) => ({ ...item })),
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

/** A fact whole; one that cannot be read has no payload, and says why. */
export function itemOf(entry: ChainEntry, sealed: ReadonlyMap<number, string>) {
  return (
    factFromEntry(entry) ?? { ...entry, payloadText: undefined, payload: null, withheld: whyWithheld(entry, sealed) }
  );
}

export function whyWithheld({ seq }: ChainEntry, sealed: ReadonlyMap<number, string>): string {
  const until = sealed.get(seq);
  return until === undefined ? 'erased' : `sealed until ${until}`;
}

function rowOf(entry: ChainEntry, sealed: ReadonlyMap<number, string>): string {
  const fact = factFromEntry(entry);
  const words = fact === undefined ? whyWithheld(entry, sealed) : factWords(fact);
  const at = second(Temporal.Instant.from(entry.recordedAt));
  return `${String(entry.seq).padStart(7)}  ${at}  ${left(clean(entry.type), 19)} ${clean(words)}`;
}
