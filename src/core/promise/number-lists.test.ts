import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NumberLists } from './number-lists.ts';

test('NumberLists hold what was pushed, in whatever order the lists grow', () => {
  const pushes = fc.array(fc.tuple(fc.oneof(fc.nat(3), fc.nat(400)), fc.nat(2 ** 32 - 1)), { maxLength: 300 });
  fc.assert(
    fc.property(pushes, (some) => {
      const lists = new NumberLists();
      const expected = new Map<number, number[]>();
      for (const [list, value] of some) {
        lists.push(list, value);
        expected.set(list, [...(expected.get(list) ?? []), value]);
      }
      for (const list of [...expected.keys(), 9_999]) {
        assert.deepEqual(sorted(numbersOf(lists, list)), sorted(expected.get(list) ?? []));
        assert.equal(lists.last(list), expected.get(list)?.at(-1));
      }
    }),
  );
});

test('NumberLists hold lists that are longer than a page', () => {
  const lists = new NumberLists();
  for (let value = 0; value < 200_000; value += 1) lists.push(value % 3 === 0 ? 7 : 70_000, value);
  const numbers = [...numbersOf(lists, 7), ...numbersOf(lists, 70_000)];
  assert.deepEqual(
    sorted(numbers),
    Array.from({ length: 200_000 }, (_, value) => value),
  );
});

function numbersOf(lists: NumberLists, list: number): readonly number[] {
  const numbers: number[] = [];
  lists.eachRun(list, (page, from, to) => numbers.push(...page.subarray(from, to)));
  return numbers;
}

function sorted(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((a, b) => a - b);
}
