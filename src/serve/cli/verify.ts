import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { ReferenceVerdict } from '../../views/verify-reference.ts';
import { clean, left, wrap } from './layout.ts';
import type { Cli, Open, Session } from './session.ts';
import { action } from './session.ts';

export interface VerifyDeps {
  readonly notice: string | null;
  /** Pulls what is needed and judges it; a link of the chain that does not hold is an answer, not an error. */
  verify(
    reference: string,
    by: { readonly keyFile: string | null; readonly signal: AbortSignal },
  ): Promise<ReferenceVerdict>;
  close(): Promise<void>;
}

export function verifyCommand(cli: Cli, open: Open<VerifyDeps>): Command {
  return new Command('verify')
    .description('For people who pull: does this image come from where it says, and was its promise kept?')
    .argument('<reference>', 'nginx:1.28, host/nginx@sha256:…')
    .addOption(new Option('--key <file>', "the publisher's public key (PEM); in a catalog, its own by default"))
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, reference: string, { key }: { key?: string }) => {
        const deps = await open(session.globals);
        try {
          const verdict = await deps.verify(reference, {
            keyFile: key === undefined ? null : resolve(session.globals.cwd, key),
            signal: session.signal,
          });
          session.answer({
            json: () => ({ schema: 'suture/verify/1', generatedAt: session.now(), notice: deps.notice, ...verdict }),
            table: () => verifyText(verdict, deps.notice, session),
            rows: () => verdict.checks.map((check) => ({ ...check })),
          });
          return verdict.answer === 'yes' ? 0 : 2;
        } finally {
          await deps.close();
        }
      }),
    );
}

const EXAMPLE = `
Needs no account and no catalog: the reference and the key are enough. Exits 0 when every link holds, 2 when one
does not, and 69 when the registry cannot be reached. What is overdue is told by a signed record that is good for a
time; in the catalog that the image comes from, its ledger is asked as well.

Examples:
  $ suture verify --key signing-key.pub registry.example/nginx:1.28
  $ suture verify nginx:1.28
  $ suture verify --json registry.example/nginx:1.28`;

function verifyText(verdict: ReferenceVerdict, notice: string | null, { paint, columns }: Session): string {
  const lines = verdict.checks.flatMap(({ name, verdict: result, text, cause }) => {
    const sign = { yes: paint.green('✔'), no: paint.red('✖'), note: paint.yellow('▲') }[result];
    const indent = ' '.repeat(14);
    return [
      ` ${sign} ${left(name, 10)} ${wrap(text, indent, columns).trimStart()}`,
      ...(cause === null ? [] : [wrap(`probably: ${cause}`, indent, columns)]),
    ];
  });
  if (notice !== null) lines.push(paint.yellow(notice));
  lines.push(paint.dim(`   ${clean(verdict.digest)} (${clean(verdict.architecture)})`), `answer: ${verdict.answer}`);
  return `${lines.join('\n')}\n`;
}
