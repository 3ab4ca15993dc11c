import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Catalog } from '../src/core/catalog/catalog.ts';
import type { NewFact } from '../src/core/fact.ts';
import { invariant } from '../src/core/invariant.ts';
import { desiredComposition, packageShelf } from '../src/core/plan/composition.ts';
import { receiptsDone } from '../src/core/plan/digest-record.ts';
import { emptyStock, stockEvolve } from '../src/core/plan/stock.ts';
import { isOpen } from '../src/core/promise/standing.ts';
import { assess } from '../src/factory/assess.ts';
import { emptyMemory, type Memory } from '../src/factory/memory.ts';
import { planNow, tick, type TickDeps } from '../src/factory/tick.ts';
import { catalogRepository } from '../src/io/git/catalog-repository.ts';
import { startRepository } from '../src/io/git/start-repository.ts';
import { openStore, type Store } from '../src/io/store/open-store.ts';
import type { Measured } from './main.ts';
import { busyCatalog } from './support/busy-catalog.ts';
import { flaws, images, longAgo, newFlaw } from './support/busy-facts.ts';
import { busyDeps } from './support/busy-deps.ts';

const OPEN = Number(process.env['SUTURE_BENCH_OPEN'] ?? 50_000);
const FULL_TURNS = 7;
const ONE_FACT_TURNS = 21;
const FACTS_AT_ONCE = 5_000;

/**
 * Turns of a factory that has nothing to run: the first after a restart, those that compare everything anew, and those
 * after one new advisory, each with its projection, its plan, its reasons, and the first record that has to tell of it.
 */
