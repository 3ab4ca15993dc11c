import { invariant } from '../invariant.ts';
import { compareVersions } from '../version/compare.ts';
import { allowanceOf } from './allowance.ts';
import { spend, type Spent } from './budget.ts';
import { isCovered } from './coverage.ts';
import type { Exposed } from './exposure.ts';
import type { History, KnownComponent, LineHistory, RecordHistory } from './history.ts';
import { FOREVER, type Millis } from './instant.ts';
import type { PolicyAt } from './policy-in-force.ts';
import type { Policy } from './policy.ts';
import type { Reading } from './readings.ts';
import { answerTo, type AnsweredQuestion, type Start, type StartQuestion, type Starts } from './starts.ts';
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
  readonly scope: Scope;
  readonly record: RecordHistory;
  readonly reading: Reading;
  /** The instant from which the record says otherwise; `FOREVER` for its newest reading. */
  readonly readUntil: Millis;
  readonly exposed: Exposed;
}

/** Whose strands, by which policies. */
export interface Scope {
  readonly history: History;
  readonly vulnerability: Vulnerability;
  readonly line: LineHistory;
  readonly policyAt: PolicyAt;
}

export interface Runs {
  readonly byKind: Record<StartKind, readonly Run[]>;
  /** What they rest on. */
  readonly answered: AnsweredQuestion;
}

/** The clocks of all starts in order, none of them counting what comes after `until`. */
export function runsOf(read: ReadExposure, until: Millis): Runs {
  const answered = answerTo(read.scope.vulnerability, questionOf(read));
  const { release, releaseAndKnown } = answered.starts;
  const runs = runsFrom(release, read, until);
  const agree = release === releaseAndKnown;
  const byKind = { release: runs, releaseAndKnown: agree ? runs : runsFrom(releaseAndKnown, read, until) };
  return { byKind, answered };
}

/** Promise rule 4: T0 = max(the start, first exposure in this line and architecture). */
function runsFrom(starts: readonly Start[], { scope, record, exposed }: ReadExposure, until: Millis): readonly Run[] {
  const { history, vulnerability, line, policyAt } = scope;
  const { exposures } = exposed;
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
    const { due, missedAt, overrun } = spent;
    runs.push({ start, t0, policy, isCovered: isCovered(line, t0), due, missedAt, closings, overrun });
  }
  return runs;
}

function questionOf({ record, reading, exposed }: ReadExposure): StartQuestion {
  const [first, ...others] = exposed.components;
  invariant(first !== undefined, 'an exposure is to a component');
  return { record, reading, floor: others.reduce(lower, first), forms: formsUsed(exposed) };
}

function lower(a: KnownComponent, b: KnownComponent): KnownComponent {
  return compareVersions(a.component.scheme, b.component.version, a.component.version) < 0 ? b : a;
}

/** The forms in which the recipes concerned take their source; null as soon as one of them is not known. */
function formsUsed({ upstream, components }: Exposed): string | null {
  const known = upstream.watch?.forms;
  if (known === undefined || known.size === 0) return null;
  const forms = new Set<string>();
  for (const { component } of components) {
    const form = known.get(component.package);
    if (form === undefined) return null;
    forms.add(form);
  }
  return [...forms].toSorted().join(' ');
}
