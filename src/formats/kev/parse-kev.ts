import * as z from 'zod';
import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord } from '../../core/match/advisory.ts';

const day = z.iso.date();

const kevEntry = z.object({
  cveID: z.string().regex(/^CVE-[0-9]{4}-[0-9]{4,}$/, 'a CVE id'),
  vulnerabilityName: z.string().max(10_000).optional(),
  dateAdded: day,
});

const kevCatalog = z.object({ dateReleased: z.string().max(100), vulnerabilities: z.array(z.unknown()).max(100_000) });

export interface KevCatalog {
  /** One record for each entry: known as exploited since its day began, in UTC. */
  readonly records: readonly AdvisoryRecord[];
  readonly released: Temporal.Instant;
  /** Entries that are none. */
  readonly problems: readonly Failure[];
}

/** The catalog of known exploited vulnerabilities (its JSON schema). Throws Failure E0202 when it is none at all. */
export function parseKev(json: unknown, name: string): KevCatalog {
  const parsed = kevCatalog.safeParse(json);
  if (!parsed.success) throw unusable(name, name, parsed.error.issues[0]?.message);
  const problems: Failure[] = [];
  const records = parsed.data.vulnerabilities.flatMap((entry, index) => {
    const read = kevEntry.safeParse(entry);
    if (read.success) return [recordOf(read.data)];
    const issue = read.error.issues[0];
    problems.push(unusable(name, `${name}: vulnerabilities[${index}].${issue?.path.join('.') ?? ''}`, issue?.message));
    return [];
  });
  return { records, released: releasedAt(parsed.data.dateReleased, name), problems };
}

function recordOf(entry: z.infer<typeof kevEntry>): AdvisoryRecord {
  const since = `${entry.dateAdded}T00:00:00Z`;
  return {
    id: entry.cveID,
    source: 'kev',
    aliases: [],
    summary: (entry.vulnerabilityName ?? '').slice(0, 300).toWellFormed(),
    published: since,
    modified: since,
    withdrawn: null,
    severities: [],
    affected: [],
    exploitedSince: since,
    epss: null,
    malicious: false,
  };
}

function releasedAt(text: string, name: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text);
  } catch (error) {
    throw unusable(name, `${name}: dateReleased`, String(error));
  }
}

function unusable(name: string, at: string, why: string | undefined): Failure {
  return new Failure('E0202', `${name} holds something that cannot be used`, {
    at,
    why: why ?? 'not as its schema says',
    kept: 'what was known as exploited stays so',
    hint: 'the next look reads it again',
    retryable: true,
  });
}
