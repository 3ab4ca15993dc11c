import type { History, RecordHistory } from './history.ts';
import type { Millis } from './instant.ts';
import type { Policy } from './policy.ts';
import { promisedSeconds, ratingAt } from './rating.ts';
import { pastOf, type Vulnerability } from './vulnerability.ts';

/** From `at` on so much time is promised. */
export interface Step {
  readonly at: Millis;
  readonly allowance: Millis;
}

/**
 * How the time promised for one name of a vulnerability changed (promise rule 7). The first step also holds for the
 * time before it: what was unknown then is judged by what was first known. A rating that came through an alias counts
 * only where it promises less than the name's own past would: merging never makes a deadline later.
 */
export function allowanceOf(
  history: History,
  {
    vulnerability,
    id,
    policy,
  }: { readonly vulnerability: Vulnerability; readonly id: string; readonly policy: Policy },
): readonly Step[] {
  const byId = vulnerability.allowances.get(policy) ?? new Map<string, readonly Step[]>();
  vulnerability.allowances.set(policy, byId);
  const known = byId.get(id);
  if (known !== undefined) return known;
  const steps = computeSteps(history, vulnerability, { id, policy });
  byId.set(id, steps);
  return steps;
}

/** The step in force at an instant. */
export function stepAt(steps: readonly Step[], at: Millis): Step | undefined {
  return steps.findLast((step) => step.at <= at) ?? steps[0];
}

function computeSteps(
  history: History,
  vulnerability: Vulnerability,
  { id, policy }: { readonly id: string; readonly policy: Policy },
): readonly Step[] {
  const classes = pastOf(history, vulnerability, id).map(({ since, ids }, index) => ({
    since: index === 0 ? Number.NEGATIVE_INFINITY : since,
    records: vulnerability.records.filter((record) => ids.includes(record.id)),
  }));
  const steps: Step[] = [];
  for (const at of instantsOfChange(classes)) {
    const ratings = classes
      .filter(({ since }) => since <= at)
      .flatMap(({ records }) => ratingAt(records, at, policy) ?? []);
    const allowance = Math.min(...ratings.map((rating) => promisedSeconds(rating, policy))) * 1000;
    if (Number.isFinite(allowance) && steps.at(-1)?.allowance !== allowance) steps.push({ at, allowance });
  }
  return steps;
}

function instantsOfChange(
  classes: readonly { readonly since: Millis; readonly records: readonly RecordHistory[] }[],
): readonly Millis[] {
  const versions = classes.flatMap(({ records }) => records.flatMap((record) => record.versions));
  const instants = new Set([...versions.map(({ from }) => from), ...classes.map(({ since }) => since)]);
  return [...instants].filter(Number.isFinite).toSorted((a, b) => a - b);
}
