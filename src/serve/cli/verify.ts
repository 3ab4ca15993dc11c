import { Command } from 'commander';
import { clean, left, wrap } from './layout.ts';
import type { Cli, Open, Session } from './session.ts';
import { action } from './session.ts';

export interface VerifyDeps {
  /** Pulls what is needed and judges it; a link of the chain that does not hold is an answer, not an error. */
  verify(reference: string, signal: AbortSignal): Promise<VerifyAnswer>;
  close(): Promise<void>;
}

export interface VerifyAnswer {
  readonly reference: string;
  /** What the reference was resolved to. */
  readonly digest: string | null;
  readonly notice: string | null;
  readonly checks: readonly {
    /** "signature", "provenance", "contents", "promise". */
    readonly name: string;
    /** `note`: worth knowing, no reason to distrust. */
    readonly result: 'holds' | 'fails' | 'note';
    readonly words: string;
  }[];
}

export function verifyCommand(cli: Cli, open: Open<VerifyDeps>): Command {
  return new Command('verify')
    .description('For people who pull: does this image come from where it says, and was its promise kept?')
    .argument('<reference>', 'nginx:1.28, host/nginx@sha256:…')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, reference: string) => {
        const deps = await open(session.globals);
        try {
          const answer = await deps.verify(reference, session.signal);
          const yes = answer.checks.length > 0 && answer.checks.every(({ result }) => result !== 'fails');
          session.answer({
            json: () => ({
              schema: 'suture/verify/1',
              generatedAt: session.now(),
              answer: yes ? 'yes' : 'no',
              ...answer,
            }),
            table: () => verifyText(answer, yes, session),
            rows: () => answer.checks,
          });
          return yes ? 0 : 2;
        } finally {
          await deps.close();
        }
      }),
    );
}

const EXAMPLE = `
Exits 0 when every link holds and 2 when one does not.

Examples:
  $ suture verify nginx:1.28
  $ suture verify --json registry.example/nginx:1.28`;

function verifyText(answer: VerifyAnswer, yes: boolean, { paint, columns }: Session): string {
  const lines = answer.checks.map(({ name, result, words }) => {
    const sign = { holds: paint.green('✔'), fails: paint.red('✖'), note: paint.yellow('▲') }[result];
    return ` ${sign} ${left(name, 12)} ${wrap(words, ' '.repeat(16), columns).trimStart()}`;
  });
  if (answer.notice !== null) lines.push(paint.yellow(answer.notice));
  if (answer.digest !== null) lines.push(paint.dim(`   ${clean(answer.digest)}`));
  lines.push(`answer: ${yes ? 'yes' : 'no'}`);
  return `${lines.join('\n')}\n`;
}
