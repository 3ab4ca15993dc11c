import * as z from 'zod';
import { versionSchemes } from '../../core/version/schemes.ts';

/**
 * What we use of an OSV record (OSV schema 1.7.5); everything else may be there or not. Lists may be null, as the schema
 * allows, and what is new to us (a range or severity type, an ecosystem) is read as text and judged later.
 */
const WELL_FORMED = 'text without lone surrogates, which have no bytes';
const text = z.string().max(100_000);
const name = z
  .string()
  .min(1)
  .max(1_000)
  .refine((value) => value.isWellFormed(), WELL_FORMED);
const ID = /^[\w.:+~-]{1,200}$/;
const id = z.string().regex(ID, 'an id has no blanks and at most 200 characters');
const version = z
  .string()
  .max(1_000)
  .refine((value) => value.isWellFormed(), WELL_FORMED);

function list<T extends z.ZodType>(item: T, most: number) {
  return z
    .array(item)
    .max(most)
    .nullish()
    .transform((items) => items ?? []);
}

/** A slip in another name (`GHSA-jf66-3q76-h5p5,` in PYSEC-2022-184) names nothing: it never costs the record. */
function otherIds(most: number) {
  return list(text, most).transform((ids) => ids.filter((each) => ID.test(each)));
}

const event = z.object({
  introduced: version.optional(),
  fixed: version.optional(),
  last_affected: version.optional(),
  limit: version.optional(),
});

const severities = list(z.object({ type: name, score: version }), 100);

/** What our own records may say beside the schema: which stream they mean, and where upstream fixed it already. */
const hints = z.object({
  stream: name.optional(),
  'upstream-commit': z
    .string()
    .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'a full commit id')
    .optional(),
  repository: name.optional(),
  merged: z.boolean().optional(),
  // A package without a registered ecosystem, which the schema has no other place for.
  package: name.optional(),
  scheme: z.enum(versionSchemes).optional(),
  // A record about our own packages: what it names as upstream is what it is about.
  own: z.boolean().optional(),
});

const names = z.array(name).max(10_000).nullish().catch(undefined);

/** What databases add in their own form; a form that is new to us says nothing and never costs the record. */
const ecosystemSpecific = z
  .object({
    // the Go vulnerability database
    imports: z
      .array(z.object({ path: name, symbols: names, goos: names, goarch: names }))
      .max(10_000)
      .optional()
      .catch(undefined),
    custom_ranges: z
      .array(z.object({ type: name, events: z.array(event).max(20_000) }))
      .max(1_000)
      .optional()
      .catch(undefined),
    // RustSec
    affects: z.object({ functions: names, os: names, arch: names }).optional().catch(undefined),
  })
  .nullish()
  .catch(undefined);

const affected = z.object({
  package: z.object({ ecosystem: z.string().max(1_000), name, purl: name.optional() }).nullish(),
  severity: severities,
  ranges: list(z.object({ type: name, repo: name.optional(), events: z.array(event).max(20_000) }), 10_000),
  versions: list(version, 100_000),
  ecosystem_specific: ecosystemSpecific,
  database_specific: z.object({ suture: hints.optional(), informational: z.unknown() }).partial().nullish(),
});

export const osvRecord = z.object({
  id,
  modified: name,
  published: text.nullish(),
  withdrawn: text.nullish(),
  aliases: otherIds(1_000),
  upstream: otherIds(10_000),
  summary: text.nullish(),
  details: z.string().max(1_000_000).nullish(),
  severity: severities,
  affected: list(affected, 10_000),
  database_specific: z
    .object({
      severity: z.unknown(),
      cwe_ids: z.unknown(),
      cna_assigner: z.unknown(),
      github_reviewed: z.unknown(),
      github_reviewed_at: z.unknown(),
      review_status: z.unknown(),
      suture: hints.optional(),
    })
    .partial()
    .nullish(),
});

export type OsvRecord = z.infer<typeof osvRecord>;
export type OsvAffected = OsvRecord['affected'][number];
export type OsvRange = OsvAffected['ranges'][number];
export type OsvEvent = OsvRange['events'][number];
