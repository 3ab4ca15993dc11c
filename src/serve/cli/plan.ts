import { Command } from 'commander';
import type { Plan } from '../../core/plan/step.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import type { PlanView } from '../../views/plan.ts';
import { planView } from '../../views/plan.ts';
import { clean, left, wrap } from './layout.ts';
import type { Cli, Open, Session } from './session.ts';
import { action } from './session.ts';

export interface PlanDeps {
  now(): Temporal.Instant;
  readonly notice: string | null;
  /** Compares desired with actual and changes nothing; the open obligations are those that the steps name. */
  plan(): Promise<{ readonly plan: Plan; readonly obligations: readonly Obligation[] }>;
  close(): Promise<void>;
}

export function planCommand(cli: Cli, open: Open<PlanDeps>): Command {
  return new Command('plan')
    .description('What would be done, why and by when. Nothing is changed.')
    .argument('[catalog]', 'folder of the catalog, as --cwd')
    .option('--exit-code', 'exit 2 when there is something to do')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, catalog: string | undefined, options: { exitCode?: boolean }) => {
        const deps = await open(session.globalsAt(catalog));
        try {
          const { plan, obligations } = await deps.plan();
          const view = planView(plan, obligations, { now: deps.now(), notice: deps.notice });
          session.answer({ json: () => planJson(view), table: () => planText(view, session), rows: () => rows(view) });
          return options.exitCode === true && view.steps.length > 0 ? 2 : 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

const EXAMPLE = `
Examples:
  $ suture plan
  $ suture plan --exit-code --json`;

function rows(view: PlanView): readonly Readonly<Record<string, unknown>>[] {
  return view.steps.map(({ position, kind, subject, reason, closes, due }) => {
    return { position, kind, subject, reason, closes: closes.join(' '), due: due?.toString() ?? null };
  });
}

function planJson(view: PlanView): Readonly<Record<string, unknown>> {
  return {
    schema: 'suture/plan/1',
    generatedAt: view.now,
    dataAsOf: view.now,
    notice: view.notice,
    summary: { steps: view.steps.length, blocked: view.blocked.length },
    items: view.steps,
    blocked: view.blocked,
    next: view.next,
  };
}

function planText(view: PlanView, { paint, columns }: Session): string {
  const count = view.steps.length;
  const lines = [
    `plan · ${count === 0 ? 'nothing to do' : `${count} ${count === 1 ? 'step' : 'steps'}`} · nothing changed`,
  ];
  if (view.notice !== null) lines.push(paint.yellow(view.notice));
  if (count > 0) lines.push('');
  for (const step of view.steps) {
    const closes = step.closes.length === 0 ? '' : `  towards ${step.closes.map(clean).join(', ')}`;
    const time = step.time === null ? '' : `  ${step.time}`;
    lines.push(`  ${String(step.position).padStart(2)}  ${left(step.kind, 16)} ${clean(step.subject)}${closes}${time}`);
    lines.push(paint.dim(wrap(step.reason, '      ', columns)));
  }
  if (view.blocked.length > 0) {
    lines.push('', 'not being done, and why');
    for (const each of view.blocked) {
      lines.push(`  ${each.who === 'person' ? '▲' : '○'} ${clean(each.subject)}`);
      lines.push(
        paint.dim(wrap(`${each.who === 'person' ? 'a person: ' : 'upstream: '}${each.text}`, '      ', columns)),
      );
    }
  }
  if (view.next !== null) lines.push('', `next: ${view.next}`);
  return `${lines.join('\n')}\n`;
}
