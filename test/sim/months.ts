import { noSuites } from '../support/no-suites.ts';
import assert from 'node:assert/strict';
import { verifyChain } from '../../src/core/ledger/verify-chain.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Fact } from '../../src/core/fact.ts';
import { decodeInventory } from '../../src/core/match/inventory-json.ts';
import { obligations } from '../../src/core/promise/obligations.ts';
import { emptyMemory, type Memory } from '../../src/factory/memory.ts';
import { tick, type TickDeps } from '../../src/factory/tick.ts';
import { memoryStore } from '../support/memory-store.ts';
import { lookAtWorld } from './look.ts';
import { everyObligationEnds, everythingHasAReason, figuresAreConsistent, foldedAnew, said } from './properties.ts';
import type { Script } from './script.ts';
import { Death, World } from './world.ts';

const HALF_DAY = { hours: 12 };
const TURNS_PER_VISIT_MAX = 60;

/** Lives through a script with the real tick, plan, promise and store, asserting the promise's properties on the way. */
export async function liveThrough(script: Script): Promise<{ readonly turns: number; readonly obligations: number }> {
  const world = new World(script);
  return new Months(world, memoryStore({ now: () => world.now })).live();
}

type Store = ReturnType<typeof memoryStore>;

class Months {
  readonly #world: World;
  readonly #store: Store;
  readonly #deps: TickDeps;
  readonly #snapshots: { readonly asOf: Temporal.Instant; readonly said: string }[] = [];
  #memory: Memory = emptyMemory();
  #turns = 0;

  constructor(world: World, store: Store) {
    this.#world = world;
    this.#store = store;
    const clock = { now: () => world.now };
    this.#deps = {
      clock,
      worker: 'sim',
      leaseSeconds: 600,
      whileRunning: () => () => {},
      facts: {
        facts: (after, until) => store.facts.facts(after, until),
        append: async (facts) => {
          if (world.inTrouble('disk-full')) throw new Failure('E0803', 'No space left for facts', { retryable: true });
          const appended = await store.facts.append(facts);
          if (world.deathAhead) {
            world.deathAhead = false;
            throw new Death('killed after its facts were written');
          }
          return appended;
        },
        head: () => store.facts.head(),
      },
      blobs: { get: (digest) => Promise.resolve(world.blobs.get(digest)) },
      // A kill gives nothing back.
      steps: { ...store.steps, release: () => Promise.resolve() },
      obligations: { project: () => Promise.resolve(), projectedTo: () => Promise.resolve(0) },
      reasons: { note: () => Promise.resolve() },
      pulse: { note: () => Promise.resolve() },
      lookEverySeconds: 300,
      sources: () => ({ watched: 0, late: [] }),
      stages: world.stages,
      suites: noSuites,
      catalog: world.catalogSource,
      heads: null,
      openSealed: () => Promise.resolve(0),
      look: lookAtWorld(world, store),
      cherryPick: () => undefined,
    };
  }

  async live(): Promise<{ readonly turns: number; readonly obligations: number }> {
    const { script } = this.#world;
    while (Temporal.Instant.compare(this.#world.now, script.end) < 0) {
      this.#world.advanceTo(this.#nextVisit());
      await this.#visit();
    }
    const facts = await this.#facts();
    this.#asOfIsForEver(facts);
    assert.deepEqual(verifyChain(facts).findings, []);
    assert.equal(
      new Set(this.#world.pushes).size,
      this.#world.pushes.length,
      'no digest is pushed to a line twice in a row',
    );
    const { plan } = await tick(this.#memory, this.#deps);
    const all = obligations(this.#memory.history, this.#world.now);
    everyObligationEnds(all, plan);
    return { turns: this.#turns, obligations: all.length };
  }

  #nextVisit(): Temporal.Instant {
    const regular = this.#world.now.add(HALF_DAY);
    const event = this.#world.nextEventAt();
    return event !== undefined && Temporal.Instant.compare(event, regular) < 0 ? event : regular;
  }

  /** Turns until nothing is left to do now; a death forgets everything that was not written. */
  async #visit(): Promise<void> {
    for (let turn = 0; turn < TURNS_PER_VISIT_MAX; turn += 1) {
      this.#turns += 1;
      try {
        const report = await tick(this.#memory, this.#deps);
        this.#world.advanceTo(this.#world.now.add({ seconds: 40 }));
        if (report.ran !== undefined) continue;
        const all = obligations(this.#memory.history, this.#world.now);
        figuresAreConsistent(all, this.#world.now);
        everythingHasAReason([...this.#memory.obligations.values()], report.plan);
        this.#snapshots.push({ asOf: this.#world.now, said: said(all) });
        this.#world.advanceTo(this.#world.now.add({ seconds: 1 }));
        return;
      } catch (error) {
        if (error instanceof Death) {
          this.#memory = emptyMemory();
          // The lease of the dead worker runs out.
          this.#world.advanceTo(this.#world.now.add({ seconds: 601 }));
        } else if (error instanceof Failure && error.detail.retryable === true) return;
        else throw error;
      }
    }
    assert.fail(`still busy after ${TURNS_PER_VISIT_MAX} turns at ${this.#world.now.toString()}`);
  }

  async #facts(): Promise<readonly Fact[]> {
    return Array.fromAsync(this.#store.facts.facts());
  }

  /** Every twentieth snapshot, and the last: what was said then is what folding anew says of then. */
  #asOfIsForEver(facts: readonly Fact[]): void {
    const inventoryOf = (digest: string) => {
      const bytes = this.#world.blobs.get(digest);
      return bytes === undefined ? undefined : decodeInventory(bytes);
    };
    for (const [index, snapshot] of this.#snapshots.entries()) {
      if (index % 20 !== 0 && index !== this.#snapshots.length - 1) continue;
      assert.equal(
        said(foldedAnew(facts, inventoryOf, snapshot.asOf)),
        snapshot.said,
        `as of ${snapshot.asOf.toString()}`,
      );
    }
  }
}
