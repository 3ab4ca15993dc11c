import type { Digest } from '../core/digest.ts';
import { Failure } from '../core/failure.ts';
import { type ChainEntry, factFromEntry } from '../core/ledger/envelope.ts';
import type { Inventory } from '../core/match/inventory.ts';
import { decodeInventory } from '../core/match/inventory-json.ts';
import type { Policy } from '../core/promise/policy.ts';
import type { CatalogSummary } from '../views/board.ts';
import { ReportFold } from '../views/report/fold.ts';
import { parsePeriod } from '../views/report/period.ts';
import { type ReportQuestion, reportView, type ReportView } from '../views/report/report.ts';

/** Where a report reads its facts. */
export interface ReportFacts {
  /** The chain from its start, in pages. */
  chain(): AsyncIterable<readonly ChainEntry[]>;
  /** Bytes of an inventory that a confirmation names. */
  inventory(digest: Digest): Promise<Uint8Array | undefined>;
}

/** What a report was made of, for those that hand it on as proof. */
export interface FoldedLedger {
  readonly ledger: ReportFold;
  readonly entries: readonly ChainEntry[];
  /** As they were kept, by digest. */
  readonly inventories: ReadonlyMap<Digest, Uint8Array>;
}

/** Folds everything recorded up to an instant. E0803 when an inventory is gone that a fact names. */
export async function foldLedger(asOf: Temporal.Instant, deps: ReportFacts): Promise<FoldedLedger> {
  const bytes = new Map<Digest, Uint8Array>();
  const inventories = new Map<Digest, Inventory>();
  const ledger = new ReportFold((digest) => inventories.get(digest));
  const entries: ChainEntry[] = [];
  for await (const page of deps.chain()) {
    for (const entry of page) {
      if (Temporal.Instant.compare(entry.recordedAt, asOf) > 0) return { ledger, entries, inventories: bytes };
      entries.push(entry);
      const fact = factFromEntry(entry);
      if (fact === undefined) {
        ledger.pass(entry);
        continue;
      }
      if (fact.type === 'image-confirmed' && !bytes.has(fact.payload.inventory)) {
        const found = await deps.inventory(fact.payload.inventory);
        if (found === undefined) throw missing(fact.payload.inventory, fact.seq);
        bytes.set(fact.payload.inventory, found);
        inventories.set(fact.payload.inventory, decodeInventory(found));
      }
      ledger.add(fact);
    }
  }
  return { ledger, entries, inventories: bytes };
}

function missing(digest: Digest, seq: number): Failure {
  return new Failure('E0803', `the inventory ${digest} is gone, and fact ${seq} rests on it`, {
    kept: 'the ledger is whole; nothing was written',
    hint: 'bring back the folder .suture/blobs from a backup',
  });
}

export interface ReportDeps extends ReportFacts {
  now(): Temporal.Instant;
  readonly notice: string | null;
  summary(): Promise<CatalogSummary | null>;
}

/** What somebody wants to be told. */
export interface ReportWish {
  /** As in `parsePeriod`. */
  readonly period: string;
  readonly asOf: Temporal.Instant | null;
  readonly line: string | null;
  readonly whatIf: Policy | null;
  readonly sample: ReportQuestion['sample'];
}

/** E0902 for a period that cannot be read and for a line that no fact names. */
export async function lookUpReport(
  wish: ReportWish,
  deps: ReportDeps,
): Promise<{ readonly view: ReportView; readonly folded: FoldedLedger }> {
  const asOf = wish.asOf ?? deps.now();
  const question: ReportQuestion = {
    period: parsePeriod(wish.period, asOf),
    asOf,
    line: wish.line,
    whatIf: wish.whatIf,
    sample: wish.sample,
    notice: deps.notice,
    catalog: (await deps.summary())?.name ?? null,
  };
  const folded = await foldLedger(asOf, deps);
  if (wish.line !== null && !folded.ledger.history.lines.has(wish.line)) {
    throw new Failure('E0902', `no fact names the line ${wish.line.slice(0, 200)}`, { hint: 'suture status' });
  }
  return { view: reportView(folded.ledger, question), folded };
}
