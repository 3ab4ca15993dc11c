import { digestOf, type Digest } from '../src/core/digest.ts';
import type { NewFact } from '../src/core/fact.ts';
import { invariant } from '../src/core/invariant.ts';
import { chain, type ChainEntry, draftOf } from '../src/core/ledger/envelope.ts';
import { encodeInventory } from '../src/core/match/inventory-json.ts';
import { reportLookUp } from '../src/serve/look-up-report.ts';
import type { Measured } from './main.ts';

const LINES = Number(process.env['SUTURE_BENCH_LINES'] ?? 100);
const FLAWS = Number(process.env['SUTURE_BENCH_FLAWS'] ?? 100);
const TURNS = 5;
const START = Temporal.Instant.from('2025-01-01T00:00:00Z');
const NOW = Temporal.Instant.from('2026-01-01T00:00:00Z');

/** A year's report: the first after a start, which reads the whole ledger, and those that a served page asks for after. */
export async function run(): Promise<Measured> {
  const { entries, inventories } = ledgerOfAYear();
  const deps = {
    now: () => NOW,
    notice: null,
    summary: async () => null,
    inventory: async (digest: Digest) => inventories.get(digest),
    async *chain(after = 0) {
      yield entries.slice(after);
    },
  };
  const lookUp = reportLookUp(deps);
  const wish = { period: '2025', asOf: null, line: null, whatIf: null, sample: null };
  const first = await measured(async () => {
    const view = await lookUp(wish);
    invariant(view.population.count === LINES * FLAWS && view.population.closes, 'everything was matched');
  });
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) times.push(await measured(async () => void (await lookUp(wish))));
  const warm = times.toSorted((a, b) => a - b)[Math.floor(TURNS / 2)] ?? 0;
  return {
    figures: {
      warmMs: Math.round(warm),
      firstMs: Math.round(first),
      obligations: LINES * FLAWS,
      facts: entries.length,
    },
    ratio: { against: 'reading the ledger anew for each report', value: Math.round((10 * first) / warm) / 10 },
  };
}

async function measured(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Flaws all through the year, each in every line, fixed a day after its release; one in fifty is never fixed. */
function ledgerOfAYear() {
  const entries: ChainEntry[] = [];
  const inventories = new Map<Digest, Uint8Array>();
  const append = (at: Temporal.Instant, fact: Pick<NewFact, 'type' | 'payload'>): void => {
    const whole = { ...fact, at: { from: at, to: at }, by: 'bench', evidence: [], sourceKey: String(entries.length) };
    entries.push(chain(draftOf(whole as NewFact), entries.at(-1) ?? null, at).entry);
  };
  const lines = Array.from({ length: LINES }, (_, index) => `line-${index}:1`);
  const confirm = (at: Temporal.Instant, fixed: number): void => {
    const bytes = inventoryWith(fixed);
    const inventory = digestOf(bytes);
    inventories.set(inventory, bytes);
    const payload = { architecture: 'amd64', digest: inventory, inventory, advisorySet: inventory } as const;
    for (const line of lines) append(at, { type: 'image-confirmed', payload: { ...payload, line } });
  };
  for (const line of lines)
    append(START, { type: 'line-declared', payload: { line, architectures: ['amd64'], supportUntil: null } });
  confirm(START, 0);
  for (let flaw = 0; flaw < FLAWS; flaw += 1) {
    const known = START.add({ hours: Math.floor((8000 / FLAWS) * flaw) + 1 });
    append(known, { type: 'advisory-recorded', payload: advisory(flaw, known) });
    append(known.add({ hours: 1 }), { type: 'release-observed', payload: release(flaw) });
    if (flaw % 50 !== 49) confirm(known.add({ hours: 25 }), flaw + 1);
  }
  return { entries, inventories };
}

/** A hundred components, those before `fixed` in their fixed version. */
function inventoryWith(fixed: number): Uint8Array {
  const components = Array.from({ length: FLAWS }, (_, index) => {
    const version = index < fixed && index % 50 !== 49 ? '1.0.1' : '1.0.0';
    const upstream = `pkg:generic/part-${index}`;
    const of = { version, upstream, stream: '1', package: `part-${index}` };
    return { ...of, purl: `${upstream}@${version}`, scheme: 'semver', edge: 'contains', patched: [] } as const;
  });
  return encodeInventory({ packages: [], components });
}

function advisory(flaw: number, at: Temporal.Instant) {
  const level = (['critical', 'high', 'medium', 'low'] as const)[flaw % 4] ?? 'low';
  const range = { introduced: '0', fixed: '1.0.1', lastAffected: null };
  return {
    id: `CVE-2025-${1000 + flaw}`,
    source: 'osv',
    aliases: [],
    summary: 'made for a benchmark',
    published: at.toString(),
    modified: at.toString(),
    withdrawn: null,
    severities: [{ source: 'cna', type: 'label', vector: null, score: null, level }],
    affected: [{ package: `pkg:generic/part-${flaw}`, stream: '1', scheme: 'semver', ranges: [range], versions: [] }],
    exploitedSince: null,
    epss: null,
    malicious: false,
  } as const;
}

function release(flaw: number) {
  const of = { upstream: `pkg:generic/part-${flaw}`, stream: '1', version: '1.0.1', ref: '1.0.1' };
  return { ...of, form: 'registry', prerelease: false, verified: null } as const;
}
