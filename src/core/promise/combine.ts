import { invariant } from '../invariant.ts';
import type { Millis } from './instant.ts';
import type { Part } from './part.ts';
import { isOpen, type Standing } from './standing.ts';

/** The order in which ended parts decide: what was missed stays missed, what was met is met though another part never was due. */
const ENDED: readonly Standing[] = ['missed', 'excluded', 'met', 'fixed-early', 'not-covered', 'not-affected', 'void'];

/**
 * Promise rule 1: a claim is all its strands, an obligation all its claims. Open: the earliest deadline shows. Ended:
 * met only if every part is, and the smallest margin shows, with the latest end (rule 5: the last architecture).
 */
export function combine(parts: readonly Part[]): Part {
  const [first, ...others] = parts;
  invariant(first !== undefined, 'a claim has at least one strand');
  if (others.length === 0) return first;
  const missedAt = smallest(parts.map((part) => part.missedAt));
  const open = parts.filter(({ standing }) => isOpen(standing));
  if (open.length > 0) {
    const next = earliestDue(open) ?? first;
    return { ...next, standing: openStanding(parts), missedAt };
  }
  const standing = ENDED.find((each) => parts.some((part) => part.standing === each)) ?? first.standing;
  const deciding = parts.filter((part) => part.standing === standing);
  const shown = smallestMargin(deciding) ?? earliestDue(deciding) ?? first;
  const t1 = parts.some((part) => part.t1 !== null) && shown.t1 !== null ? latestEnd(parts) : shown.t1;
  return { ...shown, standing, t1, missedAt };
}

/** A part that ended late makes the whole late at once, whatever is still open. */
function openStanding(parts: readonly Part[]): Standing {
  const has = (standing: Standing): boolean => parts.some((part) => part.standing === standing);
  if (has('overdue') || has('missed')) return 'overdue';
  return has('on-track') ? 'on-track' : 'waiting';
}

function earliestDue(parts: readonly Part[]): Part | undefined {
  return parts.toSorted((a, b) => (a.due ?? Number.MAX_VALUE) - (b.due ?? Number.MAX_VALUE))[0];
}

function smallestMargin(parts: readonly Part[]): Part | undefined {
  const withMargin = parts.filter(({ margin }) => margin !== null);
  return withMargin.toSorted((a, b) => (a.margin ?? 0) - (b.margin ?? 0))[0];
}

function latestEnd(parts: readonly Part[]): Millis {
  return Math.max(...parts.flatMap(({ t1 }) => t1 ?? []));
}

function smallest(instants: readonly (Millis | null)[]): Millis | null {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}
