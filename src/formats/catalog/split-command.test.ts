import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitCommand } from './split-command.ts';

const cases: readonly (readonly [string, readonly string[] | null])[] = [
  ['', []],
  ['  /usr/bin/x  --a\t-b\n', ['/usr/bin/x', '--a', '-b']],
  [`x 'a b' "c d" e\\ f`, ['x', 'a b', 'c d', 'e f']],
  [`x '' ""`, ['x', '', '']],
  [`a'b'"c"d`, ['abcd']],
  [`"a\\"b\\$\\\\c\\n"`, ['a"b$\\c\\n']],
  [`'a\\'`, ['a\\']],
  [`x 'open`, null],
  [`x "open`, null],
  ['x \\', null],
];

for (const [text, words] of cases) {
  test(`splitCommand(${JSON.stringify(text)})`, () => assert.deepEqual(splitCommand(text), words));
}

test('splitCommand() splits as /bin/sh does', () => {
  const character = fc.constantFrom('a', 'b', ' ', "'", '"', '\\', '\t', '-');
  const texts = fc.sample(fc.string({ unit: character, maxLength: 12 }), { numRuns: 300, seed: 7 });
  const understood = texts.filter((text) => splitCommand(text) !== null);
  assert.ok(understood.length > 80);
  // One shell for all: each command line prints its words, each ended by a newline, and then a line of its own.
  const script = understood.map((text) => `w ${text}\necho ===`).join('\n');
  const printed = execFileSync('/bin/sh', ['-c', `w() { for i in "$@"; do printf '%s\\n' "$i"; done; }\n${script}`], {
    encoding: 'utf8',
  });
  const expected = understood
    .map((text) => (splitCommand(text) ?? []).map((word) => `${word}\n`).join(''))
    .join('===\n');
  assert.equal(printed, `${expected}===\n`);
});
