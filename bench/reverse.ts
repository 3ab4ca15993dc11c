import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../src/core/invariant.ts';
import type { AdvisoryRecord } from '../src/core/match/advisory.ts';
import { verdictOf } from '../src/core/match/match.ts';
import { ReverseIndex, type DistinctComponent } from '../src/core/match/reverse-index.ts';
import type { Measured } from './main.ts';
import { someAdvisories } from './support/advisory-rows.ts';

const IMAGES = Number(process.env['SUTURE_BENCH_IMAGES'] ?? 10_000);
const COMPONENTS_PER_IMAGE = 500;
const DISTINCT_COMPONENTS = 120_000;
/** For each package that some advisory is about, so many that none is about. */
const QUIET_PACKAGES = 2;

/** Every published advisory as if it came now, against all images of a large catalog; and what a look at each image costs. */
export async function run(): Promise<Measured> {
  const read = process.env['SUTURE_BENCH_ADVISORIES'];
  return read === undefined ? inOwnProcess() : measure(JSON.parse(readFileSync(read, 'utf8')) as Advisories);
}

interface Advisories {
  readonly isReal: boolean;
  readonly records: readonly AdvisoryRecord[];
}

/** To read the feeds takes more memory than what is measured, so another process does that. */
function inOwnProcess(): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'suture-bench-'));
  try {
    const file = join(folder, 'advisories.json');
    writeFileSync(file, JSON.stringify(advisories()));
    const env = { ...process.env, SUTURE_BENCH_ADVISORIES: file };
    const main = join(import.meta.dirname, 'main.ts');
    return JSON.parse(execFileSync(process.execPath, [main, 'reverse'], { env, encoding: 'utf8' })) as Measured;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure({ isReal, records }: Advisories): Measured {
  const components = componentsOf(records);
  const images = Array.from({ length: IMAGES }, (_, image) => ({
    line: `image-${image}:1`,
    holds: holdsOf(image, components.length),
  }));
  const index = new ReverseIndex();
  const start = performance.now();
  for (const { line, holds } of images) index.put(line, pick(components, holds));
  const buildS = (performance.now() - start) / 1000;
  for (const record of records.slice(0, 2_000)) index.affectedBy(record);
  const [first, second] = [timesOf(index, records), timesOf(index, records)];
  // The quieter of two turns: others use this machine as well.
  const times = first.ms.map((ms, at) => Math.min(ms, second.ms[at] ?? ms));
  const putMs = millisecondsOf(() => index.put('image-0:1', pick(components, holdsOf(IMAGES, components.length))));
  const naiveUs = naive(
    records.filter((_, at) => at % 2_000 === 0),
    { images, components },
  );
  return {
    figures: {
      meanUs: rounded((times.reduce((sum, ms) => sum + ms, 0) / times.length) * 1000),
      worstMs: rounded(Math.max(...times)),
      rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
      buildS: rounded(buildS),
      putMs: rounded(putMs),
      advisories: records.length,
      realAdvisories: isReal ? records.length : 0,
      distinctComponents: components.length,
      componentHits: first.components,
      imageHits: first.lines,
    },
    ratio: { against: 'a look at each image', value: rounded(naiveUs / mean(times)) },
  };
}

function advisories(): Advisories {
  const { isReal, sources } = someAdvisories();
  const records = sources.flatMap(({ records }) => records);
  return { isReal, records: records.map((record) => ({ ...record, summary: '' })) };
}

/** Versions around those that advisories name, and packages that they never speak of. */
function componentsOf(records: readonly AdvisoryRecord[]): readonly DistinctComponent[] {
  const components = new Map<string, DistinctComponent>();
  const add = (component: DistinctComponent): void => {
    components.set(Object.values(component).join(' '), component);
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

function* pick(components: readonly DistinctComponent[], holds: Uint32Array): Iterable<DistinctComponent> {
  for (const number of holds) {
    const component = components[number];
    if (component !== undefined) yield component;
  }
}

function timesOf(index: ReverseIndex, records: readonly AdvisoryRecord[]) {
  const ms: number[] = [];
  let [components, lines] = [0, 0];
  for (const record of records) {
    const start = performance.now();
    const found = index.affectedBy(record);
    ms.push(performance.now() - start);
    components += found.components.length;
    lines += found.lines.length;
  }
  invariant(lines > 0, 'some image is affected');
  return { ms, components, lines };
}

interface World {
  readonly images: readonly { readonly holds: Uint32Array }[];
  readonly components: readonly DistinctComponent[];
}

/** Milliseconds for one advisory when all images are matched again. */
function naive(records: readonly AdvisoryRecord[], { images, components }: World): number {
  let affected = 0;
  const ms = millisecondsOf(() => {
    for (const record of records) {
      const covers = ({ upstream, version, stream }: DistinctComponent): boolean =>
        record.affected.some((each) => each.package === upstream && verdictOf(each, version, stream) === 'affected');
      affected += images.filter(({ holds }) =>
        holds.some((number) => covers(components[number] as DistinctComponent)),
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
