import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../src/core/invariant.ts';
import { openStore } from '../src/io/store/open-store.ts';
import { placesOf } from '../src/wire/places.ts';
import type { Measured } from './main.ts';
import { noteBusyPulse } from './support/busy-pulse.ts';
import { projectObligations } from './support/obligation-rows.ts';

const OPEN = Number(process.env['SUTURE_BENCH_OPEN'] ?? 50_000);
const RUNS = 31;
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
    await noteBusyPulse(store, now);
    await store.close();
    const measure = measurer(join(folder, 'compile-cache'));
    const [bare = none, help = none, status = none] = measure([
      ['-e', '0'],
      [MAIN, '--help'],
      [MAIN, 'status', '--cwd', catalog],
    ]);
    return {
      figures: {
        nodeMs: rounded(bare.wallMs),
        helpOverNodeMs: rounded(help.wallMs - bare.wallMs),
        statusOverNodeMs: rounded(status.wallMs - bare.wallMs),
        nodeCpuMs: rounded(bare.cpuMs),
        helpOverNodeCpuMs: rounded(help.cpuMs - bare.cpuMs),
        statusOverNodeCpuMs: rounded(status.cpuMs - bare.cpuMs),
        open: OPEN,
      },
      ratio: { against: 'bare Node', value: rounded(help.wallMs / bare.wallMs) },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of one cold process: the median of the time it took, the mean of the work it was, which a busy machine changes less. */
interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const none: Cost = { wallMs: 0, cpuMs: 0 };

/** Taken in turns, so that a busy moment falls on all of them alike. */
function measurer(compileCache: string): (commands: readonly (readonly string[])[]) => readonly Cost[] {
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache, DATABASE_URL: undefined };
  const once = (command: readonly string[]): Cost => {
    const [start, cpu] = [performance.now(), childrenCpuMs()];
    const { status, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...command], {
      env,
    });
    const wallMs = performance.now() - start;
    invariant(status === 0, `the measured command ends well: ${stderr.toString()}`);
    return { wallMs, cpuMs: childrenCpuMs() - cpu };
  };
  return (commands) => {
    for (const command of [...commands, ...commands]) once(command);
    const costs = commands.map((): Cost[] => []);
    for (let turn = 0; turn < RUNS; turn += 1) {
      for (const [index, command] of commands.entries()) costs[index]?.push(once(command));
    }
    return costs.map((each) => ({
      wallMs: each.map(({ wallMs }) => wallMs).sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0,
      cpuMs: each.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / RUNS,
    }));
  };
}

/** Work of all children that have ended: cutime and cstime, in hundredths of a second (proc(5), /proc/pid/stat). */
function childrenCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The second field is the program's name in brackets, with any character in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
