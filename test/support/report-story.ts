import type { ReportFacts } from '../../src/serve/look-up-report.ts';
import { chainedLedger, type ChainedLedger } from './chained-ledger.ts';
import { ledgerOf, policyWith, type Told } from './promise-story.ts';

/** A quarter of three image lines in which everything happens once that a report has a word for. */

const LINES = ['web:1', 'web:2', 'old:9'] as const;

export function reportLedger(signing: Parameters<typeof chainedLedger>[1] = null): ChainedLedger {
  return chainedLedger(ledgerOf(reportStory), signing);
}

function advisory(at: string, id: string, more: Partial<Told & { type: 'advisory-recorded' }>): Told {
  return { type: 'advisory-recorded', at, id, severity: 'high', affected: [], ...more };
}

function released(at: string, upstream: string, version: string): readonly Told[] {
  const before = Temporal.Instant.from(at).subtract({ hours: 1 }).toString();
  const looked = { type: 'looked', upstream, stream: '1' } as const;
  return [
    { ...looked, at: before, versions: [] },
    {
      ...looked,
      at: Temporal.Instant.from(at).add({ minutes: 14 }).toString(),
      versions: [version],
      publishedAt: { [version]: at },
    },
  ];
}

function confirmed(at: string, line: string, versions: Readonly<Record<string, string>>): Told {
  const contains = Object.fromEntries(
    Object.entries(versions).map(([name, version]) => [name, { stream: '1', version }]),
  );
  return { type: 'image-confirmed', at, line, arch: 'amd64', contains };
}

const FLAWED = { curl: '1.0.0', tls: '1.0.0', xml: '1.0.0', zip: '1.0.0', sql: '1.0.0', png: '1.0.0', tar: '1.0.0' };
type Affected = Extract<Told, { type: 'advisory-recorded' }>['affected'];

function fixedBy(upstream: string): Affected {
  return [{ upstream, stream: '1', fixed: '1.0.1' }];
}

const reportStory: readonly Told[] = [
  { type: 'policy-adopted', at: '2026-06-01T00:00:00Z', from: '2026-06-01T00:00:00Z', policy: policyWith({}) },
  ...LINES.map(
    (line): Told => ({
      type: 'line-declared',
      at: '2026-06-01T00:00:01Z',
      line,
      arches: ['amd64'],
      ...(line === 'old:9' ? { supportUntil: '2026-07-20T00:00:00Z' } : {}),
    }),
  ),
  ...LINES.map((line) => confirmed('2026-06-02T08:00:00Z', line, FLAWED)),
  // Met in both lines, with a day to spare.
  advisory('2026-07-02T08:00:00Z', 'CVE-2026-1001', { severity: 'critical', affected: fixedBy('curl') }),
  ...released('2026-07-03T08:00:00Z', 'curl', '1.0.1'),
  ...LINES.map((line) => confirmed('2026-07-04T08:00:00Z', line, { ...FLAWED, curl: '1.0.1' })),
  // Missed by two hours; later it turns out that one line was pulled clean an hour earlier.
  advisory('2026-07-05T08:00:00Z', 'CVE-2026-1002', { affected: fixedBy('tls') }),
  ...released('2026-07-06T08:00:00Z', 'tls', '1.0.1'),
  {
    type: 'exception-granted',
    kind: 'hold',
    at: '2026-07-06T12:00:00Z',
    id: 'CVE-2026-1002',
    line: 'web:1',
    until: '2026-07-30T00:00:00Z',
  },
  ...LINES.map((line) => ({
    ...confirmed('2026-07-08T10:00:00Z', line, { ...FLAWED, curl: '1.0.1', tls: '1.0.1' }),
    note: `tls in ${line}`,
  })),
  // Not reachable, says a statement; and one record is withdrawn.
  advisory('2026-07-10T08:00:00Z', 'CVE-2026-1003', { severity: 'medium', affected: fixedBy('xml') }),
  ...LINES.map((line): Told => ({ type: 'statement-made', at: '2026-07-11T08:00:00Z', id: 'CVE-2026-1003', line })),
  advisory('2026-07-10T09:00:00Z', 'CVE-2026-1004', { affected: fixedBy('zip') }),
  advisory('2026-07-12T09:00:00Z', 'CVE-2026-1004', { affected: fixedBy('zip'), rejected: true }),
  // Fixed before anybody had to.
  advisory('2026-07-14T08:00:00Z', 'CVE-2026-1005', { severity: 'low', affected: fixedBy('sql') }),
  ...LINES.map((line) =>
    confirmed('2026-07-15T08:00:00Z', line, { ...FLAWED, curl: '1.0.1', tls: '1.0.1', sql: '1.0.1' }),
  ),
  // Overdue, but one line has an agreement.
  advisory('2026-07-27T08:00:00Z', 'CVE-2026-1006', { severity: 'critical', affected: fixedBy('png') }),
  ...released('2026-07-28T08:00:00Z', 'png', '1.0.1'),
  {
    type: 'exception-granted',
    kind: 'waiver',
    at: '2026-07-28T12:00:00Z',
    id: 'CVE-2026-1006',
    line: 'web:2',
    until: '2026-09-01T00:00:00Z',
  },
  {
    type: 'policy-adopted',
    at: '2026-07-29T00:00:00Z',
    from: '2026-07-29T00:00:00Z',
    policy: policyWith({ promise: { low: 864_000 } }),
  },
  // The clock runs; upstream has nothing.
  advisory('2026-08-01T08:00:00Z', 'CVE-2026-1007', { severity: 'medium', affected: fixedBy('tar') }),
  ...released('2026-08-02T08:00:00Z', 'tar', '1.0.1'),
  advisory('2026-08-01T09:00:00Z', 'CVE-2026-1008', {
    severity: 'low',
    affected: [{ upstream: 'zip', stream: '1', fixed: null }],
  }),
  {
    type: 'evidence-corrected',
    at: '2026-08-01T10:00:00Z',
    corrects: 'tls in web:2',
    from: '2026-07-08T09:00:00Z',
    to: '2026-07-08T09:00:01Z',
  },
];

/** The same as a report reads it. */
export function literalReport(signing: Parameters<typeof chainedLedger>[1] = null): ReportFacts {
  const { entries, inventories } = reportLedger(signing);
  return {
    async *chain(after = 0) {
      yield entries.slice(after);
    },
    inventory: async (digest) => inventories.get(digest),
  };
}
