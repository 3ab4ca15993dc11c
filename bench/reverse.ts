import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, type Digest } from '../src/core/digest.ts';
import type { FactOf } from '../src/core/fact.ts';
import { invariant } from '../src/core/invariant.ts';
import type { AdvisoryRecord } from '../src/core/match/advisory.ts';
import type { Component, Inventory } from '../src/core/match/inventory.ts';
import { verdictOf } from '../src/core/match/match.ts';
import { componentsAt } from '../src/core/promise/components-at.ts';
import { emptyHistory, type History, type RecordHistory } from '../src/core/promise/history.ts';
import { linesThatMayHold } from '../src/core/promise/may-hold.ts';
import { readingsOf } from '../src/core/promise/readings.ts';
import { takeConfirmation } from '../src/core/promise/take-image.ts';
import type { Measured } from './main.ts';
import { someAdvisories } from './support/advisory-rows.ts';
import { peakMb } from './support/peak-mb.ts';

const IMAGES = Number(process.env['SUTURE_BENCH_IMAGES'] ?? 10_000);
const COMPONENTS_PER_IMAGE = 500;
const DISTINCT_COMPONENTS = 120_000;
/** For each package that some advisory is about, so many that none is about. */
const QUIET_PACKAGES = 2;
const WARM_UP = 2_000;

/**
 * Every published advisory as if it came now, against a history in which a large catalog was confirmed: which lines the
 * factory looks at. And what a look at each image costs.
 */
export async function run(): Promise<Measured> {
  const folder = process.env['SUTURE_BENCH_ADVISORIES'];
  return folder === undefined ? inOwnProcess() : measure(folder);
}

