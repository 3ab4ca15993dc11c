import { isValidVersion } from '../../core/version/compare.ts';
import { overlap, type Cut, type Interval, type Order } from './affected-ranges.ts';

/** No gem has a lowest version above it; nobody releases anything between it and this one. */
export const gemOrder: Order = { scheme: 'rubygems', next: (version) => `${version}.0.1.a` };

/**
 * The versions that a requirement of RubyGems covers, comparators with commas (Gem::Requirement); `!=` leaves two parts.
 * Undefined when it is none.
 */
export function gemRequirement(text: string): readonly Interval[] | undefined {
  let whole: readonly Interval[] = [{ from: null, to: null }];
  for (const part of text.split(',')) {
    const intervals = comparator(part.trim());
    if (intervals === undefined) return undefined;
    whole = whole.flatMap((one) => intervals.flatMap((other) => overlap(one, other, gemOrder) ?? []));
  }
  return whole;
}

function comparator(text: string): readonly Interval[] | undefined {
  const [, operator = '', version = ''] = /^(~>|>=|<=|!=|>|<|=|)\s*([0-9][0-9A-Za-z.-]*)$/.exec(text) ?? [];
  if (!isValidVersion('rubygems', version)) return undefined;
  const before: Cut = { version, side: 'before' };
  const after: Cut = { version, side: 'after' };
  switch (operator) {
    case '>':
      return [{ from: after, to: null }];
    case '>=':
      return [{ from: before, to: null }];
    case '<':
      return [{ from: null, to: before }];
    case '<=':
      return [{ from: null, to: after }];
    case '!=':
      return [
        { from: null, to: before },
        { from: after, to: null },
      ];
    case '~>':
      return [{ from: before, to: { version: bumped(version), side: 'before' } }];
    default:
      return [{ from: before, to: after }];
  }
}

/** `~> 1.2.3` ends below every 1.3, pre-releases included; `~> 2` below every 3 (Gem::Version#bump). */
function bumped(version: string): string {
  const numbers = /^[0-9]+(?:\.[0-9]+)*/.exec(version)?.[0].split('.') ?? [];
  const kept = numbers.length > 1 ? numbers.slice(0, -1) : numbers;
  return [...kept.slice(0, -1), String(BigInt(kept.at(-1) ?? '0') + 1n), 'a'].join('.');
}
