import type { Architecture } from '../fact.ts';
import type { RecordWords, AffectedPackage } from '../match/advisory.ts';
import { sortByTime, type Dated } from './dated.ts';
import type { LineHistory, RecordHistory, StatementEvent } from './history.ts';
import type { Millis } from './instant.ts';
import { dropped } from './coverage.ts';
import type { Exposed } from './exposure.ts';
import type { Reading } from './readings.ts';
import type { PastClass } from './vulnerability.ts';

/** Every end other than a fix: what is open at `at` or opens later ends with this standing, unless it was late before. */
export interface Cut {
  readonly at: Millis;
  readonly standing: 'not-affected' | 'void' | 'not-covered';
  readonly fact: string;
}

interface Question {
  readonly line: LineHistory;
  readonly architecture: Architecture;
  readonly record: RecordHistory;
  /** All of the vulnerability. */
  readonly records: readonly RecordHistory[];
  readonly names: readonly string[];
  /** Which other names the record's vulnerability had, and since when. */
  readonly past: readonly PastClass[];
  readonly exposed: Exposed;
  /** The reading of the record that no longer names what is held. */
  readonly cleared: Reading | undefined;
}

/** The earliest end in force. One that was taken back never counted: its time was not clean (promise rule 6). */
export function cutOf(question: Question): Cut | null {
  const { line, architecture, record, names, cleared } = question;
  const statement = statementInForce(line, names);
  const rejection = rejectionInForce(record);
  const denial = denialInForce(question);
  const undeclared = dropped(line, architecture);
  const cuts: Cut[] = [];
  if (statement !== undefined) cuts.push({ at: statement.to, standing: 'not-affected', fact: statement.fact });
  if (rejection !== undefined) cuts.push({ at: rejection.from, standing: 'void', fact: rejection.fact });
  if (cleared !== undefined) cuts.push({ at: cleared.from, standing: 'not-affected', fact: cleared.version.fact });
  if (denial !== undefined) cuts.push({ ...denial, standing: 'not-affected' });
  if (undeclared !== undefined) cuts.push({ at: undeclared.from, standing: 'not-covered', fact: undeclared.fact });
  return cuts.toSorted((a, b) => a.at - b.at)[0] ?? null;
}

/** Edge case 19: the first statement since the last withdrawal of one. */
function statementInForce(line: LineHistory, names: readonly string[]): Dated<StatementEvent> | undefined {
  if (line.statements.size === 0) return undefined;
  const events = [...new Set(names.flatMap((name) => line.statements.get(name) ?? []))];
  sortByTime(events);
  return events[events.findLastIndex(({ says }) => says.kind === 'withdrawn') + 1];
}

/** Edge case 20: the version since which the record's publisher has it withdrawn. */
function rejectionInForce({ versions }: RecordHistory): Dated<unknown> | undefined {
  return versions[versions.findLastIndex(({ says }) => says.withdrawn === null) + 1];
}

/**
 * Since when another record, known to be about the same vulnerability, says outright that this package, in this stream, is
 * not affected: a distribution's own word about its package, whatever ranges of others say.
 */
function denialInForce({ record, records, past, exposed }: Question): Pick<Cut, 'at' | 'fact'> | undefined {
  const { upstream, stream } = exposed;
  const denies = ({ says }: Dated<RecordWords>): boolean =>
    says.withdrawn === null && says.affected.some((each) => isDenialOf(each, upstream.upstream, stream));
  const denials = records.flatMap((other): readonly Pick<Cut, 'at' | 'fact'>[] => {
    const tied = other === record ? undefined : past.find(({ ids }) => ids.includes(other.id));
    const said = other.versions[other.versions.findLastIndex((each) => !denies(each)) + 1];
    if (tied === undefined || said === undefined) return [];
    return [{ at: Math.max(said.from, tied.since), fact: said.fact }];
  });
  return denials.toSorted((a, b) => a.at - b.at)[0];
}

function isDenialOf({ package: name, stream, verdict }: AffectedPackage, upstream: string, ofStream: string): boolean {
  return verdict === 'not-affected' && name === upstream && (stream === null || stream === ofStream);
}
