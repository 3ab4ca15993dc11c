import type { FactOf } from '../fact.ts';
import type { AdvisoryRecord } from '../match/advisory.ts';
import { fileFact } from './file-fact.ts';
import { kept, recordIn, upstreamIn, type History, type RecordHistory } from './history.ts';
import { linesThatMayHold } from './may-hold.ts';
import type { Pair } from './pair.ts';
import { readingsOf } from './readings.ts';
import { reclassify } from './vulnerability.ts';

/** Files a version of a record; touches every line of its vulnerability, unless the version says nothing new. */
export function takeAdvisory(history: History, fact: FactOf<'advisory-recorded'>): readonly Pair[] {
  const record = recordIn(history, fact.payload);
  const before = record.versions.at(-1);
  const subject = { kind: 'record', record } as const;
  const entry = fileFact(history, fact, { says: fact.payload, lists: [record.versions], subject });
  for (const id of [record.id, ...fact.payload.aliases]) kept(history.recordsNaming, id, () => new Set()).add(record);
  if (before !== undefined && record.versions.at(-1) === entry && saysTheSame(before.says, entry.says)) return [];
  return readAgain(history, record, [record.id, ...fact.payload.aliases, ...(before?.says.aliases ?? [])]);
}

export function takeAliasCorrection(history: History, fact: FactOf<'aliases-corrected'>): readonly Pair[] {
  fileFact(history, fact, { says: fact.payload, lists: [history.unrelated], subject: { kind: 'aliases' } });
  return reclassify(history, fact.payload.unrelated.flat());
}

/** Reads the versions of a record afresh: who is affected, and which other names share the vulnerability. */
export function readAgain(history: History, record: RecordHistory, ids: readonly string[]): readonly Pair[] {
  record.readings = readingsOf(record);
  for (const reading of record.readings) {
    for (const name of reading.affected.keys()) upstreamIn(history, name).records.add(record);
  }
  for (const line of linesThatMayHold(history, record)) record.lines.add(line);
  const concerned = record.lines.size > 0 || ids.some((id) => history.vulnerabilities.has(id));
  return concerned ? reclassify(history, ids) : [];
}

/** `modified` and the EPSS score move often and move no clock. */
function saysTheSame(a: AdvisoryRecord, b: AdvisoryRecord): boolean {
  const words = (record: AdvisoryRecord): string => JSON.stringify({ ...record, modified: null, epss: null });
  return words(a) === words(b);
}
