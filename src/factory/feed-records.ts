import type { FeedSource } from '../core/catalog/catalog.ts';
import type { Failure } from '../core/failure.ts';
import type { AdvisoryRecord } from '../core/match/advisory.ts';
import type { KnownAdvisories } from '../core/match/known-advisories.ts';
import { parseEpss } from '../formats/epss/parse-epss.ts';
import { parseFeedJson } from '../formats/feed-json.ts';
import { type KevCatalog, parseKev } from '../formats/kev/parse-kev.ts';
import { parseOsv } from '../formats/osv/parse-osv.ts';

export interface FeedRecords {
  readonly records: readonly AdvisoryRecord[];
  readonly problems: readonly Failure[];
}

/** The records in one item of a feed. Throws Failure E0202, E0205 or E0404 when the item as a whole cannot be used. */
export function recordsOf(
  kind: FeedSource['kind'],
  item: { readonly name: string; readonly bytes: Uint8Array; readonly observedAt: Temporal.Instant },
  context: { readonly known: KnownAdvisories; readonly complete: boolean },
): FeedRecords {
  const { name, bytes, observedAt } = item;
  switch (kind) {
    case 'osv':
      return { records: [parseOsv(parseFeedJson(bytes, name), { name, source: 'osv', observedAt })], problems: [] };
    case 'kev': {
      const catalog = parseKev(parseFeedJson(bytes, name), name);
      const removed = context.complete ? removedFrom(catalog, context.known) : [];
      return { records: [...catalog.records, ...removed], problems: catalog.problems };
    }
    case 'epss': {
      const wanted = (cve: string) => context.known.ids.has(cve);
      return { records: parseEpss(bytes, { name, observedAt, wanted }), problems: [] };
    }
  }
}

/** Entries can be taken off the list again: the record stays, as withdrawn. A list with broken entries removes nothing. */
function removedFrom(catalog: KevCatalog, known: KnownAdvisories): readonly AdvisoryRecord[] {
  if (catalog.problems.length > 0 || catalog.records.length === 0) return [];
  const listed = new Set(catalog.records.map(({ id }) => id));
  const at = catalog.released.toString();
  return [...known.records.values()]
    .filter(({ record }) => record.source === 'kev' && record.withdrawn === null && !listed.has(record.id))
    .map(({ record }) => ({ ...record, modified: at, withdrawn: at, exploitedSince: null }));
}
