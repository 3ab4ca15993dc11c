import type { RunQuestions } from '../../factory/deps.ts';
import type { LateSource, Pulse } from '../../core/forecast/pulse.ts';
import type { EndedRun, PastRun } from '../../core/forecast/stage-durations.ts';
import type { Queue } from '../../core/forecast/queue.ts';
import type { StepKind } from '../../core/plan/step.ts';
import type { Sql } from './sql.ts';

export interface LivenessQuestions extends RunQuestions {
  /** Null before the first turn. */
  pulse(): Promise<Pulse | null>;
  /** The last look at an upstream in each form and place that it is looked at. */
  looksAt(upstream: string): Promise<readonly { readonly form: string; readonly at: Temporal.Instant }[]>;
}

/** So many show how long each kind takes by now; older ones speak of older machines. */
const RUNS_ASKED = 2000;

/** What is asked of the operations log, of the looks and of the last sign of life. */
export function livenessQuestions(sql: Sql): LivenessQuestions {
  return {
    async pulse() {
      const [row] = await sql.all<{ at: string; json: string }>('select at, json from pulse');
      return row === undefined ? null : pulseFrom(row);
    },
    async lastRuns() {
      const text = `select kind, target, seconds from operations
        where kind is not null and level = 'info' order by id desc limit ${RUNS_ASKED}`;
      return await sql.all<PastRun>(text);
    },
    async runsOf(targets) {
      const runs: EndedRun[] = [];
      for (const target of targets) {
        const text = `select at, kind, target, seconds, level from operations
          where target = ?1 and kind is not null order by id desc limit ${RUNS_ASKED}`;
        runs.push(...(await sql.all<StoredRun>(text, [target])).map(runFrom));
      }
      return runs.toSorted((a, b) => Temporal.Instant.compare(a.from, b.from));
    },
    async looksAt(upstream) {
      // Looks at suites are kept under `pkg:deb/debian/curl (bookworm)`: see watch-upstreams.ts.
      const text = `select upstream, form, at from looks
        where upstream = ?1 or substr(upstream, 1, ?3) = ?2 order by upstream, form`;
      const rows = await sql.all<{ upstream: string; form: string; at: string }>(text, [
        upstream,
        `${upstream} (`,
        upstream.length + 2,
      ]);
      return rows.map(({ upstream: place, form, at }) => ({
        form: `${form}${place.slice(upstream.length)}`,
        at: Temporal.Instant.from(at),
      }));
    },
  };
}

interface StoredRun {
  readonly at: string;
  readonly kind: string;
  readonly target: string;
  readonly seconds: number;
  readonly level: string;
}

function runFrom({ at, kind, target, seconds, level }: StoredRun): EndedRun {
  const to = Temporal.Instant.from(at);
  const from = to.subtract({ milliseconds: Math.round(seconds * 1000) });
  return { kind: kind as StepKind, target, seconds, from, to, failed: level === 'error' };
}

type StoredPulse = Omit<Pulse, 'at' | 'queue' | 'sources'> & {
  readonly sources: { readonly watched: number; readonly late: readonly (Omit<LateSource, 'lookedAt'> & Stored)[] };
  readonly queue: Omit<Queue, 'held'> & {
    readonly held: readonly (Omit<Queue['held'][number], 'until'> & { readonly until: string | null })[];
  };
};

interface Stored {
  readonly lookedAt: string | null;
}

function pulseFrom({ at, json }: { readonly at: string; readonly json: string }): Pulse {
  const { sources, queue, ...rest } = JSON.parse(json) as StoredPulse;
  return {
    ...rest,
    at: Temporal.Instant.from(at),
    sources: {
      ...sources,
      late: sources.late.map((late) => ({ ...late, lookedAt: instantOrNull(late.lookedAt) })),
    },
    queue: { ...queue, held: queue.held.map((held) => ({ ...held, until: instantOrNull(held.until) })) },
  };
}

function instantOrNull(text: string | null): Temporal.Instant | null {
  return text === null ? null : Temporal.Instant.from(text);
}
