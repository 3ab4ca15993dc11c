import type { Obligation, Standing } from '../../core/promise/standing.ts';
import type { ReportLedger } from './fold.ts';

/** What stands outside the percentage, and on whose word: it is told before the percentage. */
export interface Exclusions {
  /** Agreed exclusions, one entry for each agreement. */
  readonly waivers: readonly WaiverTold[];
  /** Statements that a flaw cannot be reached. */
  readonly statements: readonly StatementTold[];
  /** Everything else that is in no denominator, by standing. */
  readonly outside: readonly { readonly standing: Standing; readonly count: number }[];
}

export interface WaiverTold {
  readonly approver: string;
  readonly reason: string;
  readonly until: Temporal.Instant;
  /** How many obligations it took out. */
  readonly removed: number;
  readonly obligations: readonly { readonly vulnerability: string; readonly line: string }[];
}

export interface StatementTold {
  readonly author: string;
  readonly justification: string;
  readonly impact: string;
  readonly removed: number;
  readonly obligations: readonly { readonly vulnerability: string; readonly line: string }[];
}

const OUTSIDE: readonly Standing[] = [
  'fixed-early',
  'on-track',
  'waiting',
  'not-affected',
  'void',
  'not-covered',
  'excluded',
];

export function exclusionsOf(obligations: readonly Obligation[], ledger: ReportLedger): Exclusions {
  const of = (standing: Standing): readonly Obligation[] => obligations.filter((each) => each.standing === standing);
  const waived = Map.groupBy(of('excluded'), ({ waiver }) => (waiver === null ? '' : JSON.stringify(waiver)));
  const stated = Map.groupBy(of('not-affected'), (each) => statementKey(each, ledger));
  return {
    waivers: [...waived.values()].map((all) => ({
      approver: all[0]?.waiver?.approver ?? 'more than one agreement',
      reason: all[0]?.waiver?.reason ?? 'ended under an agreement that has ended since',
      until: all[0]?.waiver?.until ?? Temporal.Instant.fromEpochMilliseconds(0),
      ...removed(all),
    })),
    statements: [...stated].map(([key, all]) => {
      const [author = '', justification = '', impact = ''] = JSON.parse(key) as readonly string[];
      return { author, justification, impact, ...removed(all) };
    }),
    outside: OUTSIDE.map((standing) => ({ standing, count: of(standing).length })),
  };
}

function removed(all: readonly Obligation[]) {
  return { removed: all.length, obligations: all.map(({ vulnerability, line }) => ({ vulnerability, line })) };
}

/** The statement in force about it; a record whose range no longer names it needs none. */
function statementKey({ vulnerability, aliases, line }: Obligation, { statements }: ReportLedger): string {
  const names = [vulnerability, ...aliases];
  const made = statements.findLast(({ payload }) => payload.line === line && names.includes(payload.vulnerability));
  if (made === undefined)
    return JSON.stringify(['the record itself', 'record corrected', 'no longer names what the line holds']);
  return JSON.stringify([made.payload.author, made.payload.justification, made.payload.impact]);
}
