import type { FeedKind } from '../core/catalog/catalog.ts';
import type { Failure } from '../core/failure.ts';
import type { AdvisoryRecord } from '../core/match/advisory.ts';
import { type KnownAdvisories, knownBeside, knownRecord } from '../core/match/known-advisories.ts';
import { noticeSource, perFlaw } from '../core/match/per-flaw.ts';
import { parseDebianTracker } from '../formats/debian-tracker/parse-debian-tracker.ts';
import { parseNoticeList } from '../formats/debian-tracker/parse-notice-list.ts';
import { parseEpss } from '../formats/epss/parse-epss.ts';
import { parseFeedJson } from '../formats/feed-json.ts';
import { parseFeedYaml } from '../formats/feed-yaml.ts';
import { parseKev } from '../formats/kev/parse-kev.ts';
import { parseNvd } from '../formats/nvd/parse-nvd.ts';
import { parseOpenvex } from '../formats/openvex/parse-openvex.ts';
import { parseOsv } from '../formats/osv/parse-osv.ts';
import { parseRubysec } from '../formats/rubysec/parse-rubysec.ts';
import { parseRustsec } from '../formats/rustsec/parse-rustsec.ts';
import { parseSecdb } from '../formats/secdb/parse-secdb.ts';

export interface FeedRecords {
  readonly records: readonly AdvisoryRecord[];
  readonly problems: readonly Failure[];
}

interface Item {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly observedAt: Temporal.Instant;
}

interface Context {
  readonly known: KnownAdvisories;
  /** Whether this is the only feed of its kind: then what is missing in it is gone. */
  readonly complete: boolean;
}

/** The records in one item of a feed. Throws Failure E0202, E0205 or E0404 when the item as a whole cannot be used. */
export function recordsOf(kind: FeedKind, item: Item, context: Context): FeedRecords {
  const { name, bytes, observedAt } = item;
  const { known } = context;
  switch (kind) {
    case 'osv':
    case 'ghsa':
    case 'govulndb':
    case 'pypa':
      return { records: eachFlaw(osvIn(item, kind), known), problems: [] };
    case 'rustsec': {
      const record = name.endsWith('.json') ? osvIn(item, kind) : parseRustsec(bytes, item);
      return { records: [record], problems: [] };
    }
    case 'rubysec':
      return { records: [parseRubysec(parseFeedYaml(bytes, name), item)], problems: [] };
    case 'secdb': {
      const list = parseSecdb(valueIn(item), item);
      return whole(list, { source: list.source, known, at: observedAt });
    }
    case 'debian': {
      const list = parseDebianTracker(parseFeedJson(bytes, name), item);
      return context.complete ? whole(list, { source: 'debian', known, at: observedAt }) : list;
    }
    case 'dsa': {
      const { records, problems } = parseNoticeList(bytes, item);
      return { records: records.flatMap((record) => eachFlaw(record, known)), problems };
    }
    case 'nvd':
      return parseNvd(bytes, item);
    case 'openvex': {
      const list = parseOpenvex(parseFeedJson(bytes, name), item);
      return whole(list, { source: list.source, known, at: observedAt });
    }
    case 'kev': {
      const list = parseKev(parseFeedJson(bytes, name), name);
      return context.complete ? whole(list, { source: 'kev', known, at: list.released }) : list;
    }
    case 'epss': {
      const wanted = (cve: string) => known.ids.has(cve);
      return { records: parseEpss(bytes, { name, observedAt, wanted }), problems: [] };
    }
  }
}

function osvIn(item: Item, source: string): AdvisoryRecord {
  return parseOsv(valueIn(item), { ...item, source });
}

/** Some publishers write JSON, some YAML, some both. */
function valueIn({ name, bytes }: Item): unknown {
  return /\.ya?ml$/.test(name) ? parseFeedYaml(bytes, name) : parseFeedJson(bytes, name);
}

/**
 * What a record says of each flaw. A distribution may take a flaw out of its notice, or add a second one to it: what was
 * recorded of the notice in the other way is withdrawn.
 */
function eachFlaw(record: AdvisoryRecord, known: KnownAdvisories): readonly AdvisoryRecord[] {
  const records = perFlaw(record);
  const source = noticeSource(record);
  const isSplit = records[0]?.source === source;
  const inOne = isSplit ? knownRecord(known, record)?.record : undefined;
  const gone = knownBeside(known, source, isSplit ? new Set(records.map(({ id }) => id)) : new Set());
  const stale = inOne === undefined || inOne.withdrawn !== null ? gone : [inOne, ...gone];
  return [...records, ...stale.map((each) => withdrawn(each, record.modified))];
}

/** Entries can be taken off a list again: the record stays, as withdrawn. A list with broken entries removes nothing. */
function whole(
  list: FeedRecords,
  { source, known, at }: { readonly source: string; readonly known: KnownAdvisories; readonly at: Temporal.Instant },
): FeedRecords {
  const { records, problems } = list;
  if (problems.length > 0 || records.length === 0) return { records, problems };
  const gone = knownBeside(known, source, new Set(records.map(({ id }) => id)));
  return { records: [...records, ...gone.map((each) => withdrawn(each, at.toString()))], problems };
}

function withdrawn(record: AdvisoryRecord, at: string): AdvisoryRecord {
  return { ...record, modified: at, withdrawn: at, exploitedSince: null };
}
