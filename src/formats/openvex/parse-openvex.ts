import * as z from 'zod';
import type { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord, VexProduct, VexStatement } from '../../core/match/advisory.ts';
import { instantOf } from '../osv/instant-of.ts';
import { unusableRecord } from '../unusable-record.ts';
import { justifications } from './encode-openvex.ts';

const text = z
  .string()
  .max(20_000)
  .refine((value) => value.isWellFormed(), 'text without lone surrogates');

/** Version 0.0.1 had bare texts in both places. */
const identified = z.object({
  '@id': text.optional(),
  identifiers: z.object({ purl: text.optional() }).optional(),
  hashes: z.object({ 'sha-256': text.optional() }).optional(),
});
const component = identified.or(text.transform((id): z.infer<typeof identified> => ({ '@id': id })));
const product = identified
  .extend({ subcomponents: z.array(component).max(10_000).default([]) })
  .or(text.transform((id) => ({ '@id': id, subcomponents: [] })));

const statement = z
  .object({
    vulnerability: z
      .object({ '@id': text.optional(), name: text.optional(), aliases: z.array(text).max(1_000).default([]) })
      .or(text.transform((name) => ({ '@id': undefined, name, aliases: [] }))),
    timestamp: text.optional(),
    last_updated: text.optional(),
    products: z.array(product).max(100_000).default([]),
    status: z.enum(['fixed', 'affected', 'under_investigation', 'not_affected']),
    justification: z.enum(justifications).optional(),
    impact_statement: text.optional(),
    action_statement: text.optional(),
  })
  .refine(
    ({ status, justification, impact_statement: impact }) =>
      status !== 'not_affected' || justification !== undefined || (impact ?? '') !== '',
    'not_affected needs a justification or an impact statement',
  );

const document = z.object({
  '@context': text.regex(/^https:\/\/openvex\.dev\/ns(?:\/v[0-9.]+)?$/, 'an OpenVEX context'),
  '@id': z.string().regex(/^[^\s\p{C}]{1,1000}$/u, 'an id without blanks'),
  author: text,
  timestamp: text,
  last_updated: text.optional(),
  statements: z.array(z.unknown()).max(200_000),
});

export interface VexDocument {
  /** One record for each vulnerability that it speaks of, with its statements. */
  readonly records: readonly AdvisoryRecord[];
  /** Where all of them come from: what is not among them any more is no longer stated. */
  readonly source: string;
  /** Statements that cannot be used. */
  readonly problems: readonly Failure[];
}

/**
 * Somebody's OpenVEX document (OpenVEX 0.2.0). Statements are told as they stand: whether a product is ours, and whether
 * its author is believed, is for whoever judges findings. Throws Failure E0202 when it is no such document.
 */
export function parseOpenvex(json: unknown, { name }: { readonly name: string }): VexDocument {
  const parsed = document.safeParse(json);
  if (!parsed.success) throw unusableRecord(name, { why: issueOf(parsed.error) });
  const said = parsed.data;
  const at = instantOf(said.timestamp);
  if (at === null) throw unusableRecord(name, { at: `${name}: timestamp`, why: 'it is no instant' });
  const problems: Failure[] = [];
  const stated = said.statements.flatMap((each, index): readonly Stated[] => {
    const read = statement.safeParse(each);
    const why = read.success ? undefined : issueOf(read.error);
    const found = read.success ? statedIn(read.data, { author: said.author, at }) : undefined;
    if (found !== undefined) return [found];
    const place = `${name}: statements[${index}]`;
    problems.push(unusableRecord(name, { at: place, why: why ?? 'the vulnerability has no id' }));
    return [];
  });
  const source = `openvex ${said['@id']}`;
  const modified = latest([at, instantOf(said.last_updated) ?? at]);
  const byId = Map.groupBy(stated, ({ id }) => id);
  return { records: [...byId].map(([id, all]) => recordOf(id, all, { source, at, modified })), source, problems };
}

interface Stated {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly statement: VexStatement;
}

const ID = /^[A-Za-z][\w.:+~-]{1,199}$/;

/** A statement's own time before the document's. */
function statedIn(
  said: z.infer<typeof statement>,
  document: { readonly author: string; readonly at: string },
): Stated | undefined {
  const { name, '@id': address, aliases } = said.vulnerability;
  const id = [name, address, address?.slice(address.lastIndexOf('/') + 1)].find((each) => ID.test(each ?? ''));
  if (id === undefined) return undefined;
  return {
    id,
    aliases: aliases.filter((alias) => alias !== id && ID.test(alias)),
    statement: {
      status: said.status,
      justification: said.justification ?? null,
      note: said.impact_statement ?? said.action_statement ?? '',
      products: said.products.map(productOf),
      author: document.author,
      statedAt: instantOf(said.last_updated) ?? instantOf(said.timestamp) ?? document.at,
    },
  };
}

function productOf(
  product: z.infer<typeof identified> & { readonly subcomponents: readonly z.infer<typeof identified>[] },
): VexProduct {
  return { ids: idsOf(product), subcomponents: product.subcomponents.map(idsOf) };
}

function idsOf({ '@id': id, identifiers, hashes }: z.infer<typeof identified>): readonly string[] {
  const digest = hashes?.['sha-256'];
  const ids = [identifiers?.purl, id, digest === undefined ? undefined : `sha256:${digest}`];
  return [...new Set(ids.filter((each) => each !== undefined && each !== ''))] as readonly string[];
}

function recordOf(
  id: string,
  stated: readonly Stated[],
  { source, at, modified }: { readonly source: string; readonly at: string; readonly modified: string },
): AdvisoryRecord {
  return {
    id,
    source,
    aliases: [...new Set(stated.flatMap(({ aliases }) => aliases))],
    summary: '',
    published: at,
    modified: latest([modified, ...stated.map(({ statement }) => statement.statedAt)]),
    withdrawn: null,
    severities: [],
    affected: [],
    exploitedSince: null,
    epss: null,
    malicious: false,
    statements: stated.map(({ statement }) => statement),
  };
}

function latest(instants: readonly string[]): string {
  return instants.toSorted((a, b) => Temporal.Instant.compare(a, b)).at(-1) ?? '';
}

function issueOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.map(String).join('.') || 'the document'}: ${issue?.message ?? 'not as OpenVEX says it'}`;
}
