import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../core/failure.ts';
import { parseFeedYaml } from './feed-yaml.ts';

const read = (text: string | Uint8Array) => parseFeedYaml(Buffer.from(text), 'x.yaml');

test('parseFeedYaml() reads every value as text: versions, words and dates stay what they are', () => {
  const text = 'a: 1.10\nb: no\nc: 2026-03-01\nd: "0"\ne: [1.0, ~]\nf:\n  g: |\n    h\ni:\n';
  assert.deepEqual(read(text), {
    a: '1.10',
    b: 'no',
    c: '2026-03-01',
    d: '0',
    e: ['1.0', '~'],
    f: { g: 'h\n' },
    i: '',
  });
});

test('parseFeedYaml() refuses what cannot be told, and says where', () => {
  const rows: readonly [string | Uint8Array, RegExp, string][] = [
    ['a: 1\nb: 2\na: 3\n', /"a" is given twice/, 'x.yaml:3:1'],
    ['a: &x 1\nb: *x\n', /refers to another place/, 'x.yaml'],
    ['a: [1, 2\n', /./, 'x.yaml:2:1'],
    ['a: 1\n---\nb: 2\n', /./, 'x.yaml:2:1'],
    [Uint8Array.of(0xff, 0xfe), /UTF-8/, 'x.yaml'],
    [`a: ${'['.repeat(60)}${']'.repeat(60)}`, /nested too deep/, 'x.yaml'],
    ['['.repeat(100_000), /nested too deep/, 'x.yaml'],
    ['- '.repeat(10_000), /nested too deep/, 'x.yaml'],
  ];
  for (const [text, why, at] of rows) {
    assert.throws(
      () => read(text),
      (error) => {
        assert.ok(error instanceof Failure);
        assert.deepEqual([error.code, error.detail.at], ['E0202', at]);
        assert.match(error.detail.why ?? '', why);
        return true;
      },
    );
  }
  assert.throws(() => read(Buffer.alloc(4 * 2 ** 20 + 1, ' ')), { code: 'E0205' });
});
