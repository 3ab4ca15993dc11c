import type { Reason } from '../core/plan/step.ts';
import type { ClockDeps, NotedReason, ReasonStore } from './deps.ts';
import type { Memory } from './memory.ts';

/** Notes the reasons that changed since the last turn, so that a miss can be told with its cause. */
export async function noteReasons(
  memory: Memory,
  deps: { readonly clock: ClockDeps; readonly reasons: Pick<ReasonStore, 'note'> },
): Promise<void> {
  const changed = memory.planner.news().filter((reason) => !isSame(memory.reasons.get(reason.subject.id), reason));
  if (changed.length > 0) await deps.reasons.note(deps.clock.now(), changed);
  for (const reason of changed) memory.reasons.set(reason.subject.id, reason);
  memory.planner.noted();
}

function isSame(noted: NotedReason | undefined, reason: Reason): boolean {
  return noted?.who === reason.who && noted.text === reason.text;
}
