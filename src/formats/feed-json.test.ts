import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Failure } from '../core/failure.ts';
import { parseFeedJson } from './feed-json.ts';

const places: readonly [string, string][] = [
  ['{"a":}', '1:6'],
  ['{"a":1,}', '1:8'],
  ['', '1:1'],
  ['{"a":"b', '1:6'],
  ['[1,2', '1:5'],
  ['{"a":1}x', '1:8'],
  ['{"a":\n  }', '2:3'],
  ['nul', '1:1'],
  ['{\n "id": "x",\n "b" 3\n}', '3:6'],
  ['[1 2]', '1:4'],
  ['{"a":[}]', '1:7'],
  ['01', '1:2'],
  ['"\\q"', '1:1'],
];

for (const [text, place] of places) {
  test(`parseFeedJson() says that ${JSON.stringify(text)} stops being JSON at ${place}`, () => {
    assert.throws(() => parseFeedJson(Buffer.from(text), 'f.json'), failingAt(`f.json:${place}`));
  });
}

test('parseFeedJson() refuses bytes that are no text', () => {
  assert.throws(() => parseFeedJson(Buffer.from([0x22, 0xff, 0x22]), 'f.json'), failingAt('f.json'));
});

test('parseFeedJson() finds a place in everything that the engine refuses, and reads everything else', () => {
  const cut = fc.json().chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length), fc.string({ maxLength: 2 })));
  fc.assert(
    fc.property(cut, ([text, at, inserted]) => {
      const changed = text.slice(0, at) + inserted.toWellFormed() + text.slice(at + 1);
      const bytes = Buffer.from(changed.toWellFormed());
      try {
        assert.deepEqual(parseFeedJson(bytes, 'f'), JSON.parse(bytes.toString()));
      } catch (error) {
        assert.ok(error instanceof Failure);
        assert.match(error.detail.at ?? '', /^f:[0-9]+:[0-9]+$/);
      }
    }),
  );
});

function failingAt(at: string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, 'E0202');
    assert.equal(error.detail.at, at);
    return true;
  };
}
