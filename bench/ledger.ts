import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measured } from './main.ts';
import type { LedgerWork, Spent } from './support/ledger-work.ts';

const factCount = Number(process.env['SUTURE_BENCH_FACTS'] ?? 1_000_000);
const singleCount = 300;

/** Durable appends in batches, the verification of the whole chain, and all obligations derived from it anew. */
export function run(): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'suture-bench-'));
  try {
    const singly = spent('append-singly', join(folder, 'singles.db'), singleCount);
    const store = join(folder, 'ledger.db');
    const appended = spent('append', store, factCount);
    const verified = spent('verify', store, factCount);
    const rebuilt = spent('rebuild', store, factCount);
    const appendPerS = factCount / appended.seconds;
    return {
      figures: {
        appendPerS: Math.round(appendPerS),
        verifyS: rounded(verified.seconds),
        rebuildS: rounded(rebuilt.seconds),
        facts: factCount,
        appendRssMb: Math.round(appended.rssMb),
        verifyRssMb: Math.round(verified.rssMb),
        rebuildRssMb: Math.round(rebuilt.rssMb),
      },
      ratio: {
        against: 'one transaction for each fact',
        value: rounded(appendPerS / (singleCount / singly.seconds)),
      },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Each work in a process of its own, so that its memory is its own as well. */
function spent(work: LedgerWork, store: string, facts: number): Spent {
  const script = join(import.meta.dirname, 'support/ledger-work.ts');
  const answer = execFileSync(process.execPath, [...process.execArgv, script, work, store, String(facts)]);
  return JSON.parse(answer.toString()) as Spent;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
