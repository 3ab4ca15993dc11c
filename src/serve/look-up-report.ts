import type { Digest } from '../core/digest.ts';
import type { FactOf } from '../core/fact.ts';
import { Failure } from '../core/failure.ts';
import type { ChainFinding } from '../core/ledger/chain-finding.ts';
import { SaidEntries, type SaidEntry } from '../core/ledger/said-entries.ts';
import { type ChainEntry, factFromEntry } from '../core/ledger/envelope.ts';
import { chainVerifier } from '../core/ledger/verify-chain.ts';
import type { Inventory } from '../core/match/inventory.ts';
import { decodeInventory } from '../core/match/inventory-json.ts';
import type { Policy } from '../core/promise/policy.ts';
import type { CatalogSummary } from '../views/board.ts';
import { ReportFold } from '../views/report/fold.ts';
import { parsePeriod } from '../views/report/period.ts';
import { type ReportQuestion, reportView, type ReportView } from '../views/report/report.ts';

/** Where a report reads its facts. */
export interface ReportFacts {
  /** The chain after a position (0 = from its start), in pages. */
  chain(after?: number): AsyncIterable<readonly ChainEntry[]>;
  /** Bytes of an inventory that a confirmation names. */
  inventory(digest: Digest): Promise<Uint8Array | undefined>;
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

/** A report with what it was made of, for those that hand it on as proof. */
export interface LookedUpReport {
  readonly view: ReportView;
  readonly entries: readonly ChainEntry[];
  /** As they were kept, by digest. */
  readonly inventories: ReadonlyMap<Digest, Uint8Array>;
}

/** E0302 when the ledger that was read does not verify; E0902 for a period that cannot be read and for a line that no fact names; E0803 when an inventory is gone. */
export async function lookUpReport(wish: ReportWish, deps: ReportDeps): Promise<LookedUpReport> {
  const question = await questionOf(wish, deps);
  const entries: ChainEntry[] = [];
  const inventories = new Map<Digest, Uint8Array>();
  const taking = new TakenLedger(deps);
  await taking.catchUp(question.asOf, {
    entry: (entry) => entries.push(entry),
    inventory: (digest, bytes) => inventories.set(digest, bytes),
  });
  return { view: viewOf(taking.ledger, question), entries, inventories };
}

export type ReportLookUp = (wish: ReportWish) => Promise<ReportView>;

/** Looks reports up one after the other: of the present, only what was recorded since the last one is read. */
export function reportLookUp(deps: ReportDeps): ReportLookUp {
  const present = new TakenLedger(deps);
  let last: Promise<unknown> = Promise.resolve();
  return async (wish) => {
    const question = await questionOf(wish, deps);
    const taken = wish.asOf === null ? present : new TakenLedger(deps);
    const caughtUp = last.catch(() => undefined).then(() => taken.catchUp(question.asOf));
    last = caughtUp;
    await caughtUp;
    return viewOf(taken.ledger, question);
  };
}

async function questionOf(wish: ReportWish, deps: ReportDeps): Promise<ReportQuestion> {
  const asOf = wish.asOf ?? deps.now();
  const { line, whatIf, sample } = wish;
  const catalog = (await deps.summary())?.name ?? null;
  return { period: parsePeriod(wish.period, asOf), asOf, line, whatIf, sample, notice: deps.notice, catalog };
}

function viewOf(ledger: ReportFold, question: ReportQuestion): ReportView {
  if (question.line !== null && !ledger.history.lines.has(question.line)) {
    throw new Failure('E0902', `no fact names the line ${question.line.slice(0, 200)}`, { hint: 'suture status' });
  }
  return reportView(ledger, question);
}

interface Witness {
  entry(entry: ChainEntry): void;
  inventory(digest: Digest, bytes: Uint8Array): void;
}

/** A ledger as far as it was taken in. Every form of a report rests on it, so what is read is verified as it is read. */
class TakenLedger {
  readonly ledger: ReportFold;
  readonly #inventories = new Map<Digest, Inventory>();
  readonly #verifier = chainVerifier();
  #verified = 0;
  readonly #deps: ReportFacts;

  constructor(deps: ReportFacts) {
    this.#deps = deps;
    this.ledger = new ReportFold((digest) => this.#inventories.get(digest));
  }

  /** Everything that was recorded up to an instant. E0302 naming the fact that was changed. */
  async catchUp(asOf: Temporal.Instant, witness?: Witness): Promise<void> {
    const said = new SaidEntries();
    for await (const entry of this.#entriesUntil(asOf)) {
      this.#verify(entry);
      witness?.entry(entry);
      for (const each of said.next(entry)) await this.#take(each, witness);
    }
    for (const each of said.end()) await this.#take(each, witness);
    if (this.#verifier.verdict().findings.length > 0) await this.#verifyRest();
  }

  /** What was stopped at before is read again, and was verified. */
  #verify(entry: ChainEntry): void {
    if (entry.seq <= this.#verified) return;
    this.#verified = entry.seq;
    this.#verifier.add(entry);
    const finding = this.#verifier.first();
    if (finding !== undefined) throw changed(finding);
  }

  /** A payload that is gone may have been erased after the instant that is asked about: the fact that says so stands further on. */
  async #verifyRest(): Promise<void> {
    for await (const page of this.#deps.chain(this.#verified)) for (const entry of page) this.#verify(entry);
    const [finding] = this.#verifier.verdict().findings;
    if (finding !== undefined) throw changed(finding);
  }

  async *#entriesUntil(asOf: Temporal.Instant): AsyncIterable<ChainEntry> {
    for await (const page of this.#deps.chain(this.ledger.head.seq)) {
      for (const entry of page) {
        if (Temporal.Instant.compare(entry.recordedAt, asOf) > 0) return;
        yield entry;
      }
    }
  }

  async #take({ entry, isSaid }: SaidEntry, witness?: Witness): Promise<void> {
    const fact = isSaid ? factFromEntry(entry) : undefined;
    if (fact === undefined) {
      this.ledger.pass(entry);
      return;
    }
    if (fact.type === 'image-confirmed') await this.#load(fact, witness);
    this.ledger.add(fact);
  }

  async #load({ seq, payload: { inventory } }: FactOf<'image-confirmed'>, witness?: Witness): Promise<void> {
    if (this.#inventories.has(inventory)) return;
    const bytes = await this.#deps.inventory(inventory);
    if (bytes === undefined) throw missing(inventory, seq);
    this.#inventories.set(inventory, decodeInventory(bytes));
    witness?.inventory(inventory, bytes);
  }
}

function changed({ message }: ChainFinding): Failure {
  return new Failure('E0302', message, { kept: 'nothing was written', hint: 'suture ledger verify' });
}

function missing(digest: Digest, seq: number): Failure {
  return new Failure('E0803', `the inventory ${digest} is gone, and fact ${seq} rests on it`, {
    kept: 'the ledger is whole; nothing was written',
    hint: 'bring back the folder .suture/blobs from a backup',
  });
}
