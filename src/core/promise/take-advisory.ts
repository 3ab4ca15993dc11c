import type { FactOf } from '../fact.ts';
import { fileFact } from './file-fact.ts';
import { recordIn, upstreamIn, type History, type RecordHistory } from './history.ts';
import { linesThatMayHold } from './may-hold.ts';
import type { Pair } from './pair.ts';
import { readingsOf } from './readings.ts';
import { sharing } from './sharing.ts';
import { reclassify } from './vulnerability.ts';

/** Files a version of a record; touches every line of its vulnerability, unless the version says nothing new. */
export function takeAdvisory(history: History, fact: FactOf<'advisory-recorded'>): readonly Pair[] {
  const record = recordIn(history, fact.payload);
  const before = record.versions.at(-1);
  const says = sharing(fact.payload, before?.says);
  const entry = fileFact(history, fact, { says, lists: [record.versions], subject: record });
  for (const id of [record.id, ...fact.payload.aliases]) noteNaming(history, id, record);
  if (says === before?.says && record.versions.at(-1) === entry) return [];
  return readAgain(history, record, [record.id, ...fact.payload.aliases, ...(before?.says.aliases ?? [])]);
}

/** Most ids are named by one record or two: a list of just as many takes a third of a set. */
function noteNaming({ recordsNaming }: History, id: string, record: RecordHistory): void {
  const known = recordsNaming.get(id) ?? [];
  if (!known.includes(record)) recordsNaming.set(id, known.concat(record));
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
