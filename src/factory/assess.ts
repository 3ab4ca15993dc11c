import type { Fact } from '../core/fact.ts';
import { stockEvolve } from '../core/plan/stock.ts';
import { obligationId } from '../core/promise/obligation-id.ts';
import { obligationOf, obligations, standingsThatChange } from '../core/promise/obligations.ts';
import { isOpen, type Obligation } from '../core/promise/standing.ts';
import type { BlobStore, ClockDeps, FactStore, ObligationStore } from './deps.ts';
import { type Memory, takeIn } from './memory.ts';
import { hasReceipt } from './take-outcomes.ts';

export interface AssessDeps {
  readonly clock: ClockDeps;
  readonly facts: Pick<FactStore, 'facts'>;
  readonly blobs: Pick<BlobStore, 'get'>;
  readonly obligations: Pick<ObligationStore, 'project' | 'projectedTo'>;
}

/**
 * Takes in what the ledger has that memory has not, judges the obligations that this or the passing of time touches,
 * and writes them to the projection, one row version for each instant at which something was recorded. Returns how
 * many obligations were judged.
 */
export async function assess(memory: Memory, deps: AssessDeps): Promise<number> {
  const restarted = memory.assessedAt === null;
  const projectedTo = restarted ? await deps.obligations.projectedTo() : memory.seq;
  const touched = new TouchedPairs();
  let judged = 0;
  let last: Fact | undefined;
  // When the projection was written last, as far as facts tell: time that passed in between is judged anew.
  let projectedAt: Temporal.Instant | undefined;
  for await (const fact of deps.facts.facts(memory.seq)) {
    if (last !== undefined && last.seq > projectedTo && !last.recordedAt.equals(fact.recordedAt)) {
      judged += await judge(memory, touched.take(), { recordedAt: last.recordedAt, now: last.recordedAt }, deps);
    }
    const pairs = (await takeIn(memory, fact, deps.blobs)).obligations;
    if (fact.seq > projectedTo) touched.add(pairs);
    stockEvolve(memory.stock, fact);
    if (fact.type === 'head-signed') memory.signed = fact;
    memory.seq = fact.seq;
    last = fact;
    if (fact.seq <= projectedTo) projectedAt = fact.recordedAt;
  }
  if (last !== undefined && last.seq > projectedTo) {
    judged += await judge(memory, touched.take(), { recordedAt: last.recordedAt, now: last.recordedAt }, deps);
  }
  const now = deps.clock.now();
  if (restarted) recall(memory, now);
  // What only time brings about is written under the time at which it was noticed, as-of an earlier one it was not so yet.
  touched.add(standingsThatChange(memory.history, memory.assessedAt ?? projectedAt ?? now, now));
  memory.assessedAt = now;
  return judged + (await judge(memory, touched.take(), { recordedAt: laterOf(now, last?.recordedAt), now }, deps));
}

function laterOf(a: Temporal.Instant, b: Temporal.Instant | undefined): Temporal.Instant {
  return b !== undefined && Temporal.Instant.compare(b, a) > 0 ? b : a;
}

type Pair = { readonly vulnerability: string; readonly line: string };

class TouchedPairs {
  #pairs = new Map<string, Pair>();

  add(pairs: readonly Pair[]): void {
    for (const pair of pairs) this.#pairs.set(`${pair.vulnerability}\n${pair.line}`, pair);
  }

  take(): readonly Pair[] {
    const pairs = [...this.#pairs.values()];
    this.#pairs = new Map();
    return pairs;
  }
}

async function judge(
  memory: Memory,
  pairs: readonly Pair[],
  at: { readonly recordedAt: Temporal.Instant; readonly now: Temporal.Instant },
  deps: Pick<AssessDeps, 'obligations'>,
): Promise<number> {
  if (pairs.length === 0) return 0;
  const changed = new Map<string, Obligation>();
  const gone: string[] = [];
  for (const { vulnerability, line } of pairs) {
    const obligation = obligationOf(memory.history, vulnerability, line, at.now);
    // After a merge of ids the obligation answers under another name: the row under the old one is gone.
    if (obligation?.vulnerability !== vulnerability) gone.push(obligationId(vulnerability, line));
    if (obligation !== undefined) changed.set(obligation.id, obligation);
  }
  for (const id of gone) memory.obligations.delete(id);
  for (const obligation of changed.values()) remember(memory, obligation);
  await deps.obligations.project(at.recordedAt, memory.seq, [...changed.values()], gone);
  return pairs.length;
}

/** After a restart the projection already holds what was judged; only memory has to be filled again. */
function recall(memory: Memory, now: Temporal.Instant): void {
  for (const obligation of obligations(memory.history, now)) remember(memory, obligation);
}

function remember(memory: Memory, obligation: Obligation): void {
  const isDone = obligation.clock.t1 === null || hasReceipt(memory, obligation);
  if (isOpen(obligation.standing) || !isDone) memory.obligations.set(obligation);
  else memory.obligations.delete(obligation.id);
}
