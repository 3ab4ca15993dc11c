import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AffectedRange } from '../../core/match/advisory.ts';
import { verdictOf } from '../../core/match/match.ts';
import { compareVersions } from '../../core/version/compare.ts';
import { type Interval, type Order, rangesOutside } from './affected-ranges.ts';
import { cargoOrder, cargoRequirement } from './cargo-requirement.ts';
import { gemOrder, gemRequirement } from './gem-requirement.ts';

function isIn({ scheme }: Order, intervals: readonly Interval[], version: string): boolean {
  return intervals.some(({ from, to }) => {
    const low = from === null ? 1 : compareVersions(scheme, version, from.version);
    const high = to === null ? -1 : compareVersions(scheme, version, to.version);
    return (from?.side === 'after' ? low > 0 : low >= 0) && (to?.side === 'after' ? high <= 0 : high < 0);
  });
}

/** Cargo book, "Specifying dependencies", and what lies on both sides of each bound. */
const cargo: readonly [string, readonly string[], readonly string[]][] = [
  ['1.2.3', ['1.2.3', '1.9.0'], ['1.2.2', '2.0.0', '2.0.0-rc.1']],
  ['^1.2', ['1.2.0', '1.99.0'], ['1.1.9', '2.0.0']],
  ['^0.2.3', ['0.2.3', '0.2.9'], ['0.2.2', '0.3.0']],
  ['^0.0.3', ['0.0.3'], ['0.0.2', '0.0.4']],
  ['^0.0', ['0.0.0', '0.0.9'], ['0.1.0']],
  ['^ 0', ['0.0.0', '0.9.9'], ['1.0.0']],
  ['~1.2.3', ['1.2.3', '1.2.9'], ['1.3.0']],
  ['~1', ['1.0.0', '1.9.0'], ['2.0.0']],
  ['*', ['0.0.0', '9.9.9'], []],
  ['1.*', ['1.0.0', '1.9.0'], ['2.0.0', '0.9.0']],
  ['1.2.*', ['1.2.0', '1.2.9'], ['1.3.0']],
  ['>= 1.2.3', ['1.2.3', '9.0.0'], ['1.2.3-rc.1']],
  ['> 1.2.3', ['1.2.4-0', '1.2.4'], ['1.2.3', '1.2.3-rc.1']],
  ['> 1.2', ['1.3.0'], ['1.2.9']],
  ['<= 1.2', ['1.2.9'], ['1.3.0']],
  ['< 1.2.3', ['1.2.3-rc.1', '1.2.2'], ['1.2.3']],
  ['<= 1.2.3', ['1.2.3'], ['1.2.4']],
  ['=1.2.3', ['1.2.3'], ['1.2.2', '1.2.4']],
  ['>= 1.0, < 1.5', ['1.0.0', '1.4.9'], ['1.5.0', '0.9.0']],
  ['< 1.0.0, >= 2.0.0', [], ['0.5.0', '1.5.0', '2.0.0']],
];

for (const [text, within, outside] of cargo) {
  test(`cargoRequirement() of ${text}`, () => {
    const intervals = cargoRequirement(text);
    assert.ok(intervals !== undefined);
    for (const version of within) assert.ok(isIn(cargoOrder, intervals, version), version);
    for (const version of outside) assert.ok(!isIn(cargoOrder, intervals, version), version);
  });
}

/** Gem::Requirement, and Gem::Version#bump for `~>`. */
const gem: readonly [string, readonly string[], readonly string[]][] = [
  ['~> 2.3.5', ['2.3.5', '2.3.99'], ['2.3.4', '2.4', '2.4.0.rc1', '2.4.0.alpha']],
  ['~> 2.3', ['2.3', '2.99'], ['3.0', '3.0.0.beta1']],
  ['~> 2', ['2.0', '2.9'], ['3', '1.9']],
  ['~> 5.0.0.rc1', ['5.0.0.rc1', '5.0.9'], ['5.1.0', '5.0.0.beta1']],
  ['>= 7.0.0-rc3', ['7.0.0'], ['6.9']],
  ['> 1.2.3', ['1.2.4', '1.2.3.1'], ['1.2.3', '1.2.3.0']],
  ['<= 1.2.3', ['1.2.3', '1.2.3.0'], ['1.2.3.1']],
  ['!= 1.2.3', ['1.2.2', '1.2.4'], ['1.2.3', '1.2.3.0']],
  ['= 1.2.3', ['1.2.3'], ['1.2.4']],
  ['1.2.3', ['1.2.3'], ['1.2.2']],
  ['>= 1.0, < 2, != 1.5', ['1.0', '1.9'], ['2', '1.5', '0.9']],
];

for (const [text, within, outside] of gem) {
  test(`gemRequirement() of ${text}`, () => {
    const intervals = gemRequirement(text);
    assert.ok(intervals !== undefined);
    for (const version of within) assert.ok(isIn(gemOrder, intervals, version), version);
    for (const version of outside) assert.ok(!isIn(gemOrder, intervals, version), version);
  });
}

test('cargoRequirement() and gemRequirement() are undefined for what is none', () => {
  for (const text of ['', 'x', '>=', '>= 1.2.3 < 2', '1.2.3.4', '^01.2', '>= 1..2', '\ud800']) {
    assert.equal(cargoRequirement(text), undefined, text);
  }
  for (const text of ['', 'x', '>=', '>= 1.2.3 < 2', '=> 1', '~> x'])
    assert.equal(gemRequirement(text), undefined, text);
});

for (const [scheme, order, requirement] of [
  ['cargo', cargoOrder, cargoRequirement],
  ['gem', gemOrder, gemRequirement],
] as const) {
  test(`rangesOutside() affects every version that no ${scheme} requirement covers, and no other`, () => {
    const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(2)).map((numbers) => numbers.join('.'));
    const operator = fc.constantFrom('>=', '>', '<', '<=', '=', scheme === 'gem' ? '~>' : '^');
    const text = fc
      .array(fc.tuple(operator, version), { minLength: 1, maxLength: 2 })
      .map((parts) => parts.map((part) => part.join(' ')).join(', '));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), version, (texts, candidate) => {
        const good = texts.flatMap((each) => requirement(each) ?? []);
        const ranges: readonly AffectedRange[] = rangesOutside(good, order);
        const affected = { package: 'pkg:x/x', stream: null, scheme: order.scheme, ranges, versions: [] };
        assert.equal(verdictOf(affected, candidate, '') === 'affected', !isIn(order, good, candidate));
      }),
      { numRuns: 2000 },
    );
  });
}
