import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../src/core/invariant.ts';
import { openStore } from '../src/io/store/open-store.ts';
import { placesOf } from '../src/wire/places.ts';
import type { Measured } from './main.ts';
import { projectObligations } from './support/obligation-rows.ts';

const OPEN = Number(process.env['SUTURE_BENCH_OPEN'] ?? 50_000);
const RUNS = 21;
const ROOT = join(import.meta.dirname, '..');
const MAIN = join(ROOT, 'src/main.ts');

/** What a command costs above a bare start of the same Node: help, and the board over 50,000 open obligations. */
export async function run(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-bench-'));
  try {
    const catalog = join(folder, 'catalog');
    cpSync(join(ROOT, 'examples/hello'), catalog, { recursive: true });
    const now = Temporal.Now.instant();
    const store = await openStore({ url: placesOf(catalog, {}).store, clock: { now: () => now } });
    await projectObligations(store.obligations, { open: OPEN, closed: 0, now });
    await store.close();
    const measure = measurer(join(folder, 'compile-cache'));
    const [bare = 0, help = 0, status = 0] = measure([
      ['-e', '0'],
      [MAIN, '--help'],
      [MAIN, 'status', '--cwd', catalog],
    ]);
    return {
      figures: {
        nodeMs: rounded(bare),
        helpOverNodeMs: rounded(help - bare),
        statusOverNodeMs: rounded(status - bare),
        open: OPEN,
      },
      ratio: { against: 'bare Node', value: rounded(help / bare) },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Medians of cold processes, taken in turns so that a busy moment falls on all of them alike. */
function measurer(compileCache: string): (commands: readonly (readonly string[])[]) => readonly number[] {
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache, DATABASE_URL: undefined };
  const once = (command: readonly string[]): number => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...command], {
      env,
    });
    invariant(status === 0, `the measured command ends well: ${stderr.toString()}`);
    return performance.now() - start;
  };
  return (commands) => {
    for (const command of commands) once(command);
    const times = commands.map((): number[] => []);
    for (let turn = 0; turn < RUNS; turn += 1) {
      for (const [index, command] of commands.entries()) times[index]?.push(once(command));
    }
    return times.map((each) => each.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0);
  };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
