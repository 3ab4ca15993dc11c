import { Command } from 'commander';
import { clean } from './layout.ts';
import type { LedgerDeps } from './ledger-deps.ts';
import { entryNamed } from './ledger-show.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';

export function signCommand(cli: Cli, open: Open<LedgerDeps>): Command {
  return new Command('sign')
    .description(
      'Signs the head of the ledger now; a running factory does so by itself every ten minutes or 1,000 facts.',
    )
    .addHelpText('after', '\nExample:\n  $ suture ledger sign --json >> kept-heads.json')
    .action(
      action(cli, async (session) => {
        const deps = await open(session.globals);
        try {
          const head = await deps.sign();
          session.answer({
            json: () => ({ schema: 'suture/ledger-sign/1', generatedAt: session.now(), signed: head }),
            table: () =>
              head === null
                ? ' ○ nothing happened since the newest signed head'
                : ` ✔ signed by the key ${head.keyId}\n   head ${head.seq}:${head.hash}\n   keep that line elsewhere: suture ledger verify --head asks whether it still stands`,
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

export function openCommand(cli: Cli, open: Open<LedgerDeps>): Command {
  return new Command('open')
    .description('Opens sealed facts whose date has come, or the one that is named, before its date.')
    .argument('[fact]', 'its place, or the beginning of its id')
    .addHelpText('after', '\nExamples:\n  $ suture ledger open\n  $ suture ledger open 12')
    .action(
      action(cli, async (session, named: string | undefined) => {
        const deps = await open(session.globals);
        try {
          const opened = await deps.open(named === undefined ? null : (await entryNamed(named, deps)).seq);
          session.answer({
            json: () => ({ schema: 'suture/ledger-open/1', generatedAt: session.now(), opened }),
            table: () =>
              opened.length === 0
                ? ' ○ nothing was to be opened'
                : opened.map((seq) => ` ✔ fact ${seq} is open`).join('\n'),
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

export function eraseCommand(cli: Cli, open: Open<LedgerDeps>): Command {
  return new Command('erase')
    .description('Removes what a fact about a person says, for good. The chain holds; the fact counts as not said.')
    .argument('<fact>', 'its place, or the beginning of its id')
    .requiredOption('--reason <text>', 'why; it stays for ever, so name nobody in it')
    .option('--by <role>', 'who has it done; it stays for ever: a role, not a name', 'operator')
    .addHelpText('after', '\nExample:\n  $ suture ledger erase 12 --reason "asked for by the person named"')
    .action(
      action(cli, async (session, named: string, { reason, by }: { reason: string; by: string }) => {
        const deps = await open(session.globals);
        try {
          const { seq, type } = await entryNamed(named, deps);
          const { id } = await deps.erase({ seq, reason, by });
          session.answer({
            json: () => ({ schema: 'suture/ledger-erase/1', generatedAt: session.now(), erased: { seq, id, type } }),
            table: () =>
              ` ✔ what fact ${seq} (${clean(type)}) said is gone, and a fact says so\n   copies and backups that you keep still hold it`,
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}
