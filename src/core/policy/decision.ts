import type { SeverityLevel } from '../match/advisory.ts';

/** One stated condition, held against a situation: whether it holds, and the facts that say so. */
export interface ConditionCheck {
  /** In the words of `describePolicy`. */
  readonly condition: string;
  readonly holds: boolean;
  /** Why, in the situation's own terms: "upstream released 1.0.1". */
  readonly why: string;
}

/** `critical`, `critical or high`, `critical, high or medium`. */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** Who rated it, as far as it is known, belongs to the reason. */
export interface SeverityInSituation {
  readonly level: SeverityLevel;
  /** `vendor`, `nvd` …; null when nobody did and the policy's `unscored` applies. */
  readonly by: string | null;
}

export function severityWords({ level, by }: SeverityInSituation): string {
  return by === null ? `nobody has rated it, which counts as ${level}` : `${by} rates it ${level}`;
}
