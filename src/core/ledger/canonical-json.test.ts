import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

test('canonicalJson() gives the text of RFC 8785 section 3.2.2', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  const expected =
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  assert.equal(canonicalJson(value), expected);
});

test('canonicalJson() sorts members by UTF-16 code units: the keys of RFC 8785 section 3.2.3', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
  const expected = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
  assert.deepEqual(Object.keys(JSON.parse(text) as object).toSorted(), expected.toSorted());
  assert.equal(text, `{${expected.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`);
});

test('canonicalJson() of any JSON: one text whatever the order of members, and the value comes back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      if (!isWellFormed(value)) return;
      const text = canonicalJson(value);
      assert.equal(text, canonicalJson(reversed(value)));
      assert.equal(canonicalJson(JSON.parse(text)), text);
    }),
  );
});

test('canonicalJson() leaves out members that are undefined', () => {
  assert.equal(canonicalJson({ b: undefined, a: 1, c: undefined, d: [{}] }), '{"a":1,"d":[{}]}');
});

test('canonicalJson() refuses what JSON cannot hold', () => {
  const refused = [undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 0, Symbol('s'), [undefined], new Date(0)];
  for (const value of [...refused, '\ud800', { '\udc00': 1 }, Temporal.Instant.from('2026-01-01T00:00:00Z')]) {
    assert.throws(() => canonicalJson(value), TypeError);
  }
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

/** JSON has no negative zero and no lone surrogates; `__proto__` is a name that object literals cannot carry. */
function isWellFormed(value: unknown): boolean {
  return (JSON.stringify(value) ?? '').isWellFormed() && !/\\ud[89a-f]|__proto__/i.test(JSON.stringify(value) ?? '');
}