/** To read the feeds takes more memory than what is measured, so another process does that. */
function inOwnProcess(): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'suture-bench-'));
  try {
    const { isReal, sources } = someAdvisories();
    const records = sources.flatMap((source) => source.records).map((record) => ({ ...record, summary: '' }));
    writeLines(recordsIn(folder), records);
    writeLines(componentsIn(folder), componentsOf(records));
    const env = { ...process.env, SUTURE_BENCH_ADVISORIES: folder };
    const main = join(import.meta.dirname, 'main.ts');
    const { figures, ratio } = JSON.parse(
      execFileSync(process.execPath, [main, 'reverse'], { env, encoding: 'utf8' }),
    ) as Measured;
    return { figures: { ...figures, realAdvisories: isReal ? records.length : 0 }, ratio };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(folder: string): Measured {
  const components = componentsFrom(folder);
  const start = performance.now();
  const history = historyOf(components);
  const buildS = (performance.now() - start) / 1000;
  timesOf(history, recordsFrom(folder).take(WARM_UP));
  const [first, second] = [timesOf(history, recordsFrom(folder)), timesOf(history, recordsFrom(folder))];
  // The quieter of two turns: others use this machine as well.
  const times = first.ms.map((ms, at) => Math.min(ms, second.ms[at] ?? ms));
  const rssMb = peakMb();
  const confirmMs = millisecondsOf(() => void takeConfirmation(history, confirmed(IMAGES, 0)));
  const naiveMs = naive(
    history,
    recordsFrom(folder)
      .filter((_, at) => at % WARM_UP === 0)
      .toArray(),
  );
  return {
    figures: {
      meanUs: rounded(mean(times) * 1000),
      worstMs: rounded(Math.max(...times)),
      rssMb: Math.round(rssMb),
      buildS: rounded(buildS),
      confirmMs: rounded(confirmMs),
      advisories: times.length,
      distinctComponents: history.componentAt.length,
      imageHits: first.lines,
    },
    ratio: { against: 'a look at each image', value: rounded(naiveMs / mean(times)) },
  };
}

/** Names that are equal are one text, so that the list itself weighs little beside the history that is measured. */
function componentsFrom(folder: string): readonly Component[] {
  const names = new Map<string, string>();
  const components: Component[] = [];
  for (const line of linesIn(componentsIn(folder))) {
    const { upstream, ...component } = JSON.parse(line) as Component;
    const name = names.get(upstream) ?? upstream;
    names.set(name, name);
    components.push({ ...component, upstream: name, purl: name });
  }
  return components;
}

/** As the factory would have folded it, one confirmation after the other. */
function historyOf(components: readonly Component[]): History {
  const numbers = new Map<Digest, number>(
    Array.from({ length: IMAGES + 1 }, (_, image) => [inventoryOf(image), image]),
  );
  const history = emptyHistory((digest): Inventory => {
    const holds = holdsOf(numbers.get(digest) ?? 0, components.length);
    return { packages: [], components: Array.from(holds, (number) => components[number] as Component) };
  });
  for (let image = 0; image < IMAGES; image += 1) takeConfirmation(history, confirmed(image, image));
  return history;
}

const AT = Temporal.Instant.from('2026-03-01T10:00:00Z');

function confirmed(image: number, line: number): FactOf<'image-confirmed'> {
  const inventory = inventoryOf(image);
  return {
    type: 'image-confirmed',
    id: `confirmed-${image}`,
    seq: image + 1,
    at: { from: AT, to: AT },
    recordedAt: AT,
    payload: { line: `image-${line}:1`, digest: inventory, architecture: 'amd64', inventory },
  } as FactOf<'image-confirmed'>;
}

function inventoryOf(image: number): Digest {
  return digestOf(`inventory ${image}`);
}

const recordsIn = (folder: string): string => join(folder, 'records');
const componentsIn = (folder: string): string => join(folder, 'components');

function writeLines(file: string, values: readonly unknown[]): void {
  const handle = openSync(file, 'w');
  for (const value of values) writeSync(handle, `${JSON.stringify(value)}\n`);
  closeSync(handle);
}

/** One after the other, so that they take no part in the memory that is measured. */
function* linesIn(file: string): Generator<string> {
  const handle = openSync(file, 'r');
  const chunk = Buffer.alloc(2 ** 16);
  const decoder = new TextDecoder();
  let text = '';
  for (let length = 1; length > 0; ) {
    length = readSync(handle, chunk, 0, chunk.length, null);
    const lines = (text + decoder.decode(chunk.subarray(0, length), { stream: true })).split('\n');
    text = lines.pop() ?? '';
    yield* lines;
  }
  closeSync(handle);
}

function* recordsFrom(folder: string): Generator<RecordHistory> {
  for (const line of linesIn(recordsIn(folder))) yield recordOf(JSON.parse(line) as AdvisoryRecord);
}

function recordOf(says: AdvisoryRecord): RecordHistory {
  const at = AT.epochMilliseconds;
  const versions = [{ fact: says.id, seq: 1, recordedAt: at, says, from: at, to: at }];
  const record: RecordHistory = {
    kind: 'record',
    id: says.id,
    source: says.source,
    versions,
    readings: [],
    lines: new Set(),
  };
  return { ...record, readings: readingsOf(record) };
}

/** Versions around those that advisories name, and packages that they never speak of. */
function componentsOf(records: readonly AdvisoryRecord[]): readonly Component[] {
  const components = new Map<string, Component>();
  const add = (known: Pick<Component, 'upstream' | 'scheme' | 'stream' | 'version'>): void => {
    const { upstream, scheme, stream, version } = known;
    const component: Component = { ...known, purl: upstream, edge: 'contains', package: 'any', patched: [] };
    components.set([upstream, scheme, stream, version].join(' '), component);
  };
  for (const { package: upstream, scheme, stream, ranges, versions } of records.flatMap(({ affected }) => affected)) {
    const named = [
      ...ranges.flatMap(({ introduced, fixed, lastAffected }) => [introduced, fixed, lastAffected]),
      ...versions.slice(0, 3),
    ];
    for (const version of named) {
      if (version === null || components.size > DISTINCT_COMPONENTS / (1 + QUIET_PACKAGES)) continue;
      add({ upstream, scheme, stream: stream ?? '1', version });
    }
  }
  for (let number = 0; components.size < DISTINCT_COMPONENTS; number += 1) {
    add({
      upstream: `pkg:npm/quiet-${number % 20_000}`,
      scheme: 'semver',
      stream: '1',
      version: `1.${Math.floor(number / 20_000)}.0`,
    });
  }
  return [...components.values()];
}

/** A few are nearly everywhere, most are in few images. */
function holdsOf(image: number, components: number): Uint32Array {
  const next = numbersFrom(image + 1);
  const step = 7_919;
  return Uint32Array.from({ length: COMPONENTS_PER_IMAGE }, () => {
    const rank = Math.floor(next() ** 3 * components);
    return (rank * step) % components;
  });
}

/** Chance that is the same in every run (a linear congruential generator of Numerical Recipes). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function timesOf(history: History, records: Iterable<RecordHistory>) {
  const ms: number[] = [];
  let lines = 0;
  for (const record of records) {
    const start = performance.now();
    const found = linesThatMayHold(history, record);
    ms.push(performance.now() - start);
    lines += found.length;
  }
  invariant(lines > 0, 'some image is affected');
  return { ms, lines };
}

/** Milliseconds for one advisory when all images are matched again. */
function naive(history: History, records: readonly RecordHistory[]): number {
  let affected = 0;
  const ms = millisecondsOf(() => {
    for (const record of records) {
      const statements = record.readings.flatMap((reading) => [...reading.affected.values()].flat());
      const covers = ({ upstream, version, stream }: Component): boolean =>
        statements.some((each) => each.package === upstream && verdictOf(each, version, stream) === 'affected');
      affected += [...history.inventories.values()].filter(({ components }) =>
        componentsAt(history, components).some((each) => covers(each.component)),
      ).length;
    }
  });
  invariant(affected >= 0, 'images are counted');
  return ms / records.length;
}

function millisecondsOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
