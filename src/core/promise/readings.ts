import type { RecordWords, AffectedPackage } from '../match/advisory.ts';
import type { Architecture } from '../fact.ts';
import { type ComponentVerdict, onLinux, type VerdictOptions } from '../match/component-verdict.ts';
import type { Component } from '../match/inventory.ts';
import { type Judged, judgeStatements } from '../match/judge-statements.ts';
import type { Dated } from './dated.ts';
import type { KnownComponent, RecordHistory } from './history.ts';
import type { Millis } from './instant.ts';

export type Coverage = ComponentVerdict['verdict'];

/** What a record says about who is affected, from one of its versions until the next one that says otherwise. */
export interface Reading {
  readonly from: Millis;
  readonly version: Dated<RecordWords>;
  readonly malicious: boolean;
  readonly affected: ReadonlyMap<string, readonly AffectedPackage[]>;
  /** `affected` and `malicious` as text: readings with the same words are one. */
  readonly words: string;
  readonly verdicts: Map<KnownComponent, Coverage>;
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

/** What the reading says of a component inside an image for that architecture; judged once for each. */
export function coverageOf(reading: Reading, known: KnownComponent, architecture: Architecture): Coverage {
  const coverage = coverageAnywhere(reading, known);
  if (coverage !== 'affected' || !isNarrow(reading, known)) return coverage;
  return judged(reading, known.component, { ...onLinux, architecture });
}

/** Whether any architecture may hold the flaw. */
export function covers(reading: Reading, known: KnownComponent): boolean {
  return coverageAnywhere(reading, known) === 'affected';
}

function coverageAnywhere(reading: Reading, known: KnownComponent): Coverage {
  const before = reading.verdicts.get(known);
  if (before !== undefined) return before;
  const verdict = judged(reading, known.component, onLinux);
  reading.verdicts.set(known, verdict);
  return verdict;
}

/** Whether it speaks of some architectures only. */
function isNarrow(reading: Reading, { component }: KnownComponent): boolean {
  const affected = reading.affected.get(component.upstream) ?? [];
  return affected.some(({ imports = [] }) => imports.some(({ architectures }) => architectures.length > 0));
}

/** The same for a version of an upstream that need not be in any image: a release, say. */
export function coversVersion(
  reading: Reading,
  { upstream, version, stream }: Pick<Component, 'upstream' | 'version' | 'stream'>,
): boolean {
  return judged(reading, { upstream, version, stream }, onLinux) === 'affected';
}

function judged({ affected }: Reading, subject: Judged, options: VerdictOptions): Coverage {
  return judgeStatements(subject, affected.get(subject.upstream) ?? [], options)?.verdict ?? 'not-affected';
}
