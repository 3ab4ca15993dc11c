import { type Digest, digestOf } from '../../core/digest.ts';
import type { VersionScheme } from '../../core/match/advisory.ts';
import type { Inventory } from '../../core/match/inventory.ts';
import { emptyHistory, evolve, obligations } from '../../core/promise/obligations.ts';
import { defaultPolicy } from '../../core/promise/policy.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import type { Happening } from '../../formats/replay/recorded-event.ts';
import type { Assumptions } from './assumptions.ts';
import { advisoryFact, componentAt, declaredFact, policyFact, releaseFact } from './recorded-facts.ts';
import { VirtualLedger } from './virtual-ledger.ts';

/**
 * What the recorded history itself came to, judged by the same rules: each line holds what it was seen to hold, from the
 * instant of that observation. An observation of public commits: what was built and pulled is not in there.
 */
export async function recordedOutcome(
  events: readonly Happening[],
  period: { readonly from: Temporal.Instant; readonly to: Temporal.Instant },
  { start }: Pick<Assumptions, 'start'>,
): Promise<readonly Obligation[]> {
  const inventories = new Map<Digest, Inventory>();
  const ledger = new VirtualLedger(inventories);
  ledger.append(policyFact({ ...defaultPolicy, clock: { start } }, period.from), period.from);
  const recorder = new Recorder(ledger, schemesIn(events));
  for (const event of events) recorder.take(event);
  const history = emptyHistory((digest) => inventories.get(digest));
  for await (const fact of ledger.facts()) evolve(history, fact);
  return obligations(history, period.to);
}

function schemesIn(events: readonly Happening[]): ReadonlyMap<string, VersionScheme> {
  const schemes = new Map<string, VersionScheme>();
  for (const event of events) {
    if (event.kind !== 'line' && event.kind !== 'held') continue;
    for (const { upstream, scheme } of event.components) schemes.set(upstream, scheme);
  }
  return schemes;
}

/** Writes each event down as it happened; what is about things that no line ever holds is passed over. */
class Recorder {
  readonly #ledger: VirtualLedger;
  readonly #schemes: ReadonlyMap<string, VersionScheme>;
  readonly #versions = new Map<string, number>();
  readonly #lines = new Set<string>();

  constructor(ledger: VirtualLedger, schemes: ReadonlyMap<string, VersionScheme>) {
    this.#ledger = ledger;
    this.#schemes = schemes;
  }

  take(event: Happening): void {
    switch (event.kind) {
      case 'release': {
        const scheme = this.#schemes.get(event.upstream);
        if (scheme === undefined) return;
        return this.#ledger.append(releaseFact(event, { seen: event.at, before: null, scheme }), event.at);
      }
      case 'advisory': {
        const { at, record } = event;
        if (!record.affected.some((each) => this.#schemes.has(each.package))) return;
        const version = this.#versions.get(`${record.id} ${record.source}`) ?? 0;
        this.#versions.set(`${record.id} ${record.source}`, version + 1);
        return this.#ledger.append(advisoryFact(record, { from: at, seen: at, version }), at);
      }
      case 'line':
      case 'held': {
        const { line, at } = event;
        if (!this.#lines.has(line)) this.#ledger.append(declaredFact(line, at, null), at);
        this.#lines.add(line);
        const components = event.components.map((each) => componentAt(each, each.version));
        return this.#ledger.confirm({ line, manifest: digestOf(`${line} ${at.toString()}`), components }, at);
      }
      case 'end':
        this.#lines.delete(event.line);
        return this.#ledger.append(declaredFact(event.line, event.at, event.at), event.at);
    }
  }
}