export async function run(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-bench-'));
  let now = Temporal.Instant.from('2026-06-01T12:00:00Z');
  const clock = { now: () => now, set: (at: Temporal.Instant) => void (now = at) };
  const store = await openStore({ url: join(folder, 'suture.db'), clock });
  try {
    let catalog = busyCatalog();
    const repository = await aRepository(join(folder, 'catalog'), now);
    const started = (memory: Memory) => busyDeps({ catalog: () => catalog, store, repository, clock, memory });
    await fill(store, { catalog, clock });
    await settle({ catalog, started, file: join(folder, 'suture.db') });
    const memory = emptyMemory();
    const deps = started(memory);
    const restart = await measured(() => idleTurn(memory, deps));
    const open = [...memory.obligations.values()].filter(({ standing }) => isOpen(standing));
    const full = await medianOf(FULL_TURNS, async () => {
      clock.set(now.add({ seconds: 30 }));
      // Another value that says the same: nothing that was remembered of it holds, as after a change of the catalog.
      catalog = busyCatalog();
      return measured(() => idleTurn(memory, deps));
    });
    const idle = await medianOf(FULL_TURNS, async () => {
      clock.set(now.add({ seconds: 30 }));
      return measured(() => idleTurn(memory, deps));
    });
    const oneFact = await medianOf(ONE_FACT_TURNS, async (n) => {
      clock.set(now.add({ seconds: 30 }));
      await store.facts.append([newFlaw(n, now)]);
      const cost = await measured(() => recordTurn(memory, deps));
      while ((await recordTurn(memory, deps)) > 1);
      return cost;
    });
    return {
      figures: {
        fullMs: full.ms,
        fullCpuMs: full.cpuMs,
        idleMs: idle.ms,
        idleCpuMs: idle.cpuMs,
        oneFactMs: oneFact.ms,
        oneFactCpuMs: oneFact.cpuMs,
        restartMs: restart.ms,
        restartCpuMs: restart.cpuMs,
        recipes: catalog.recipes.length,
        lines: catalog.lines.length,
        open: open.length,
        waiting: open.filter(({ standing }) => standing === 'waiting').length,
        overdue: open.filter(({ standing }) => standing === 'overdue').length,
        facts: (await store.facts.head()).seq,
      },
      ratio: { against: 'comparing everything anew after each fact', value: rounded(full.ms / oneFact.ms) },
    };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

interface Clock {
  now(): Temporal.Instant;
  set(at: Temporal.Instant): void;
}

/** The ledger of two months, recorded at four instants. */
async function fill(
  store: Store,
  { catalog, clock }: { readonly catalog: Catalog; readonly clock: Clock },
): Promise<void> {
  const now = clock.now();
  const stock = emptyStock();
  const recordAll = async (facts: Iterable<NewFact>, at: Temporal.Instant) => {
    clock.set(at);
    for (const some of parts(facts)) for (const fact of await store.facts.append(some)) stockEvolve(stock, fact);
  };
  const long = now.subtract({ hours: 60 * 24 });
  await recordAll(longAgo(catalog, long), long);
  const shelf = packageShelf(catalog, stock);
  const before = now.subtract({ hours: 29 * 24 });
  await recordAll(
    images(
      catalog,
      (line) => {
        const desired = desiredComposition(line, shelf);
        invariant(desired.kind === 'ready', 'every package of every line is built');
        return desired.composition;
      },
      before,
    ),
    before,
  );
  const lately = now.subtract({ hours: 12 });
  await recordAll(flaws(OPEN, now), lately);
  clock.set(now);
}

/** Writes down how all the steps that led here ended, the receipts of what was mended included: nothing is left to run. */
async function settle({
  catalog,
  started,
  file,
}: {
  readonly catalog: Catalog;
  readonly started: (memory: Memory) => TickDeps;
  readonly file: string;
}): Promise<void> {
  const memory = emptyMemory();
  const deps = started(memory);
  await assess(memory, deps);
  const { steps } = await planNow(memory, await deps.catalog.main(), deps);
  const [other] = steps.filter(({ kind }) => kind !== 'attach-receipts');
  invariant(other === undefined, `nothing but receipts is left, not ${other?.key}`);
  const outcome = (result: object) => JSON.stringify({ kind: 'done', at: deps.clock.now(), attempt: 1, result });
  const receipts = steps.flatMap((step) => (step.kind === 'attach-receipts' ? [step] : []));
  const keys = [...memory.stock.packages.keys()];
  for (const { line, composition, digest } of memory.stock.published.values()) {
    for (const kind of ['compose-image', 'verify-image', 'publish-image']) keys.push(`${kind} ${line} ${composition}`);
    keys.push(`confirm-image ${line} ${digest}`);
  }
  const db = new DatabaseSync(file);
  const addStep = db.prepare('insert into steps (key, attempt, outcome, changed) values (?, 1, ?, 1)');
  const addLook = db.prepare(`insert into looks values (?, 'git-tag', ?, ?, '')`);
  const now = deps.clock.now();
  db.exec('begin');
  for (const key of keys) addStep.run(key, outcome({}));
  for (const step of receipts) addStep.run(step.key, outcome(receiptsDone(step)));
  for (const { upstream } of catalog.recipes) addLook.run(upstream.purl, now.toString(), now.epochMilliseconds * 1000);
  db.exec('commit');
  db.close();
}

async function aRepository(folder: string, at: Temporal.Instant) {
  await startRepository(folder, { files: new Map([['suture.yaml', 'name: busy\n']]), message: 'Begin', at });
  return catalogRepository({ folder });
}

async function idleTurn(memory: Memory, deps: TickDeps): Promise<void> {
  const { plan, ran, problems } = await tick(memory, deps);
  invariant(ran === undefined && plan.steps.length === 0 && problems.length === 0, 'nothing is left to run');
}

/** Nothing is left but records of digests that have to tell of the new flaw. Writes one; how many there were. */
async function recordTurn(memory: Memory, deps: TickDeps): Promise<number> {
  const { plan, problems } = await tick(memory, deps);
  const isRecord = plan.steps.every(({ kind }) => kind === 'attach-receipts');
  invariant(isRecord && problems.length === 0, 'nothing but records is left to write');
  return plan.steps.length;
}

interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

/** Other processes of a busy machine take time on the clock, but not from this process's account. */
async function measured(work: () => Promise<unknown>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { ms: rounded(ms), cpuMs: rounded((user + system) / 1000) };
}

async function medianOf(turns: number, cost: (n: number) => Promise<Cost>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let n = 0; n < turns; n += 1) costs.push(await cost(n));
  const middle = (of: (each: Cost) => number) => costs.map(of).toSorted((a, b) => a - b)[turns >> 1] ?? 0;
  return { ms: middle(({ ms }) => ms), cpuMs: middle(({ cpuMs }) => cpuMs) };
}

function* parts(facts: Iterable<NewFact>): Generator<readonly NewFact[]> {
  let part: NewFact[] = [];
  for (const fact of facts) {
    part.push(fact);
    if (part.length < FACTS_AT_ONCE) continue;
    yield part;
    part = [];
  }
  yield part;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
