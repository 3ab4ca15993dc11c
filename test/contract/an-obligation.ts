import { digestOf } from '../../src/core/digest.ts';
import type { Clock, Obligation } from '../../src/core/promise/standing.ts';

const instant = (text: string) => Temporal.Instant.from(text);

/** An obligation with every kind of value that a row must carry; what is not named is a plain default. */
export function anObligation(change: Partial<Obligation> & { readonly clock?: Clock } = {}): Obligation {
  const vulnerability = change.vulnerability ?? 'CVE-2026-0001';
  const line = change.line ?? 'hello:1';
  const clock = change.clock ?? aClock();
  return {
    id: digestOf(`${vulnerability} ${line}`).slice('sha256:'.length),
    vulnerability,
    aliases: ['GHSA-aaaa-bbbb-cccc'],
    summary: 'Reads beyond the end',
    line,
    severity: { level: 'high', by: { source: 'nvd', type: 'label', vector: null, score: 8.1, level: 'high' } },
    exploited: false,
    standing: 'on-track',
    clock,
    clocks: { release: clock, releaseAndKnown: aClock({ t0: null, due: null }) },
    claims: [
      {
        upstream: 'pkg:generic/hello',
        stream: '1.0',
        standing: 'on-track',
        clock,
        versions: ['1.0.0'],
        packages: ['hello'],
        fix: { version: '1.0.1', stream: '1.0', fact: 'f'.repeat(64) },
        endedBy: null,
        architectures: [
          {
            architecture: 'amd64',
            standing: 'on-track',
            clock,
            exposures: [
              { from: instant('2026-02-01T00:00:00Z'), to: null, fromFact: 'a'.repeat(64), toFact: null },
              {
                from: instant('2026-01-01T00:00:00.123456789Z'),
                to: instant('2026-01-02T00:00:00Z'),
                fromFact: 'b'.repeat(64),
                toFact: 'c'.repeat(64),
              },
            ],
          },
        ],
      },
    ],
    discoveredAt: instant('2026-03-01T11:00:00Z'),
    waiver: null,
    hold: { approver: 'ada', reason: 'release week', until: instant('2026-03-20T00:00:00Z') },
    ...change,
  };
}

export function aClock(change: Partial<Clock> = {}): Clock {
  return {
    t0: instant('2026-03-01T10:00:00Z'),
    due: instant('2026-03-03T10:00:00Z'),
    t1: null,
    missedAt: null,
    marginSeconds: null,
    ...change,
  };
}
