import type { DeclaredException } from '../core/catalog/catalog.ts';
import type { FactPayloads, NewFact } from '../core/fact.ts';
import { Failure } from '../core/failure.ts';
import { exceptionKey, type Stock } from '../core/plan/stock.ts';

type Stated = Pick<Extract<NewFact, { type: 'exception-granted' }>, 'type' | 'payload'>;
type Ended = Pick<Extract<NewFact, { type: 'exception-ended' }>, 'type' | 'payload'>;
type Granted = FactPayloads['exception-granted'];

/**
 * What `exceptions.yaml` says and the ledger does not say yet. An entry with a later end is granted anew beside the old
 * one, so that there is no gap; one that is shortened, or gone from the file, ends now. What is over needs no end.
 */
export function declareExceptions(
  declared: readonly DeclaredException[],
  { exceptions }: Pick<Stock, 'exceptions'>,
  now: Temporal.Instant,
): readonly (Stated | Ended)[] {
  const keys = new Set(declared.map(exceptionKey));
  const gone = [...exceptions.values()].filter((each) => !keys.has(exceptionKey(each)) && isAfter(each.until, now));
  return [
    ...gone.map((each) => ended(each, 'taken out of exceptions.yaml')),
    ...declared.flatMap((each) => {
      const known = exceptions.get(exceptionKey(each));
      if (isSame(known, each) || isAfter(each.granted, now) || !isAfter(each.until, now)) return [];
      const isShortened = known !== undefined && isAfter(known.until, now) && isAfter(known.until, each.until);
      const { kind, vulnerability, line, approver, reason, until } = each;
      const granted = {
        type: 'exception-granted' as const,
        payload: { kind, vulnerability, line, approver, reason, until },
      };
      return isShortened ? [ended(known, 'shortened in exceptions.yaml'), granted] : [granted];
    }),
  ];
}

/** Entries that were over before anybody saw them: nothing is excluded afterwards. */
export function refusedExceptions(
  declared: readonly DeclaredException[],
  { exceptions }: Pick<Stock, 'exceptions'>,
  now: Temporal.Instant,
): readonly Failure[] {
  return declared.flatMap((each) => {
    if (isAfter(each.until, now) || isSame(exceptions.get(exceptionKey(each)), each)) return [];
    const what = `the ${each.kind} for ${each.vulnerability} in ${each.line} was over before it was seen`;
    return [
      new Failure('E0101', what, {
        at: each.at,
        why: `it ended at ${each.until}, and nothing is excluded afterwards`,
        kept: 'the figure stays as it is',
        hint: 'agree anew with a later `until`, or take it out of exceptions.yaml',
      }),
    ];
  });
}

function ended({ kind, vulnerability, line }: Granted, reason: string): Ended {
  return { type: 'exception-ended', payload: { kind, vulnerability, line, reason } };
}

function isSame(known: Granted | undefined, { approver, reason, until }: DeclaredException): boolean {
  return known?.approver === approver && known.reason === reason && known.until === until;
}

function isAfter(text: string, now: Temporal.Instant | string): boolean {
  return Temporal.Instant.compare(text, now) > 0;
}
