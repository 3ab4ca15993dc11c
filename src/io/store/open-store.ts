import type { Fact } from '../../core/fact.ts';
import type { ChainEntry } from '../../core/ledger/envelope.ts';
import type {
  ClockDeps,
  FactStore,
  LookStore,
  ObligationStore,
  OperationsLog,
  PulseStore,
  ReasonStore,
  Vault,
  WithheldStore,
  StepStore,
} from '../../factory/deps.ts';
import { daemonLock, type DaemonLock } from './daemon-lock.ts';
import type { Engine } from './engine.ts';
import { chainPages, factById } from './fact-questions.ts';
import { factStore } from './fact-store.ts';
import { kyselySql } from './kysely-sql.ts';
import { lookStore } from './look-store.ts';
import { obligationStore } from './obligation-store.ts';
import { openEngine } from './open-engine.ts';
import { operationsLog } from './operations-log.ts';
import { pulseStore } from './pulse-store.ts';
import { reasonStore } from './reason-store.ts';
import { stepStore } from './step-store.ts';
import { importChain } from './import-chain.ts';
import { withheldStore } from './withheld-store.ts';

/** Everything that is kept beside blobs, in one SQLite file or one PostgreSQL database. */
export interface Store {
  readonly facts: FactStore;
  readonly steps: StepStore;
  readonly obligations: ObligationStore;
  readonly operations: OperationsLog;
  readonly looks: LookStore;
  readonly reasons: ReasonStore;
  readonly withheld: WithheldStore;
  readonly pulse: PulseStore;
  /** The chain as stored, after `seq`, in pages of bounded size: what `chainVerifier` takes. */
  chain(after?: number): AsyncIterable<readonly ChainEntry[]>;
  /** Takes over a whole chain in one transaction, into a store that has no facts; what `chain` throws leaves it empty. */
  importChain(chain: AsyncIterable<readonly ChainEntry[]>): Promise<void>;
  /** One fact by its id. */
  fact(id: string): Promise<Fact | undefined>;
  /** True as soon as there is a fact after `seq`, by whichever process; false after `milliseconds` without one. */
  waitForAppend(seq: number, milliseconds: number): Promise<boolean>;
  /** One daemon for each store: throws a `Failure` E0802 naming the one that runs. */
  daemonLock(): Promise<DaemonLock>;
  close(): Promise<void>;
}

/**
 * Opens the store and brings its tables up to date. `url` is a file path for SQLite (made when missing, with its
 * folder) or `postgres://…`. Throws a `Failure` E0803 when it cannot be used.
 */
export async function openStore(options: {
  readonly url: string;
  readonly clock: ClockDeps;
  readonly vault?: Vault;
}): Promise<Store> {
  const { clock, vault } = options;
  const engine = await openEngine(options);
  const facts = factStore(engine, clock, vault);
  return {
    facts,
    steps: stepStore(engine, clock),
    obligations: obligationStore(engine),
    operations: operationsLog(engine),
    looks: lookStore(engine),
    reasons: reasonStore(engine),
    withheld: withheldStore(engine),
    importChain: (chain) => importChain(engine, chain),
    pulse: pulseStore(engine),
    chain: (after = 0) => chainPages(kyselySql(engine), after),
    fact: (id) => factById(kyselySql(engine), id),
    waitForAppend: (seq, milliseconds) => waitForAppend(engine, facts, { seq, milliseconds }),
    daemonLock: () => daemonLock(engine, clock),
    close: () => engine.close(),
  };
}

async function waitForAppend(
  engine: Engine,
  facts: FactStore,
  { seq, milliseconds }: { readonly seq: number; readonly milliseconds: number },
): Promise<boolean> {
  const end = performance.now() + milliseconds;
  const done = new AbortController();
  const watch = await engine.watchAppends();
  try {
    for (;;) {
      const left = end - performance.now();
      // Waiting begins before looking: what is appended between the two ends the wait.
      const appended = watch(Math.max(0, left), done.signal);
      if ((await facts.head()).seq > seq) return true;
      if (left <= 0) return false;
      await appended;
    }
  } finally {
    done.abort();
  }
}
