import * as z from 'zod';
import type { Obligation } from '../../core/promise/standing.ts';

/** The signed record of an obligation's end: what was promised, when it was kept, and the facts that say so. */
export interface Receipt extends Figures {
  readonly line: string;
  readonly standing: 'met' | 'missed' | 'fixed-early' | 'not-affected';
  /** Digests of the statements that this one corrects; what was written once is never changed. */
  readonly supersedes: readonly string[];
}

/** What every record of an obligation says besides how it stands. */
export interface Figures {
  readonly obligation: string;
  readonly vulnerability: string;
  readonly aliases: readonly string[];
  readonly severity: string;
  /** Instants in RFC 3339, UTC; null where that standing has none. */
  readonly t0: string | null;
  readonly due: string | null;
  readonly t1: string | null;
  readonly marginSeconds: number | null;
  /** Ids (SHA-256) of the facts that start and end it. */
  readonly evidence: readonly string[];
}

/** Undefined while the obligation has not ended, or when it ended in a way that nobody gets a receipt for. */
export function receiptOf(obligation: Obligation): Omit<Receipt, 'supersedes'> | undefined {
  const { standing } = obligation;
  if (standing !== 'met' && standing !== 'missed' && standing !== 'fixed-early' && standing !== 'not-affected') {
    return undefined;
  }
  return { ...figuresOf(obligation), line: obligation.line, standing };
}

export function figuresOf(obligation: Obligation): Figures {
  const { clock } = obligation;
  return {
    obligation: obligation.id,
    vulnerability: obligation.vulnerability,
    aliases: obligation.aliases.toSorted(),
    severity: obligation.severity.level,
    t0: textOf(clock.t0),
    due: textOf(clock.due),
    t1: textOf(clock.t1),
    marginSeconds: clock.marginSeconds,
    evidence: evidenceOf(obligation),
  };
}

/** Undefined when the predicate is no receipt of this form. */
export function readReceipt(predicate: unknown): Receipt | undefined {
  const parsed = receiptSchema.safeParse(predicate);
  return parsed.success ? parsed.data : undefined;
}

/** The fields that every record of an obligation has. */
export const figuresSchema = z.object({
  obligation: z.string().regex(/^[0-9a-f]{64}$/),
  vulnerability: z.string().min(1).max(200),
  aliases: z.array(z.string().max(200)).max(1000),
  severity: z.string().max(20),
  t0: z.iso.datetime().nullable(),
  due: z.iso.datetime().nullable(),
  t1: z.iso.datetime().nullable(),
  marginSeconds: z.number().nullable(),
  evidence: z.array(z.string().max(200)).max(10_000),
});

export const supersedesSchema = z
  .array(z.string().regex(/^sha256:[0-9a-f]{64}$/))
  .max(1000)
  .default([]);

const receiptSchema = figuresSchema.extend({
  line: z.string().min(1).max(500),
  standing: z.enum(['met', 'missed', 'fixed-early', 'not-affected']),
  supersedes: supersedesSchema,
});

function evidenceOf(obligation: Obligation): readonly string[] {
  const facts = obligation.claims.flatMap((claim) => [
    claim.fix?.fact,
    claim.endedBy,
    ...claim.architectures.flatMap((architecture) =>
      architecture.exposures.flatMap((exposure) => [exposure.fromFact, exposure.toFact]),
    ),
  ]);
  return [...new Set(facts.filter((fact) => typeof fact === 'string'))].sort();
}

function textOf(instant: Temporal.Instant | null): string | null {
  return instant === null ? null : instant.toString();
}
