import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LastWords } from './last-words.ts';

const story = (): LastWords<string> => {
  const words = new LastWords<string>();
  words.say('a', { fact: '1', says: 'yes' });
  words.say('b', { fact: '2', says: 'yes' });
  words.say('a', { fact: '3', says: 'no' });
  return words;
};

const erasures: readonly (readonly [string, readonly string[], boolean, string | undefined, readonly string[]])[] = [
  ['nothing', [], false, 'no', ['no', 'yes']],
  ['the last word: the one before it counts again', ['3'], true, 'yes', ['yes', 'yes']],
  ['the word before the last: the last one stays', ['1'], true, 'no', ['no', 'yes']],
  ['both words: nothing was said', ['3', '1'], true, undefined, ['yes']],
  ['what nobody said', ['4'], false, 'no', ['no', 'yes']],
];

for (const [what, facts, found, last, all] of erasures) {
  test(`LastWords without ${what}`, () => {
    const words = story();
    assert.equal(
      facts.map((fact) => words.erase(fact)).some((each) => each),
      found,
    );
    assert.equal(words.get('a'), last);
    assert.deepEqual([...words.values()], all);
  });
}

test('LastWords.end() forgets the earlier words too: they do not count again', () => {
  const words = story();
  words.end('a');
  assert.equal(words.erase('1'), false);
  assert.deepEqual([words.get('a'), [...words.values()]], [undefined, ['yes']]);
});
