import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { longDocument, sbomDocument } from './document.ts';

const numRuns = process.env['SUTURE_LONG'] === '1' ? 100_000 : 2_000;

test('longDocument() finds the members that JSON.parse finds, however the text is laid out', () => {
  const indent = fc.constantFrom(undefined, 1, '\t', '  \r\n');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), indent, fc.boolean(), (value, space, mark) => {
      const text = `${mark ? '\ufeff' : ''}${JSON.stringify(value, null, space)}`;
      const document = longDocument(Buffer.from(text), 'x');
      for (const [key, member] of Object.entries(JSON.parse(JSON.stringify(value)))) {
        assert.deepEqual(document.member(key), member);
        if (Array.isArray(member)) assert.deepEqual([...document.elements(key)], member);
      }
      assert.equal(document.has('not there, surely'), false);
    }),
    { numRuns },
  );
});

test('longDocument() takes the last of two members of one name, as JSON.parse does', () => {
  const bytes = Buffer.from('{"a":[1],"a":[2]}');
  assert.deepEqual([...longDocument(bytes, 'x').elements('a')], [2]);
  assert.deepEqual([...sbomDocument(bytes, 'x').elements('a')], [2]);
});

const broken = [
  '{',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,}',
  '{"a":[1,]}',
  '{"a":[1}',
  '{"a" 1}',
  '{a:1}',
  '{"a":1}}',
  '{"a":"\\"}',
  '{"a":[1 2]}',
  '{"a":[,1]}',
];
for (const text of broken) {
  test(`longDocument() refuses ${text}`, () => {
    assert.throws(
      () => {
        const document = longDocument(Buffer.from(text), 'x');
        return [...document.elements('a')];
      },
      { code: 'E0404' },
    );
  });
}
