import { Command, Option } from 'commander';
import { unsignedTailOption } from './ledger-unsigned.ts';
import type { LedgerDeps } from './ledger-deps.ts';
import { verifiedJson, verifiedText } from './ledger-verify.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';

export function exportCommand(cli: Cli, open: Open<LedgerDeps>): Command {
  return new Command('export')
    .description(
      'Writes the ledger into a new folder that a stranger can check; the same ledger gives the same bytes. Where the\nkey is at hand its head is signed first, unless it is exported as of an earlier instant.',
    )
    .argument('<folder>', 'a folder that is not there yet')
    .option('--with-evidence', 'bring along the bytes that facts rest on')
    .addHelpText(
      'after',
      '\nExamples:\n  $ suture ledger export ledger-2026-08 --with-evidence\n  $ suture ledger export july --as-of 2026-08-01T00:00:00Z',
    )
    .action(
      action(cli, async (session, folder: string, { withEvidence = false }: { withEvidence?: boolean }) => {
        const deps = await open(session.globals);
        try {
          const { facts, head, files, signedNow } = await deps.export({
            folder,
            withEvidence,
            until: session.globals.asOf,
          });
          const bytes = files.reduce((sum, { size }) => sum + size, 0);
          session.answer({
            json: () => ({
              schema: 'suture/ledger-export/1',
              generatedAt: session.now(),
              folder,
              facts,
              head,
              signedNow,
              files: files.length + 1,
              bytes,
            }),
            table: () =>
              ` ✔ ${folder}: ${facts} facts in ${files.length + 1} files, ${bytes} bytes\n   ${signedNow ? 'its head was signed for it\n   ' : ''}head ${head.seq}:${head.hash}\n   check it with: suture ledger verify ${folder}`,
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

interface ImportOptions {
  readonly key?: readonly string[];
  readonly unsignedTail?: number;
}

export function importCommand(cli: Cli, open: Open<LedgerDeps>): Command {
  return new Command('import')
    .description('Takes an exported ledger over into a catalog that has no facts yet: all of it, or nothing.')
    .argument('<folder>', 'what `suture ledger export` wrote')
    .addOption(
      new Option('--key <file>', 'a public key that its heads may be signed with; trusted from then on').argParser(
        (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
      ),
    )
    .addOption(unsignedTailOption())
    .addHelpText('after', '\nExample:\n  $ suture ledger import ledger-2026-08 --key acme.pub')
    .action(
      action(cli, async (session, folder: string, { key = [], unsignedTail = 0 }: ImportOptions) => {
        const deps = await open(session.globals);
        try {
          const answer = await deps.import({ folder, keys: key, unsignedMax: unsignedTail });
          session.answer({
            json: () => ({ schema: 'suture/ledger-import/1', generatedAt: session.now(), ...verifiedJson(answer, 0) }),
            table: () => `${verifiedText(answer, 0)}\n   imported, and every figure computed anew: suture status`,
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}
