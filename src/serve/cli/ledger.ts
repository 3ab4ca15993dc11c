import { Command } from 'commander';
import type { LedgerDeps } from './ledger-deps.ts';
import { exportCommand, importCommand } from './ledger-bundle.ts';
import { listCommand } from './ledger-list.ts';
import { eraseCommand, openCommand, signCommand } from './ledger-keep.ts';
import { showCommand } from './ledger-show.ts';
import { verifyLedgerCommand } from './ledger-verify.ts';
import type { Cli, Open } from './session.ts';

export function ledgerCommand(cli: Cli, open: Open<LedgerDeps>): Command {
  const ledger = new Command('ledger').description('The facts: list them, check them, take them elsewhere.');
  ledger.addHelpText('after', EXAMPLE);
  for (const command of [
    verifyLedgerCommand,
    listCommand,
    showCommand,
    exportCommand,
    importCommand,
    signCommand,
    openCommand,
    eraseCommand,
  ])
    ledger.addCommand(command(cli, open));
  return ledger;
}

const EXAMPLE = `
Examples:
  $ suture ledger verify
  $ suture ledger list --json`;
