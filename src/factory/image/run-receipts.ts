import { invariant } from '../../core/invariant.ts';
import type { Stock } from '../../core/plan/stock.ts';
import type { Step } from '../../core/plan/step.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import type { StepDone } from '../run-step.ts';
import { attachReceipts, type ReceiptsDeps } from './attach-receipts.ts';

export interface RunReceiptsDeps extends ReceiptsDeps {
  readonly stock: () => Stock;
  readonly obligation: (id: string) => Obligation | undefined;
}

/** Attaches the signed receipt of what ended to the digest that ended it, after the confirmation. */
export async function runReceipts(step: Step, deps: RunReceiptsDeps): Promise<StepDone> {
  invariant(step.kind === 'attach-receipts', 'only an attach-receipts step attaches receipts');
  const published = deps.stock().published.get(step.line.line);
  invariant(published !== undefined, `${step.line.line} is published before it gets receipts`);
  const obligations = step.obligations.flatMap((id) => deps.obligation(id) ?? []);
  const receipts = await attachReceipts({ published, obligations }, deps);
  return { facts: [], result: { receipts: receipts.map((receipt) => receipt.digest) } };
}
