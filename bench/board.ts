import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { invariant } from '../src/core/invariant.ts';
import { defaultPolicy } from '../src/core/promise/policy.ts';
import type { Store } from '../src/io/store/open-store.ts';
import { openStore } from '../src/io/store/open-store.ts';
import { openReader } from '../src/io/store/open-reader.ts';
import { listen } from '../src/serve/http/listen.ts';
import { pages } from '../src/serve/http/pages.ts';
import type { Measured } from './main.ts';
import { noteBusyPulse } from './support/busy-pulse.ts';
import { fillClosed } from './support/fill-closed.ts';
import { projectObligations } from './support/obligation-rows.ts';

const OPEN = Number(process.env['SUTURE_BENCH_OPEN'] ?? 50_000);
const CLOSED = Number(process.env['SUTURE_BENCH_CLOSED'] ?? 5_000_000);
const PROJECTED = 20_000;
const REQUESTS = 200;

/** The board page over HTTP on loopback, and what counting all rows at each visit would cost instead. */
export async function run(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-bench-'));
  const now = Temporal.Now.instant();
  const url = join(folder, 'suture.db');
  const open = () => openStore({ url, clock: { now: () => now } });
  try {
    const fresh = await open();
    await projectObligations(fresh.obligations, { open: OPEN, closed: PROJECTED, now });
    await fresh.close();
    const start = performance.now();
    const closed = PROJECTED + fillClosed(url, CLOSED - PROJECTED);
    const fillS = Math.round((performance.now() - start) / 1000);
    const store = await open();
    try {
      const p95 = percentile(await timesOfPage(store, { url, now }), 0.95);
      const naive = countingMs(url);
      return {
        figures: { p95Ms: rounded(p95), open: OPEN, closed, fillS },
        ratio: { against: 'counting all rows at each visit', value: rounded(naive / p95) },
      };
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function timesOfPage(
  store: Store,
  { url, now }: { readonly url: string; readonly now: Temporal.Instant },
): Promise<readonly number[]> {
  await noteBusyPulse(store, now);
  const reader = await openReader({ url, clock: { now: () => now } });
  const app = pages({
    now: () => now,
    notice: null,
    inventory: async () => undefined,
    catalog: async () => null,
    summary: async () => ({ name: 'bench', lines: 1000, policy: defaultPolicy }),
    dataAsOf: async () => now,
    reasonHistory: async () => [],
    runsOf: async () => [],
    looksAt: async () => [],
    pulse: () => reader.pulse(),
    lastRuns: () => reader.lastRuns(),
    reasons: (wanted) => store.reasons.inForce(wanted),
    board: (query) => store.obligations.board(query),
    obligations: (by, asOf) => store.obligations.obligations(by, asOf),
    facts: (after, until) => store.facts.facts(after, until),
    factsAbout: (wanted, until) => store.facts.factsAbout(wanted, until),
    newestOfEach: (start, until) => store.facts.newestOfEach(start, until),
    fact: (id) => store.fact(id),
    reports: {
      chain: (after) => store.chain(after),
      inventory: async () => undefined,
      program: async () => ({ script: '', style: '' }),
      publicKey: async () => null,
      trustedKeys: async () => new Map(),
      signer: async () => null,
      version: 'bench',
    },
    health: async () => ({ status: 'ok', store: 'sqlite', lastTick: null, trouble: null }),
    onFault: (error) => {
      throw error;
    },
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0, beyondLoopback: false });
  try {
    const times: number[] = [];
    for (let turn = 0; turn < REQUESTS + 20; turn += 1) {
      const start = performance.now();
      const response = await fetch(listening.url);
      const text = await response.text();
      invariant(response.status === 200 && text.length > 10_000, 'the page is whole');
      if (turn >= 20) times.push(performance.now() - start);
    }
    return times;
  } finally {
    await listening.close();
    await reader.close();
  }
}

function countingMs(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const start = performance.now();
    db.prepare(
      'select standing, count(*), min(margin_seconds) from obligations where recorded_to_us is null group by standing',
    ).all();
    return performance.now() - start;
  } finally {
    db.close();
  }
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
