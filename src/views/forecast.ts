import { chanceLater, type Forecast, type Forecaster } from '../core/forecast/forecast.ts';
import type { Estimate } from '../core/forecast/stage-durations.ts';
import type { Obligation } from '../core/promise/standing.ts';
import { spell } from './durations.ts';
import type { Row } from './row.ts';

/** When a row is expected to end, with what that rests on. */
export interface RowForecast {
  /** Confirmed clean by then with a chance of one half, of nine tenths; null = no end in sight. */
  readonly p50: Temporal.Instant | null;
  readonly p90: Temporal.Instant | null;
  /** That the deadline is missed, 0 to 1 in hundredths. */
  readonly missChance: number;
  /** "expected in 14 m, in 40 m with 9 in 10", "no end in sight: a person must act". */
  readonly words: string;
  /** "from 14 builds of curl, median 6 m; 3 steps ahead". */
  readonly basis: string;
}

/** A row with its forecast; as it was where no clock runs. */
export function withForecast(
  row: Row,
  obligation: Obligation,
  { forecaster, now }: { readonly forecaster: Forecaster; readonly now: Temporal.Instant },
): Row {
  const { leftSeconds, standing } = row;
  if (leftSeconds === null) return row;
  const { who } = row.reason;
  const expected = who === 'person' || who === 'upstream' ? null : forecaster(obligation, now);
  const forecast = expected === null ? noEnd(row) : rowForecast(expected, leftSeconds, now);
  const isLate = expected === null || expected.p90 > leftSeconds;
  return { ...row, forecast, shown: standing === 'on-track' && isLate ? 'at-risk' : row.shown };
}

/** With its basis; where there is no end in sight, the reason beside it says why already. */
export function forecastWords({ p50, words, basis }: RowForecast): string {
  return p50 === null ? words : `${words} (${basis})`;
}

function rowForecast(expected: Forecast, leftSeconds: number, now: Temporal.Instant): RowForecast {
  const { p50, p90, ahead, heldUntil } = expected;
  return {
    p50: after(now, p50),
    p90: after(now, p90),
    missChance: leftSeconds < 0 ? 1 : Math.round(chanceLater(expected, leftSeconds) * 100) / 100,
    words: `expected in ${spell(p50)}, in ${spell(p90)} with 9 in 10`,
    basis: [
      basisOf(expected.stages),
      ...(ahead > 0 ? [`${ahead} ${ahead === 1 ? 'step' : 'steps'} ahead`] : []),
      ...(heldUntil === null ? [] : [`tried again at ${heldUntil.toString({ smallestUnit: 'minute' })}`]),
    ].join('; '),
  };
}

function noEnd({ reason }: Row): RowForecast {
  const who = reason.who === 'upstream' ? 'upstream must move first' : 'a person must act';
  return { p50: null, p90: null, missChance: 1, words: `no end in sight: ${who}`, basis: reason.text };
}

/** What the longest stage rests on: the others hardly matter beside it. */
function basisOf(stages: readonly Estimate[]): string {
  const longest = stages.reduce<Estimate | undefined>(
    (most, each) => (most && most.p50 >= each.p50 ? most : each),
    undefined,
  );
  if (longest === undefined) return 'nothing is left to do';
  const { kind, target, runs, p50 } = longest;
  const word = WORDS[kind] ?? [`${kind} step`, `${kind} steps`];
  if (runs.own > 0) return `from ${runs.own} ${word[runs.own === 1 ? 0 : 1]} of ${target}, about ${spell(p50)}`;
  if (runs.ofKind > 0)
    return `from ${runs.ofKind} ${word[runs.ofKind === 1 ? 0 : 1]} of other recipes, about ${spell(p50)}`;
  return `no ${word[0]} was measured yet: ${spell(p50)} assumed`;
}

const WORDS: Readonly<Partial<Record<Estimate['kind'], readonly [string, string]>>> = {
  'build-package': ['build', 'builds'],
  'import-packages': ['import', 'imports'],
};

function after(now: Temporal.Instant, seconds: number): Temporal.Instant {
  return now.add({ seconds: Math.round(seconds) });
}
