import { createHash } from 'node:crypto';
import type { SeverityLevel } from '../../src/core/match/advisory.ts';
import type { Clock, Obligation, Standing } from '../../src/core/promise/standing.ts';

/** The instant at which the literal world of these tests is looked at. */
export const NOW = Temporal.Instant.from('2026-08-02T11:30:00Z');

/** When the bytes that hold the flaws were first confirmed. */
const FIRST = Temporal.Instant.from('2026-07-12T10:05:01Z');

export interface ObligationSketch {
  readonly vulnerability: string;
  readonly line: string;
  readonly standing: Standing;
  readonly level?: SeverityLevel;
  readonly score?: number | null;
  readonly component?: string;
  readonly version?: string;
  readonly fix?: string | null;
  readonly t0?: string | null;
  readonly hours?: number;
  readonly t1?: string | null;
  readonly summary?: string;
  readonly aliases?: readonly string[];
  readonly exploited?: boolean;
  readonly discoveredAt?: string;
  readonly hold?: Obligation['hold'];
  readonly waiver?: Obligation['waiver'];
}

/** A whole obligation from what matters in a test: one claim, one architecture, both clocks alike. */
export function obligation(sketch: ObligationSketch): Obligation {
  const { vulnerability, line, standing, component = 'openssl', fix = '3.0.18' } = sketch;
  const clock = clockOf(sketch);
  const id = createHash('sha256').update(`${vulnerability} ${line}`).digest('hex');
  const old = clock.t1 !== null && Temporal.Instant.compare(clock.t1, FIRST) <= 0;
  const exposure = old
    ? { from: FIRST.subtract({ hours: 240 }), to: clock.t1, fromFact: `confirmed ${line} earlier` }
    : { from: FIRST, to: clock.t1, fromFact: `confirmed ${line} first` };
  const ended = clock.t1 === null ? null : old ? `confirmed ${line} first` : `confirmed ${line} ${clock.t1.toString()}`;
  return {
    id,
    vulnerability,
    aliases: sketch.aliases ?? [],
    summary: sketch.summary ?? `A flaw in ${component}`,
    line,
    severity: {
      level: sketch.level ?? 'high',
      by: {
        source: 'vendor',
        type: 'CVSS_V3.1',
        vector: null,
        score: sketch.score === undefined ? 8.1 : sketch.score,
        level: sketch.level ?? 'high',
      },
    },
    exploited: sketch.exploited ?? false,
    standing,
    clock,
    clocks: { release: clock, releaseAndKnown: clock },
    claims: [
      {
        upstream: `pkg:generic/${component}`,
        stream: '3.0',
        standing,
        clock,
        versions: clock.t1 === null ? [sketch.version ?? '3.0.17'] : [],
        packages: [component],
        fix:
          standing === 'waiting' || fix === null
            ? null
            : { version: fix, stream: '3.0', fact: `release ${component} ${fix}` },
        endedBy: ended,
        architectures: [
          {
            architecture: 'amd64',
            standing,
            clock,
            exposures: [{ ...exposure, toFact: ended }],
          },
        ],
      },
    ],
    discoveredAt: Temporal.Instant.from(sketch.discoveredAt ?? '2026-07-31T15:04:40Z'),
    waiver: sketch.waiver ?? null,
    hold: sketch.hold ?? null,
  };
}

function clockOf({ t0, hours = 48, t1 = null, standing }: ObligationSketch): Clock {
  if (standing === 'waiting' || t0 === undefined || t0 === null) {
    return {
      t0: null,
      due: null,
      t1: t1 === null ? null : Temporal.Instant.from(t1),
      missedAt: null,
      marginSeconds: null,
    };
  }
  const start = Temporal.Instant.from(t0);
  const due = start.add({ hours });
  const end = t1 === null ? null : Temporal.Instant.from(t1);
  const late = end === null ? Temporal.Instant.compare(NOW, due) > 0 : Temporal.Instant.compare(end, due) > 0;
  return {
    t0: start,
    due,
    t1: end,
    missedAt: late ? due.add({ seconds: 1 }) : null,
    marginSeconds: end === null ? null : Math.floor((due.epochMilliseconds - end.epochMilliseconds) / 1000),
  };
}
