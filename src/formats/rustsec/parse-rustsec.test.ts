import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { parseRustsec } from './parse-rustsec.ts';
import { parseToml } from './parse-toml.ts';

const name = 'crates/hello/RUSTSEC-2026-0001.md';

const advisory = (over = '', head = '') => `\`\`\`toml
[advisory]
id = "RUSTSEC-2026-0001" # its id
package = "hello"
date = "2026-03-01"
aliases = [
  "CVE-2026-0001",
  'GHSA-aaaa-bbbb-cccc',
]
cvss = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
${head}
${over === '' ? '[versions]\npatched = [">= 1.2.3", "^0.9.5"]\nunaffected = ["< 0.5.0"]' : over}
\`\`\`

# Reads past the end

Long story.
`;

const read = (text: string, at = name) => parseRustsec(Buffer.from(text), { name: at });

test('parseRustsec() affects what is neither patched nor unaffected', () => {
  assert.deepEqual(read(advisory()), {
    id: 'RUSTSEC-2026-0001',
    source: 'rustsec',
    aliases: ['CVE-2026-0001', 'GHSA-aaaa-bbbb-cccc'],
    summary: 'Reads past the end',
    published: '2026-03-01T00:00:00Z',
    modified: '2026-03-01T00:00:00Z',
    withdrawn: null,
    severities: [
      {
        source: 'vendor',
        type: 'CVSS_V3.1',
        vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        score: 9.8,
        level: 'critical',
      },
    ],
    affected: [
      {
        package: 'pkg:cargo/hello',
        stream: null,
        scheme: 'semver',
        ranges: [
          { introduced: '0.5.0', fixed: '0.9.5', lastAffected: null },
          { introduced: '0.10.0-0', fixed: '1.2.3', lastAffected: null },
        ],
        versions: [],
      },
    ],
    exploitedSince: null,
    epss: null,
    malicious: false,
  });
});

test('parseRustsec() narrows to functions by module, and to systems', () => {
  const narrowed = `[affected]
os = ["windows"]
functions = { "hello::a::f" = ["< 1.2.3"], "hello::a::g" = ["*"], "hello::h" = ["*"] }
[versions]
patched = []`;
  assert.deepEqual(read(advisory(narrowed)).affected[0]?.imports, [
    { path: 'hello::a', symbols: ['f', 'g'], os: ['windows'], architectures: [] },
    { path: 'hello', symbols: ['h'], os: ['windows'], architectures: [] },
  ]);
  const system = '[affected]\narch = ["x86"]\n[versions]\npatched = []';
  const [whole] = read(advisory(system)).affected;
  assert.deepEqual(whole?.imports, [{ path: 'hello', symbols: [], os: [], architectures: ['x86'] }]);
  assert.deepEqual(whole?.ranges, [{ introduced: '0', fixed: null, lastAffected: null }]);
});

test('parseRustsec() takes an unmaintained crate for no vulnerability, and an unsound one for one', () => {
  const kinds = ['unmaintained', 'notice', 'unsound', 'something new'].map((kind) => {
    const record = read(advisory('', `informational = "${kind}"`));
    return [record.informational, record.affected.length];
  });
  assert.deepEqual(kinds, [
    ['unmaintained', 0],
    ['notice', 0],
    ['unsound', 1],
    [undefined, 1],
  ]);
});

test('parseRustsec() files what is about the toolchain under it, and knows attacks and withdrawals', () => {
  const [rust] = read(advisory(), 'all.zip!rust/std/CVE-2026-0001.md').affected;
  assert.equal(rust?.package, 'pkg:generic/rust');
  assert.deepEqual(rust?.imports, [{ path: 'hello', symbols: [], os: [], architectures: [] }]);
  assert.ok(read(advisory('', 'categories = ["malicious"]')).malicious);
  assert.equal(read(advisory('', 'withdrawn = "2026-03-02"')).withdrawn, '2026-03-02T00:00:00Z');
});

test('parseRustsec() says what is wrong and on which line', () => {
  const rows: readonly [string, RegExp, string][] = [
    ['# no front matter', /begin with/, name],
    [advisory('[versions]\npatched = [>= 1]'), /expected a text/, `${name}:13:1`],
    [advisory('[versions]\npatched = []\npatched = []'), /given twice/, `${name}:14:1`],
    [advisory('[versions]\npatched = ["newer"]'), /"newer" is no requirement/, name],
    [advisory('', 'withdrawn = "soon"'), /advisory\.withdrawn/, name],
  ];
  for (const [text, why, at] of rows) {
    assert.throws(
      () => read(text),
      (error) => {
        assert.ok(error instanceof Failure);
        assert.match(error.detail.why ?? '', why);
        assert.deepEqual([error.code, error.detail.at], ['E0202', at]);
        return true;
      },
    );
  }
  assert.throws(() => read('x'.repeat(2 ** 20 + 1)), { code: 'E0205' });
});

test('parseToml() reads what advisories use of it', () => {
  const text = `
"quoted key".b = "tab\\t \\u00fc \\U0001F600 \\\\" # remark
literal = 'C:\\x'
list = [ 1, -2, [ "a", ], # more
  true ]
[t."x::y"]
inline = { a = 1, b.c = false, d = {} }
[t]
e = ""
`;
  assert.deepEqual(parseToml(text), {
    kind: 'table',
    table: {
      'quoted key': { b: 'tab\t ü 😀 \\' },
      literal: 'C:\\x',
      list: [1, -2, ['a'], true],
      t: { 'x::y': { inline: { a: 1, b: { c: false }, d: {} } }, e: '' },
    },
  });
});

test('parseToml() refuses the rest, and what is given twice', () => {
  for (const text of [
    'a = 1.5',
    'a = 2026-03-01',
    'a = """x"""',
    "a = '''x'''",
    'a = "\\ud800"',
    'a = 1 b = 2',
    'a = 1\na = 2',
    '[a]\n[a]',
    'a = 1\n[a]',
    '[a',
    'a = [1',
    'a = {b = 1',
    '= 1',
    'a.. = 1',
    '[[a]]',
    `a = ${'['.repeat(1_000)}`,
  ]) {
    assert.equal(parseToml(text).kind, 'problem', text);
  }
});
