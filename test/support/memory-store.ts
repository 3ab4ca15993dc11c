import type { Fact, NewFact } from '../../src/core/fact.ts';
import { chain, draftOf } from '../../src/core/ledger/envelope.ts';
import { nextRecordedAt } from '../../src/core/ledger/recorded-at.ts';
import type { StepOutcome } from '../../src/core/plan/step.ts';
import { bySubject } from './by-subject.ts';
import type { ClockDeps, FactStore, Lease, Look, LookStore, StepStore } from '../../src/factory/deps.ts';

/** The stores of a simulated factory: the same chain and the same leases as on disk, without the disk. */
export function memoryStore(clock: ClockDeps): {
  readonly facts: FactStore;
  readonly steps: StepStore;
  readonly looks: LookStore;
} {
  return { facts: memoryFacts(clock), steps: memorySteps(clock), looks: memoryLooks() };
}

function memoryFacts(clock: ClockDeps): FactStore {
  const facts: Fact[] = [];
  const ids = new Set<string>();
  const append = (drafted: NewFact): Fact | undefined => {
    const draft = draftOf(drafted);
    if (ids.has(draft.id)) return undefined;
    const last = facts.at(-1) ?? null;
    const { fact } = chain(draft, last, nextRecordedAt(last?.recordedAt ?? null, clock.now()));
    ids.add(fact.id);
    facts.push(fact);
    return fact;
  };
  return {
    append: async (drafts) => drafts.map(append).filter((fact) => fact !== undefined),
    async *facts(after = 0, recordedUntil) {
      for (const fact of facts.slice(after)) {
        if (recordedUntil !== undefined && Temporal.Instant.compare(fact.recordedAt, recordedUntil) > 0) return;
        yield fact;
      }
    },
    ...bySubject(async function* (until) {
      for (const fact of facts)
        if (until === undefined || Temporal.Instant.compare(fact.recordedAt, until) <= 0) yield fact;
    }),
    head: async () => ({ seq: facts.length, hash: facts.at(-1)?.hash ?? '0'.repeat(64) }),
  };
}

interface StepRow {
  attempt: number;
  worker: string | null;
  until: Temporal.Instant | null;
  outcome?: StepOutcome;
}

function memorySteps(clock: ClockDeps): StepStore {
  const rows = new Map<string, StepRow>();
  const outcomes: (readonly [string, StepOutcome])[] = [];
  const held = (lease: Lease): StepRow | undefined => {
    const row = rows.get(lease.key);
    return row?.attempt === lease.attempt && row.worker === lease.worker ? row : undefined;
  };
  return {
    async lease(key, worker, seconds) {
      const row: StepRow = rows.get(key) ?? { attempt: 0, worker: null, until: null };
      if (row.until !== null && Temporal.Instant.compare(row.until, clock.now()) > 0) return undefined;
      rows.set(key, { ...row, attempt: row.attempt + 1, worker, until: clock.now().add({ seconds }) });
      return { key, worker, attempt: row.attempt + 1 };
    },
    async renew(lease, seconds) {
      const row = held(lease);
      if (row !== undefined) row.until = clock.now().add({ seconds });
      return row !== undefined;
    },
    async release(lease) {
      const row = held(lease);
      if (row !== undefined) Object.assign(row, { until: null, worker: null });
    },
    async finish(lease, outcome) {
      const row = held(lease);
      if (row === undefined) return false;
      Object.assign(row, { until: null, worker: null, outcome });
      outcomes.push([lease.key, outcome]);
      return true;
    },
    outcome: async (key) => rows.get(key)?.outcome,
    outcomesSince: async (change) => ({ outcomes: new Map(outcomes.slice(change)), change: outcomes.length }),
  };
}

function memoryLooks(): LookStore {
  const looks = new Map<string, Look>();
  return {
    lastLooked: async (upstream, form) => looks.get(`${upstream} ${form}`),
    async recordLook(upstream, form, at, versionsDigest) {
      const known = looks.get(`${upstream} ${form}`);
      if (known === undefined || Temporal.Instant.compare(known.at, at) <= 0)
        looks.set(`${upstream} ${form}`, { at, versionsDigest });
    },
  };
}
