import { spell } from '../durations.ts';
import type { Period } from './period.ts';
import type { PoliciesInPeriod } from './policies.ts';
import type { ReportView } from './report.ts';
import type { Share } from './shares.ts';

/** Words of a report that every form of it uses. */

/** "412 of 413 met (99.76 %)". */
export function shareWords({ met, due, percent }: Share): string {
  return percent === null ? 'nothing was due' : `${met} of ${due} met (${percent.toFixed(2)} %)`;
}

/** "2026-Q3 (2026-07-01 to 2026-09-30), to date". */
export function periodWords({ name, from, to }: Period, asOf: Temporal.Instant): string {
  const last = to.subtract({ seconds: 1 });
  const days = `${dayOf(from)} to ${dayOf(last)}`;
  return `${name}${name.includes('..') ? '' : ` (${days})`}${Temporal.Instant.compare(asOf, to) < 0 ? ', to date' : ''}`;
}

/** What is promised, and that nobody had promised it yet where that is so. */
export function promiseWords({ inForce, wasAdopted }: PoliciesInPeriod): string {
  if (wasAdopted) return inForce.promise;
  return `nothing was promised yet; judged by the policy adopted first, at ${inForce.from?.toString() ?? ''}: ${inForce.promise}`;
}

/** Under every table of stages. */
export const stagesNote =
  'Decide reaches to the beginning of the build that succeeded: attempts that failed count in it. Why they failed and whom a line waited for is no part of the ledger; suture explain adds what the log of steps says of it.';

function dayOf(instant: Temporal.Instant): string {
  return instant.toString().slice(0, 'yyyy-mm-dd'.length);
}

/** "6 h 10 m", or that the curve does not fall so far. */
export function quantileWords(seconds: number | null): string {
  return seconds === null ? 'not reached' : spell(seconds);
}

/** "8 = 0 overdue + 2 on track + …": the sum that must close. */
export function sumWords({ population }: ReportView, wordOf: (standing: string) => string): string {
  const parts = Object.entries(population.counts).map(([standing, count]) => `${count} ${wordOf(standing)}`);
  return `${population.count} = ${parts.join(' + ')}`;
}

/** That the counts add up to the list, or that they do not. */
export function closesWords({ population: { count, sum, closes } }: ReportView): string {
  return closes
    ? `The sum closes: ${sum} counted, ${count} in the list.`
    : `THE SUM DOES NOT CLOSE: ${sum} counted, ${count} in the list.`;
}

export const whatIfWarning = 'What if: this is not what was promised';
