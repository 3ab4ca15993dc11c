import type { Architecture } from '../fact.ts';
import { compareVersions } from '../version/compare.ts';
import { allowanceOf } from './allowance.ts';
import { spend, type Spent } from './budget.ts';
import { isCovered } from './coverage.ts';
import type { Exposed } from './exposure.ts';
import { kept, type History, type LineHistory, type RecordHistory } from './history.ts';
import { FOREVER, type Millis } from './instant.ts';
import type { PolicyAt } from './policy-in-force.ts';
import type { Policy } from './policy.ts';
import { keyOf, startsOf, type Start, type StartQuestion, type Starts } from './starts.ts';
import type { Vulnerability } from './vulnerability.ts';

/** Both readings of the start are always computed; the policy names the one that counts (promise rule 4). */
export type StartKind = keyof Starts;

/** One start's clock, run to its end as if no time limited us: what lies after `now` has simply not happened yet. */
export interface Run extends Spent {
  readonly start: Start;
  readonly t0: Millis;
  /** The policy in force at T0 binds the claim. */
  readonly policy: Policy;
  readonly isCovered: boolean;
}

/** What one reading of one record says of one stream in one architecture of a line. */
export interface ReadExposure {
  readonly history: History;
  readonly vulnerability: Vulnerability;
  readonly line: LineHistory;
  readonly policyAt: PolicyAt;
  readonly record: RecordHistory;
  readonly architecture: Architecture;
  /** Index in `record.readings`. */
  readonly reading: number;
  readonly exposed: Exposed;
}

export interface Runs {
  readonly byKind: Record<StartKind, readonly Run[]>;
  /** The question about releases that they rest on. */
  readonly question: string;
}

/** The clocks of all starts in order, none of them counting what comes after `until`. */
export function runsOf(read: ReadExposure, until: Millis): Runs {
  const { vulnerability } = read;
  const question = questionOf(read);
  const key = keyOf(question);
  const { starts } = kept(vulnerability.starts, key, () => ({ question, starts: startsOf(vulnerability, question) }));
  const release = runsFrom(starts.release, read, until);
  const isSame = starts.releaseAndKnown === starts.release;
  const releaseAndKnown = isSame ? release : runsFrom(starts.releaseAndKnown, read, until);
  return { byKind: { release, releaseAndKnown }, question: key };
}

/** Promise rule 4: T0 = max(the start, first exposure in this line and architecture). */
function runsFrom(starts: readonly Start[], read: ReadExposure, until: Millis): readonly Run[] {
  const { history, vulnerability, line, policyAt, record } = read;
  const { exposures } = read.exposed;
  const runs: Run[] = [];
  for (const start of starts) {
    const t0 = Math.max(start.from, exposures[0]?.from ?? FOREVER);
    if (t0 >= start.until) continue;
    const policy = policyAt(t0);
    const steps = allowanceOf(history, { vulnerability, id: record.id, policy });
    const spent = spend({ t0, until: Math.min(start.until, until), exposures, steps });
    // While an earlier start is in force, the ends of episodes are its own.
    const begins = runs.at(-1)?.start.until ?? -FOREVER;
    const closings = spent.closings.filter(({ at }) => at > begins);
    runs.push({ ...spent, closings, start, t0, policy, isCovered: isCovered(line, t0) });
  }
  return runs;
}

function questionOf({ record, reading, exposed }: ReadExposure): StartQuestion {
  const { upstream, stream } = exposed;
  const held = [...exposed.components].map(({ component }) => component);
  const [lowest, ...others] = held.toSorted((a, b) => compareVersions(a.scheme, a.version, b.version));
  const forms = new Set([lowest, ...others].map((each) => upstream.forms.get(each?.package ?? '')));
  return {
    record,
    reading,
    upstream,
    stream,
    scheme: lowest?.scheme ?? 'generic',
    floor: lowest?.version ?? '',
    forms: forms.has(undefined) ? null : [...forms].filter((form) => form !== undefined).toSorted(),
  };
}
