import { createHash } from 'node:crypto';
import type { Clock, Obligation, Standing } from '../../src/core/promise/standing.ts';

/** A plausible obligation, the n-th: severities, lines and deadlines spread as in a large catalog. */
export function benchObligation(n: number, standing: Standing, now: Temporal.Instant): Obligation {
  const vulnerability = `CVE-2026-${String(n % 20_000).padStart(5, '0')}`;
  const line = `image-${n % 1000}:${Math.floor(n / 20_000)}`;
  const level = (['critical', 'high', 'medium', 'low'] as const)[n % 4] ?? 'low';
  const clock = clockOf(n, standing, now);
  const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
  return {
    id: hex(`${vulnerability} ${line}`),
    vulnerability,
    aliases: [
      `GHSA-${hex(vulnerability).slice(0, 4)}-${hex(vulnerability).slice(4, 8)}-${hex(vulnerability).slice(8, 12)}`,
    ],
    summary: 'A record longer than its buffer is copied before its length is checked',
    line,
    severity: { level, by: { source: 'vendor', type: 'CVSS_V3.1', vector: null, score: 8.1, level } },
    exploited: n % 97 === 0,
    standing,
    clock,
    clocks: { release: clock, releaseAndKnown: clock },
    claims: [
      {
        upstream: `pkg:generic/library-${n % 400}`,
        stream: '3.0',
        standing,
        clock,
        versions: ['3.0.17'],
        packages: [`library-${n % 400}`],
        fix: standing === 'waiting' ? null : { version: '3.0.18', stream: '3.0', fact: hex(`release ${n % 400}`) },
        endedBy: clock.t1 === null ? null : hex(`confirmed ${line}`),
        architectures: [
          {
            architecture: 'amd64',
            standing,
            clock,
            exposures: [
              {
                from: now.subtract({ hours: 2000 }),
                to: clock.t1,
                fromFact: hex(`first ${line}`),
                toFact: clock.t1 === null ? null : hex(`confirmed ${line}`),
              },
            ],
          },
        ],
      },
    ],
    discoveredAt: now.subtract({ minutes: n % 100_000 }),
    waiver: null,
    hold: null,
  };
}

function clockOf(n: number, standing: Standing, now: Temporal.Instant): Clock {
  const seconds = n % 4 < 2 ? 48 * 3600 : 14 * 86_400;
  const none = { t0: null, due: null, t1: null, missedAt: null, marginSeconds: null };
  if (standing === 'waiting') return none;
  if (standing === 'on-track') {
    const due = now.add({ seconds: 60 + ((n * 7919) % (seconds - 60)) });
    return { ...none, t0: due.subtract({ seconds }), due };
  }
  if (standing === 'overdue') {
    const due = now.subtract({ seconds: 1 + (n % 86_400) });
    return { ...none, t0: due.subtract({ seconds }), due, missedAt: due };
  }
  const t1 = now.subtract({ seconds: n * 10 });
  const marginSeconds = standing === 'missed' ? -(1 + (n % 7200)) : (n * 7919) % seconds;
  const due = t1.add({ seconds: marginSeconds });
  return { t0: due.subtract({ seconds }), due, t1, missedAt: standing === 'missed' ? due : null, marginSeconds };
}
