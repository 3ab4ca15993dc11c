import { Command } from 'commander';
import { left, wrap } from './layout.ts';
import type { Cli, Open, Session } from './session.ts';
import { action } from './session.ts';

export interface DoctorDeps {
  /** Looks at this machine; each look has a bound of its own. */
  checks(): Promise<readonly DoctorCheck[]>;
}

export interface DoctorCheck {
  readonly name: string;
  /** `absent`: an optional thing that is not there. */
  readonly state: 'works' | 'fails' | 'warns' | 'absent';
  /** Whether Suture cannot do its work without it. */
  readonly required: boolean;
  readonly words: string;
  /** One command or one sentence. */
  readonly fix: string | null;
}

export function doctorCommand(cli: Cli, open: Open<DoctorDeps>): Command {
  return new Command('doctor')
    .description('What works on this machine, what does not, and one fix for each.')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session) => {
        const deps = await open(session.globals);
        const checks = await deps.checks();
        const failed = checks.filter(({ state, required }) => required && state === 'fails').length;
        session.answer({
          json: () => ({
            schema: 'suture/doctor/1',
            generatedAt: session.now(),
            dataAsOf: session.now(),
            summary: { checks: checks.length, failed },
            items: checks,
            next: null,
          }),
          table: () => doctorText(checks, failed, session),
          rows: () => checks.map((check) => ({ ...check })),
        });
        return failed > 0 ? 2 : 0;
      }),
    );
}

const EXAMPLE = `
Exits 2 when a required check fails.

Examples:
  $ suture doctor
  $ suture doctor --json`;

function doctorText(checks: readonly DoctorCheck[], failed: number, { paint, columns }: Session): string {
  const signs = { works: paint.green('✔'), fails: paint.red('✖'), warns: paint.yellow('▲'), absent: paint.dim('·') };
  const lines = checks.flatMap(({ name, state, words, fix }) => [
    ` ${signs[state]} ${left(name, 12)} ${wrap(words, ' '.repeat(16), columns).trimStart()}`,
    ...(fix === null ? [] : [`${' '.repeat(16)}fix: ${wrap(fix, ' '.repeat(21), columns).trimStart()}`]),
  ]);
  lines.push(
    failed === 0 ? 'all required checks passed' : `${failed} required ${failed === 1 ? 'check' : 'checks'} failed`,
  );
  return `${lines.join('\n')}\n`;
}
