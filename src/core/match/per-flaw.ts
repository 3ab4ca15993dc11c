import type { AdvisoryRecord } from './advisory.ts';
import { distributionOfId } from './distribution-id.ts';

/**
 * What a record says about each vulnerability: a notice of a distribution about several flaws becomes one record for each
 * of them, under the flaw's own id and with the notice in its source, because fixing is counted by flaw. Its ratings are
 * left out: they are of all flaws together. Any other record is itself.
 */
export function perFlaw(record: AdvisoryRecord): readonly AdvisoryRecord[] {
  const flaws = flawsOf(record);
  const [flaw] = flaws;
  if (flaw !== undefined && flaws.length === 1) return [alsoNamed(record, flaw)];
  if (flaws.length === 0) return [record];
  const { upstream: _, ...rest } = record;
  return flaws.map((id) => ({ ...rest, id, source: noticeSource(record), aliases: [], severities: [] }));
}

/** A distribution's own id for one flaw (`DEBIAN-CVE-2026-1`) is another name of it, as what others say of it must be found. */
function alsoNamed(record: AdvisoryRecord, flaw: string): AdvisoryRecord {
  return record.aliases.includes(flaw) ? record : { ...record, aliases: [...record.aliases, flaw] };
}

/** The source of what a notice says about single flaws. */
export function noticeSource({ source, id }: Pick<AdvisoryRecord, 'source' | 'id'>): string {
  return `${source} ${id}`;
}

/** Older notices call the flaws their aliases (OSV schema, "upstream"). */
function flawsOf({ id, aliases, upstream = [] }: AdvisoryRecord): readonly string[] {
  if (distributionOfId(id) === undefined) return [];
  return [...new Set(upstream.length > 0 ? upstream : aliases)].filter((flaw) => flaw !== id);
}
