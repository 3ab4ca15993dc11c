import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keepAnswer, readKeptAnswer } from './kept-answer.ts';

test('keepAnswer() is a message that says when the server answered, without secrets', () => {
  const bytes = keepAnswer({
    status: 200,
    headers: { date: 'Sun, 02 Aug 2026 11:40:13 GMT', 'set-cookie': ['a=1'], 'content-type': 'text/plain' },
    body: Buffer.from('{}'),
  });
  const text = 'HTTP/1.1 200\r\ncontent-type: text/plain\r\ndate: Sun, 02 Aug 2026 11:40:13 GMT\r\n\r\n{}';
  assert.equal(Buffer.from(bytes).toString('latin1'), text);
});

test('readKeptAnswer() reads what keepAnswer() wrote, whatever the body', () => {
  const name = fc.stringMatching(/^x-[a-z]{1,9}$/);
  const value = fc.stringMatching(/^[!-~]{1,20}$/);
  const headers = fc.dictionary(name, value, { maxKeys: 5, noNullPrototype: true });
  fc.assert(
    fc.property(headers, fc.uint8Array({ maxLength: 200 }), (some, body) => {
      const read = readKeptAnswer(keepAnswer({ status: 200, headers: some, body }));
      assert.deepEqual({ ...read?.headers }, some);
      assert.deepEqual(Uint8Array.from(read?.body ?? []), body);
    }),
  );
});

test('readKeptAnswer() is undefined for what is no answer', () => {
  for (const text of ['', '{"a":1}', 'HTTP/1.1 200\r\n', 'HTTP/1.1 abc\r\n\r\n', 'HTTP/1.1 200\r\nno header\r\n\r\n']) {
    assert.equal(readKeptAnswer(Buffer.from(text)), undefined, text);
  }
});
