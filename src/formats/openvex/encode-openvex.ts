import { digestOf } from '../../core/digest.ts';
import { invariant } from '../../core/invariant.ts';
import type { Standing } from '../../core/promise/standing.ts';
import { documentDate, productPurl, type DescribedImage } from '../oci/described-image.ts';

/** What we say about one vulnerability in one image (OpenVEX 0.2.0 "Status Labels"). */
export type VexEntry = {
  readonly vulnerability: string;
  readonly aliases: readonly string[];
  /** Purls of the components inside that it is about. */
  readonly components: readonly string[];
  /** Our own word for how the promise stands, and the deadline when one runs; read back by `read-openvex.ts`. */
  readonly standing: Standing;
  readonly due: Temporal.Instant | null;
} & VexStatus;

export type VexStatus =
  | { readonly status: 'fixed' }
  /** `action` is what people who run it can do or expect. */
  | { readonly status: 'affected'; readonly action: string }
  | { readonly status: 'under_investigation' }
  | { readonly status: 'not_affected'; readonly justification: Justification; readonly impact: string };

/** OpenVEX 0.2.0 "Status Justifications". */
export const justifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const;
export type Justification = (typeof justifications)[number];

/**
 * One document per image digest with everything we say about it: readers take the first that they find. Entries are
 * sorted, so the same input gives the same bytes. There is at least one: the standard has no document that says nothing.
 */
export function openvexOf(image: DescribedImage, entries: readonly VexEntry[], author: string) {
  return openvexOfProduct(image, entries, author);
}

/** The same about any digest, an index too. */
export function openvexOfProduct(
  image: Pick<DescribedImage, 'repository' | 'digest' | 'at' | 'programVersion'>,
  entries: readonly VexEntry[],
  author: string,
) {
  invariant(entries.length > 0, 'a VEX document says something');
  const product = productPurl(image);
  const timestamp = documentDate(image.at);
  const statements = entries
    .toSorted((a, b) => (a.vulnerability < b.vulnerability ? -1 : a.vulnerability > b.vulnerability ? 1 : 0))
    .map((entry) => ({
      vulnerability: {
        name: entry.vulnerability,
        ...(entry.aliases.length === 0 ? {} : { aliases: entry.aliases.toSorted() }),
      },
      timestamp,
      products: [
        {
          '@id': product,
          identifiers: { purl: product },
          hashes: { 'sha-256': image.digest.slice('sha256:'.length) },
          ...(entry.components.length === 0
            ? {}
            : { subcomponents: entry.components.toSorted().map((purl) => ({ '@id': purl, identifiers: { purl } })) }),
        },
      ],
      ...statusOf(entry),
      status_notes: notesOf(entry),
    }));
  const id = digestOf(JSON.stringify([product, author, statements])).slice('sha256:'.length);
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `urn:suture:vex:${id}`,
    author,
    timestamp,
    version: 1,
    tooling: `suture ${image.programVersion}`,
    statements,
  };
}

function statusOf(entry: VexEntry) {
  switch (entry.status) {
    case 'fixed':
    case 'under_investigation':
      return { status: entry.status };
    case 'affected':
      return { status: entry.status, action_statement: entry.action };
    case 'not_affected':
      return { status: entry.status, justification: entry.justification, impact_statement: entry.impact };
  }
}

function notesOf(entry: VexEntry): string {
  return `standing: ${entry.standing}${entry.due === null ? '' : `; due: ${documentDate(entry.due)}`}`;
}
