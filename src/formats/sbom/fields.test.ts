import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOf, inPassing, listIn, requiredText, textIn, UnfitField } from './fields.ts';

test('textIn() takes texts up to a hundred thousand characters, and names what is none', () => {
  const fields = fieldsOf({ name: 'x', long: 'x'.repeat(100_000), longer: 'x'.repeat(100_001), no: null }, 'it');
  assert.deepEqual(
    [textIn(fields, 'name'), textIn(fields, 'long')?.length, textIn(fields, 'absent')],
    ['x', 100_000, undefined],
  );
  for (const [name, why] of [
    ['longer', /longer than 100000/],
    ['no', /no is no text/],
  ] as const) {
    assert.throws(() => textIn(fields, name), why);
  }
  assert.throws(() => requiredText(fields, 'absent'), /absent is missing/);
});

test('fieldsOf() and listIn() refuse what is neither', () => {
  for (const value of [null, [], 'x', 1, undefined])
    assert.throws(() => fieldsOf(value, 'a component'), /a component is no object/);
  assert.throws(() => listIn({ all: {} }, 'all'), /all is no list/);
  assert.equal(listIn({}, 'all'), undefined);
});

test('inPassing() passes over what is unfit, and over no mistake of ours', () => {
  assert.equal(
    inPassing(() => {
      throw new UnfitField('x');
    }),
    undefined,
  );
  assert.throws(
    () =>
      inPassing(() => {
        throw new TypeError('ours');
      }),
    TypeError,
  );
});
