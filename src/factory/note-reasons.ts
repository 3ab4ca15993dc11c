import type { Plan } from '../core/plan/step.ts';
import type { ClockDeps, ReasonStore } from './deps.ts';
import type { Memory } from './memory.ts';

/** Notes the reasons that changed since the last turn, so that a miss can be told with its cause. */
export async function noteReasons(
  memory: Memory,
  plan: Plan,
  deps: { readonly clock: ClockDeps; readonly reasons: Pick<ReasonStore, 'note'> },
): Promise<void> {
  const changed = plan.reasons.filter(
    ({ subject, who, text }) => subject.kind === 'obligation' && memory.reasons.get(subject.id) !== `${who} ${text}`,
  );
  if (changed.length === 0) return;
  await deps.reasons.note(deps.clock.now(), changed);
  for (const { subject, who, text } of changed) memory.reasons.set(subject.id, `${who} ${text}`);
}
