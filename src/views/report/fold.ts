import type { Fact, FactOf } from '../../core/fact.ts';
import {
  emptyHistory,
  evolve,
  obligations,
  obligationOf,
  type History,
  type InventoryOf,
} from '../../core/promise/obligations.ts';
import type { Obligation } from '../../core/promise/standing.ts';

/** What a report is made of: the facts of a ledger, taken in one after the other. */
export interface ReportLedger {
  readonly history: History;
  /** The last fact taken in; position 0 = none. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** When what another fact is known by happened and was recorded, by fact id. */
  readonly moments: ReadonlyMap<string, Moment>;
  readonly releases: ReadonlyMap<string, FactOf<'release-observed'>>;
  /** By upstream and version, as in `buildKey`. */
  readonly builds: ReadonlyMap<string, readonly FactOf<'package-built'>[]>;
  /** By line. */
  readonly published: ReadonlyMap<string, readonly FactOf<'image-published'>[]>;
  /** By recipe or line. */
  readonly reviews: ReadonlyMap<string, readonly FactOf<'review-decided'>[]>;
  readonly statements: readonly FactOf<'statement-made'>[];
  readonly policies: readonly FactOf<'policy-adopted'>[];
  readonly corrections: readonly Correction[];
}

export interface Moment {
  readonly to: Temporal.Instant;
  readonly seq: number;
}

/** Promise rule 9: what better evidence moved, with the margin before it and after it. */
export interface Correction {
  readonly fact: FactOf<'evidence-corrected' | 'aliases-corrected'>;
  readonly changed: readonly MovedMargin[];
}

export interface MovedMargin {
  readonly vulnerability: string;
  readonly line: string;
  readonly before: MarginThen | null;
  readonly after: MarginThen;
}

export interface MarginThen {
  readonly standing: Obligation['standing'];
  readonly marginSeconds: number | null;
}

export function buildKey(upstream: string, version: string): string {
  return `${upstream}\n${version}`;
}

/** Takes facts in order; what it has taken in can be read at any time. */
export class ReportFold implements ReportLedger {
  readonly history: History;
  head = { seq: 0, hash: '0'.repeat(64) };
  readonly moments = new Map<string, Moment>();
  readonly releases = new Map<string, FactOf<'release-observed'>>();
  readonly builds = new Map<string, FactOf<'package-built'>[]>();
  readonly published = new Map<string, FactOf<'image-published'>[]>();
  readonly reviews = new Map<string, FactOf<'review-decided'>[]>();
  readonly statements: FactOf<'statement-made'>[] = [];
  readonly policies: FactOf<'policy-adopted'>[] = [];
  readonly corrections: Correction[] = [];

  constructor(inventoryOf: InventoryOf) {
    this.history = emptyHistory(inventoryOf);
  }

  add(fact: Fact): void {
    this.head = { seq: fact.seq, hash: fact.hash };
    if (fact.type === 'evidence-corrected' || fact.type === 'aliases-corrected') this.#correct(fact);
    else {
      evolve(this.history, fact);
      this.#file(fact);
    }
  }

  /** Passes over a fact whose payload is not at hand: its place in the chain is known all the same. */
  pass({ seq, hash }: { readonly seq: number; readonly hash: string }): void {
    this.head = { seq, hash };
  }

  #file(fact: Fact): void {
    if (ENDING.has(fact.type)) this.moments.set(fact.id, { to: fact.at.to, seq: fact.seq });
    if (fact.type === 'release-observed') this.releases.set(fact.id, fact);
    else if (fact.type === 'package-built')
      push(this.builds, buildKey(fact.payload.upstream, fact.payload.upstreamVersion), fact);
    else if (fact.type === 'image-published') push(this.published, fact.payload.line, fact);
    else if (fact.type === 'review-decided') push(this.reviews, fact.payload.subject, fact);
    else if (fact.type === 'statement-made') this.statements.push(fact);
    else if (fact.type === 'policy-adopted') this.policies.push(fact);
  }

  #correct(fact: FactOf<'evidence-corrected' | 'aliases-corrected'> & Fact): void {
    const now = fact.recordedAt;
    const before = new Map(obligations(this.history, now).map((each) => [each.id, each]));
    const { obligations: touched } = evolve(this.history, fact);
    const after = touched.flatMap(
      ({ vulnerability, line }) => obligationOf(this.history, vulnerability, line, now) ?? [],
    );
    const changed = after.flatMap((each) => movedMargin(before.get(each.id), each));
    this.corrections.push({ fact, changed: changed.sort(byName) });
    const corrected = fact.type === 'evidence-corrected' ? this.moments.get(fact.payload.fact) : undefined;
    if (fact.type === 'evidence-corrected' && corrected !== undefined)
      this.moments.set(fact.payload.fact, { ...corrected, to: Temporal.Instant.from(fact.payload.to) });
  }
}

/** What `endedBy` may point to. */
const ENDING: ReadonlySet<Fact['type']> = new Set([
  'image-confirmed',
  'statement-made',
  'advisory-recorded',
  'line-declared',
]);

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function movedMargin(before: Obligation | undefined, after: Obligation): readonly MovedMargin[] {
  const [then, now] = [before === undefined ? null : marginOf(before), marginOf(after)];
  if (then?.standing === now.standing && then.marginSeconds === now.marginSeconds) return [];
  return [{ vulnerability: after.vulnerability, line: after.line, before: then, after: now }];
}

function marginOf({ standing, clock }: Obligation): MarginThen {
  return { standing, marginSeconds: clock.marginSeconds };
}

function byName(a: MovedMargin, b: MovedMargin): number {
  const [left, right] = [`${a.vulnerability}\n${a.line}`, `${b.vulnerability}\n${b.line}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
