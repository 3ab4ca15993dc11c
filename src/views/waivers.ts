import { timePassed, waivedUntil } from '../core/promise/time-passed.ts';
import type { Obligation } from '../core/promise/standing.ts';
import { secondsBetween } from './durations.ts';
import { lastDayOf, rowOf, type Row } from './row.ts';

/** An exclusion in force: it stands above the figure that it was taken out of. */
export interface WaiverRow {
  readonly row: Row;
  readonly approver: string;
  readonly reason: string;
  readonly until: Temporal.Instant;
  /** Its last day: "2026-09-30". */
  readonly lastDay: string;
  readonly leftSeconds: number;
  /** How it will stand at that instant with nothing done: "overdue", "on track", "waiting". */
  readonly afterwards: string;
}

/** Those that end first on top. What ended under a waiver is counted and not listed: nothing of it will change. */
export function waiverRows(obligations: readonly Obligation[], now: Temporal.Instant): readonly WaiverRow[] {
  return obligations
    .flatMap((obligation) => {
      const until = waivedUntil(obligation);
      const { waiver } = obligation;
      if (until === null || waiver === null) return [];
      const { standing } = timePassed(obligation, until);
      return [
        {
          row: rowOf(obligation, now),
          approver: waiver.approver,
          reason: waiver.reason,
          until,
          lastDay: lastDayOf(until),
          leftSeconds: secondsBetween(now, until),
          afterwards: standing === 'overdue' ? 'overdue at once' : standing.replace('-', ' '),
        },
      ];
    })
    .toSorted((a, b) => a.leftSeconds - b.leftSeconds);
}
