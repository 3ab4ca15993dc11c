import { receiptKey } from '../core/plan/plan-receipts.ts';
import type { StepOutcome } from '../core/plan/step.ts';
import type { StepStore } from './deps.ts';
import type { Memory } from './memory.ts';

/** How steps ended, as far as this process has seen. */
export interface OutcomeMemory {
  /** What to ask the store with the next time. */
  change: number;
  /** By step key. */
  readonly all: Map<string, StepOutcome>;
  /** Changes proposed, the newest of each recipe. */
  readonly proposed: Map<string, ProposedChange>;
  /** SHA-256 of files that no mirror had, and when that was. */
  readonly absent: Map<string, Temporal.Instant>;
}

/** The result of a propose-change step. */
export interface ProposedChange {
  /** Of the step. */
  readonly key: string;
  readonly recipe: string;
  readonly version: string;
  readonly branch: string;
  readonly commit: string;
}

export function emptyOutcomeMemory(): OutcomeMemory {
  return { change: 0, all: new Map(), proposed: new Map(), absent: new Map() };
}

/** Takes in the outcomes that any worker recorded since the last time. What has its receipt need not be remembered. */
export async function takeOutcomes(memory: Memory, steps: Pick<StepStore, 'outcomesSince'>): Promise<void> {
  const known = memory.outcomes;
  const { outcomes, change } = await steps.outcomesSince(known.change);
  known.change = change;
  for (const [key, outcome] of outcomes) {
    known.all.set(key, outcome);
    if (key.startsWith('attach-receipts ') && outcome.kind === 'done')
      for (const covered of textsOf(outcome.result['covers'])) known.all.set(covered, outcome);
    const proposed = key.startsWith('propose ') ? proposedIn(key, outcome) : undefined;
    if (proposed !== undefined) known.proposed.set(proposed.recipe, proposed);
    if (key.startsWith('import-packages ') && outcome.kind === 'done')
      for (const sha256 of textsOf(outcome.result['absent'])) known.absent.set(sha256, outcome.at);
  }
  if (outcomes.size > 0) forgetReceipted(memory);
}

/** Whether the receipt of an obligation's end is attached. */
export function hasReceipt(memory: Pick<Memory, 'outcomes'>, obligation: Parameters<typeof receiptKey>[0]): boolean {
  return memory.outcomes.all.get(receiptKey(obligation))?.kind === 'done';
}

function forgetReceipted(memory: Memory): void {
  const ended = [...memory.obligations.lines()].flatMap(([, ofLine]) => ofLine.ended);
  for (const obligation of ended) if (hasReceipt(memory, obligation)) memory.obligations.delete(obligation.id);
}

function proposedIn(key: string, outcome: StepOutcome): ProposedChange | undefined {
  if (outcome.kind !== 'done') return undefined;
  const { recipe, version, branch, commit } = outcome.result;
  const texts = [recipe, version, branch, commit];
  if (!texts.every((each) => typeof each === 'string')) return undefined;
  return { key, recipe, version, branch, commit } as ProposedChange;
}

function textsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}
