import { Command } from 'commander';
import { Failure } from '../../core/failure.ts';
import type { DiffView } from '../../views/diff.ts';
import type { DigestInLine } from '../../views/digest.ts';
import type { Row } from '../../views/row.ts';
import type { LookUpDeps } from '../look-up.ts';
import { clean, second } from './layout.ts';
import type { Cli, Open, Session } from './session.ts';
import { action } from './session.ts';

export interface DiffDeps extends LookUpDeps {
  close(): Promise<void>;
}

export function diffCommand(cli: Cli, open: Open<DiffDeps>): Command {
  return new Command('diff')
    .description('What changed between two published images: packages, and what was fixed.')
    .argument('<before>', 'nginx:1.28@previous, nginx:1.28@sha256:…, sha256:…')
    .argument('<after>', 'the same forms; nginx:1.28 is the newest')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, before: string, after: string) => {
        const { diffView } = await import('../../views/diff.ts');
        const deps = await open(session.globals);
        try {
          const asOf = session.globals.asOf;
          const view = diffView(await side(before, asOf, deps), await side(after, asOf, deps), deps.notice);
          session.answer({
            json: () => ({ schema: 'suture/diff/1', generatedAt: deps.now(), ...view }),
            table: () => diffText(view, session),
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

const EXAMPLE = `
Examples:
  $ suture diff nginx:1.28@previous nginx:1.28
  $ suture diff --json nginx:1.28@previous nginx:1.28`;

async function side(reference: string, asOf: Temporal.Instant | null, deps: LookUpDeps): Promise<DigestInLine> {
  const [{ lookUpDigest, lookUpLineFacts }, { lineOf, resolveReference }] = await Promise.all([
    import('../look-up.ts'),
    import('../resolve-reference.ts'),
  ]);
  const line = lineOf(reference);
  const digest = resolveReference(reference, await lookUpLineFacts(line, asOf, deps));
  const lines = (await lookUpDigest(digest, asOf, deps))?.lines ?? [];
  const view = lines.find((one) => one.line === line) ?? lines[0];
  if (view === undefined) {
    throw new Failure('E0401', `${reference} is not a digest that was published here`, { hint: 'suture status' });
  }
  return view;
}

function diffText(view: DiffView, { paint }: Session): string {
  const short = (digest: string): string => `${digest.slice(0, 19)}…`;
  const { changes, after, before } = view;
  const lines = [
    `${paint.bold(clean(after.line))}  ${short(before.digest)}  →  ${short(after.digest)}`,
    `  published ${after.publishedAt === null ? 'never' : second(after.publishedAt)}${after.reason === null ? '' : `, reason: ${clean(after.reason)}`}`,
  ];
  if (view.notice !== null) lines.push(paint.yellow(`  ${view.notice}`));
  if (view.same) lines.push('  the same digest');
  lines.push(
    ...changes.changed.map(({ name, from, to }) => `  ~ ${name} ${from} → ${to}`),
    ...changes.added.map((each) => `  + ${each}`),
    ...changes.removed.map((each) => `  − ${each}`),
    `  packages    +${changes.added.length} −${changes.removed.length} ~${changes.changed.length}`,
    `  fixed       ${names(view.fixed)}`,
    `  new         ${names(view.introduced)}`,
    `  still open  ${names(view.stillOpen)}`,
  );
  return `${lines.join('\n')}\n`;
}

function names(rows: readonly Row[]): string {
  return rows.length === 0
    ? 'none'
    : rows.map((row) => `${clean(row.vulnerability)} ${row.severity} (${row.time})`).join(', ');
}
