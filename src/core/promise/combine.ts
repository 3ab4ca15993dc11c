import { invariant } from '../invariant.ts';
import { FOREVER, type Millis } from './instant.ts';
import type { Part } from './part.ts';
import { isOpen, type Standing } from './standing.ts';

/** How something stands under both readings of the start (promise rule 4), and under the one that counts. */
export interface ByStart {
  readonly release: Part;
  readonly releaseAndKnown: Part;
  readonly counts: Part;
}

/** Each reading for itself; where all agree, the same part. */
export function combineByStart(all: readonly ByStart[]): ByStart {
  const release = combine(all.map((each) => each.release));
  const agree = all.every((each) => each.releaseAndKnown === each.release);
  const releaseAndKnown = agree ? release : combine(all.map((each) => each.releaseAndKnown));
  const literal = all.every((each) => each.counts === each.release);
  return { release, releaseAndKnown, counts: literal ? release : combine(all.map((each) => each.counts)) };
}

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
  const late = parts.filter(isLate);
  const going = open.length > 0 || late.length > 0 ? open : parts.filter(isWaivedOpen);
  if (going.length > 0) {
    // Where what is late already has ended, its deadline is the one that tells why the whole is late.
    const { t0, due, fix } = earliestDue(late.length > 0 ? late : going) ?? first;
    const standing = open.length > 0 ? openStanding(parts) : 'excluded';
    return { standing, t0, due, t1: null, missedAt, margin: null, fix, endedBy: null };
  }
  const standing = ENDED.find((each) => parts.some((part) => part.standing === each)) ?? first.standing;
  const deciding = parts.filter((part) => part.standing === standing);
  const shown = smallestMargin(deciding) ?? earliestDue(deciding) ?? first;
  const t1 = parts.some((part) => part.t1 !== null) && shown.t1 !== null ? latestEnd(parts) : shown.t1;
  const { t0, due, margin, fix, endedBy } = shown;
  return { standing, t0, due, t1, missedAt, margin, fix, endedBy };
}

function isLate({ standing }: Part): boolean {
  return standing === 'overdue' || standing === 'missed';
}

/** Promise rule 8: as long as nothing else is open or late, what a waiver keeps out keeps the whole out until it ends. */
function isWaivedOpen({ standing, endedBy }: Part): boolean {
  return standing === 'excluded' && endedBy === null;
}

/** A part that ended late makes the whole late at once, whatever is still open. */
function openStanding(parts: readonly Part[]): Standing {
  if (parts.some(isLate)) return 'overdue';
  return parts.some(({ standing }) => standing === 'on-track') ? 'on-track' : 'waiting';
}

function earliestDue(parts: readonly Part[]): Part | undefined {
  return least(parts, ({ due }) => due);
}

function smallestMargin(parts: readonly Part[]): Part | undefined {
  return least(
    parts.filter(({ margin }) => margin !== null),
    ({ margin }) => margin,
  );
}

/** The first part with the smallest figure; one without a figure comes after all that have one. */
function least(parts: readonly Part[], figure: (part: Part) => Millis | null): Part | undefined {
  const of = (part: Part): Millis => figure(part) ?? FOREVER;
  return parts.reduce<Part | undefined>(
    (best, part) => (best === undefined || of(part) < of(best) ? part : best),
    undefined,
  );
}

function latestEnd(parts: readonly Part[]): Millis {
  return Math.max(...parts.flatMap(({ t1 }) => t1 ?? []));
}

function smallest(instants: readonly (Millis | null)[]): Millis | null {
  const earliest = Math.min(...instants.map((at) => at ?? FOREVER));
  return earliest === FOREVER ? null : earliest;
}
