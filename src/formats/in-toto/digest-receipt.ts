import * as z from 'zod';
import type { Architecture } from '../../core/fact.ts';
import { isOpen, type Obligation } from '../../core/promise/standing.ts';
import { type Figures, figuresOf, figuresSchema, supersedesSchema } from './receipt.ts';

/** The signed record of a digest: every obligation that it ended or still holds, and where the ledger stood. */
export interface DigestReceipt {
  readonly line: string;
  /** What the tag led to: the index, or the one manifest. */
  readonly digest: string;
  /** Each architecture as it was pulled back and judged. */
  readonly images: readonly ConfirmedDigest[];
  /** RFC 3339, UTC: what became known later is not in it. */
  readonly writtenAt: string;
  /** Until when its maker stands by it: another one replaces it before. Null in those that do not say. */
  readonly validUntil: string | null;
  /** The newest fact when this was written: `suture ledger verify` leads from it to the first one. */
  readonly ledger: { readonly seq: number; readonly hash: string };
  readonly obligations: readonly ListedObligation[];
  /** Digests of the statements that this one replaces. */
  readonly supersedes: readonly string[];
}

export interface ConfirmedDigest {
  readonly architecture: Architecture;
  readonly digest: string;
  /** Digests of what was read from the pulled bytes, and of the advisories that they were held against. */
  readonly inventory: string;
  readonly advisorySet: string;
  /** Id of the fact that confirmed it. */
  readonly fact: string;
}

/** `ended` by this digest; `open` in it; `stated`: in it, and answered by a statement or taken out of the promise. */
export interface ListedObligation extends Figures {
  readonly state: 'ended' | 'open' | 'stated';
  readonly standing: string;
}

/** Each obligation of the line that this digest has to do with, once; sorted, so that the same gives the same. */
export function listedObligations(
  obligations: readonly Obligation[],
  confirmedBy: readonly string[],
): readonly ListedObligation[] {
  return obligations
    .flatMap((obligation) => {
      const state = stateOf(obligation, new Set(confirmedBy));
      return state === undefined ? [] : [{ ...figuresOf(obligation), state, standing: obligation.standing }];
    })
    .toSorted((a, b) => (a.obligation < b.obligation ? -1 : 1));
}

/** Undefined: an earlier digest ended it, or its record was withdrawn. */
function stateOf(obligation: Obligation, confirmedBy: ReadonlySet<string>): ListedObligation['state'] | undefined {
  if (obligation.standing === 'void') return undefined;
  if (isOpen(obligation.standing)) return 'open';
  const exposures = obligation.claims.flatMap((claim) => claim.architectures.flatMap((each) => each.exposures));
  if (exposures.some((exposure) => exposure.to === null)) return 'stated';
  const ends = [...obligation.claims.map((claim) => claim.endedBy), ...exposures.map((exposure) => exposure.toFact)];
  return ends.some((fact) => fact !== null && confirmedBy.has(fact)) ? 'ended' : undefined;
}

/** Undefined when the predicate is no such record. */
export function readDigestReceipt(predicate: unknown): DigestReceipt | undefined {
  const parsed = digestReceiptSchema.safeParse(predicate);
  return parsed.success ? parsed.data : undefined;
}

const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const digestReceiptSchema = z.object({
  line: z.string().min(1).max(500),
  digest: sha256,
  images: z
    .array(
      z.object({
        architecture: z.enum(['amd64', 'arm64']),
        digest: sha256,
        inventory: sha256,
        advisorySet: sha256,
        fact: z.string().max(200),
      }),
    )
    .max(100),
  writtenAt: z.iso.datetime(),
  validUntil: z.iso.datetime().nullable().default(null),
  ledger: z.object({ seq: z.number().int().min(0), hash: z.string().max(200) }),
  obligations: z
    .array(figuresSchema.extend({ state: z.enum(['ended', 'open', 'stated']), standing: z.string().max(50) }))
    .max(100_000),
  supersedes: supersedesSchema,
});

/** The part that makes two of them the same statement: not when it was written, how long it is good, or where the ledger stood. */
export function essenceOf({ line, digest, images, obligations }: Omit<DigestReceipt, 'supersedes' | 'validUntil'>): {
  readonly line: string;
  readonly digest: string;
  readonly images: readonly ConfirmedDigest[];
  readonly obligations: readonly ListedObligation[];
} {
  return { line, digest, images, obligations };
}
