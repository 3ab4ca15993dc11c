import * as z from 'zod';

/** One statement of a document of ours, as a reader needs it. */
export interface ReadVexEntry {
  readonly vulnerability: string;
  readonly status: 'fixed' | 'affected' | 'under_investigation' | 'not_affected';
  /** Our own word, where we wrote the document. */
  readonly standing: string | null;
  readonly due: Temporal.Instant | null;
}

/** Undefined when the predicate is no OpenVEX 0.2.0 document. */
export function readOpenvex(
  predicate: unknown,
): { readonly timestamp: string; readonly entries: readonly ReadVexEntry[] } | undefined {
  const parsed = openvexSchema.safeParse(predicate);
  if (!parsed.success) return undefined;
  return {
    timestamp: parsed.data.timestamp,
    entries: parsed.data.statements.map((statement) => ({
      vulnerability: statement.vulnerability.name,
      status: statement.status,
      standing: /^standing: ([a-z-]+)/.exec(statement.status_notes ?? '')?.[1] ?? null,
      due: instantOf(/; due: (\S+)$/.exec(statement.status_notes ?? '')?.[1]),
    })),
  };
}

const openvexSchema = z.object({
  '@context': z.literal('https://openvex.dev/ns/v0.2.0'),
  timestamp: z.string(),
  statements: z
    .array(
      z.object({
        vulnerability: z.object({ name: z.string().max(200) }),
        status: z.enum(['fixed', 'affected', 'under_investigation', 'not_affected']),
        status_notes: z.string().max(10_000).optional(),
      }),
    )
    .max(100_000),
});

function instantOf(text: string | undefined): Temporal.Instant | null {
  try {
    return text === undefined ? null : Temporal.Instant.from(text);
  } catch {
    return null;
  }
}
