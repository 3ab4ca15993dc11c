import type { AdvisoryRecord, AffectedPackage } from '../match/advisory.ts';
import type { Component } from '../match/inventory.ts';
import { verdictOf } from '../match/match.ts';
import type { Dated } from './dated.ts';
import type { KnownComponent, RecordHistory } from './history.ts';
import type { Millis } from './instant.ts';

/** What a record says about who is affected, from one of its versions until the next one that says otherwise. */
export interface Reading {
  readonly from: Millis;
  readonly version: Dated<AdvisoryRecord>;
  readonly malicious: boolean;
  readonly affected: ReadonlyMap<string, readonly AffectedPackage[]>;
  /** `affected` and `malicious` as text: readings with the same words are one. */
  readonly words: string;
  readonly verdicts: Map<KnownComponent, boolean>;
}

/**
 * The readings of a record's versions, oldest first. A withdrawn version is no reading: it ends what the others began
 * (core/promise/cut.ts). Verdicts already reached are kept.
 */
export function readingsOf(record: RecordHistory): readonly Reading[] {
  const known = new Map(record.readings.map((reading) => [reading.words, reading]));
  const readings: Reading[] = [];
  for (const version of record.versions) {
    if (version.says.withdrawn !== null) continue;
    const words = JSON.stringify([version.says.affected, version.says.malicious]);
    if (readings.at(-1)?.words === words) continue;
    readings.push({
      from: version.from,
      version,
      malicious: version.says.malicious,
      affected: Map.groupBy(version.says.affected, (each) => each.package),
      words,
      verdicts: known.get(words)?.verdicts ?? new Map(),
    });
  }
  return readings;
}

/** Whether the reading's own ranges cover a component; judged once for each. */
export function covers(reading: Reading, known: KnownComponent): boolean {
  const judged = reading.verdicts.get(known);
  if (judged !== undefined) return judged;
  const verdict = coversVersion(reading, known.component);
  reading.verdicts.set(known, verdict);
  return verdict;
}

/** The same for a version of an upstream that need not be in any image: a release, say. */
export function coversVersion(
  reading: Reading,
  { upstream, version, stream }: Pick<Component, 'upstream' | 'version' | 'stream'>,
): boolean {
  const affected = reading.affected.get(upstream) ?? [];
  return affected.some((each) => verdictOf(each, version, stream) === 'affected');
}
