import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStanza, parseStanzas } from './control-file.ts';

const read = (text: string) => parseStanzas(text, 'control').map((stanza) => Object.fromEntries(stanza));

test('parseStanzas() reads fields in any case, continuations, comments and several blank lines between', () => {
  const text = `# made by hand
Package: hello
VERSION:1.0
Description: says hello
 in two
# lines
 .
\tpieces


   \t
Package:
 late
`;
  assert.deepEqual(read(text), [
    { package: 'hello', version: '1.0', description: 'says hello\nin two\n.\npieces' },
    { package: '\nlate' },
  ]);
});

test('parseStanzas() has no stanza where there is nothing but blanks and comments', () => {
  for (const text of ['', '\n\n', '# a\n\n# b', '   \n']) assert.deepEqual(read(text), []);
});

test('parseStanzas() keeps names that objects have by themselves', () => {
  assert.equal(parseStanza('__proto__: 1\nconstructor: 2', 'x').get('constructor'), '2');
});

for (const [what, text, line] of [
  ['a line that is no field', 'Package: a\nhello world\n', 2],
  ['a name with a blank', 'Pack age: a\n', 1],
  ['a name that begins with a dash', '-----BEGIN PGP: x\n', 1],
  ['a name that is not ASCII', 'Päckage: a\n', 1],
  ['no name', ': a\n', 1],
  ['a continuation without field', '\n\n more\n', 3],
  ['a continuation after a blank line', 'Package: a\n\n more\n', 3],
  ['a doubled field', 'Package: a\n# b\nPACKAGE: c\n', 3],
] as const) {
  test(`parseStanzas() refuses: ${what}`, () => {
    assert.throws(
      () => parseStanzas(text, 'control'),
      (error: { code?: string; detail?: { at?: string } }) =>
        error.code === 'E0404' && error.detail?.at === `control:${line}`,
    );
  });
}

test('parseStanzas() bounds the fields of a stanza', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, i) => `F${i}: x`).join('\n');
  assert.equal(parseStanza(fields(1000), 'x').size, 1000);
  assert.throws(() => parseStanzas(fields(1001), 'x'), { code: 'E0205' });
});

test('parseStanza() wants exactly one', () => {
  assert.equal(parseStanza('\nA: 1\n\n', 'x').get('a'), '1');
  assert.throws(() => parseStanza('\n', 'x'), { code: 'E0404' });
  assert.throws(() => parseStanza('A: 1\n\nB: 2\n', 'x'), { code: 'E0404' });
});
