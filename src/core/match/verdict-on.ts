import type { AdvisoryRecord } from './advisory.ts';
import type { ComponentVerdict, VerdictOptions } from './component-verdict.ts';
import { firstFix } from './first-fix.ts';
import type { Component } from './inventory.ts';
import { judgeStatements } from './judge-statements.ts';
import { verdictWords } from './verdict-words.ts';

/**
 * What a record says of a component, by the strongest of its statements about the component's package and stream:
 * affected before indeterminate before not-affected. Null where it does not speak of them at all. The component is
 * looked up by its `upstream`; other names of it are asked one by one (`underEveryName()`).
 */
export function verdictOn(
  component: Component,
  record: AdvisoryRecord,
  options: VerdictOptions = {},
): ComponentVerdict | null {
  const judged = judgeStatements(component, record.affected, options);
  if (judged === null) return null;
  const { verdict, statement, because } =
    record.withdrawn === null
      ? judged
      : ({ ...judged, verdict: 'not-affected', because: { kind: 'withdrawn' } } as const);
  const fixedIn = verdict === 'affected' ? firstFix(component, record.affected, options) : null;
  const words = verdictWords({ component, record, statement, verdict, because, options });
  return { verdict, record, statement, because, words, fixedIn };
}
