import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suture } from '../../../test/support/cli.ts';

test('suture compare prints one sign and exits 0, whichever it is', async () => {
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['apk', '1.0_rc1', '1.0', '<'],
    ['maven', '1.0', '1.0.0.Final', '='],
    ['rpm', '1:1.0-1', '2.0-1', '>'],
  ];
  for (const [scheme, a, b, sign] of rows) {
    assert.deepEqual(await suture(['compare', scheme, a, b]), { exitCode: 0, out: `${sign}\n`, err: '' });
  }
});

test('suture compare: an unknown scheme is E0902, with the one that is meant where that can be told', async () => {
  for (const [name, hint] of [
    ['npm', /versions of npm are ordered by semver/],
    ['Debian', /versions of Debian are ordered by deb/],
    ['CRAN', /versions of CRAN are ordered by dotted/],
    ['constructor', /generic orders/],
    ['', /generic orders/],
  ] as const) {
    const { exitCode, out, err } = await suture(['compare', name, '1', '2']);
    assert.deepEqual({ exitCode, out }, { exitCode: 64, out: '' });
    assert.match(err, /E0902/);
    assert.match(err, hint);
  }
});

test('suture compare: what is no version is told on stderr with exit 65, and --lenient compares it', async () => {
  const strict = await suture(['compare', 'semver', '1.0.0', 'main']);
  assert.deepEqual([strict.exitCode, strict.out], [65, '']);
  assert.match(strict.err, /'main' is no version of semver/);
  assert.deepEqual(await suture(['compare', 'semver', '1.0.0', 'main', '--lenient']), {
    exitCode: 0,
    out: '>\n',
    err: '',
  });
});

test('suture compare: operands that are missing, or given beside --stdin, are E0902', async () => {
  for (const argv of [['deb'], ['deb', '1.0'], ['deb', '1.0', '--stdin']]) {
    assert.equal((await suture(['compare', ...argv])).exitCode, 64, argv.join(' '));
  }
});

test('suture compare --stdin: one sign a line, and a line that is wrong is named before anything is printed', async () => {
  const cases: readonly (readonly [string, number, string, RegExp])[] = [
    ['1.0 1.1\n2.0\t1.0\r\n1 1', 0, '<\n>\n=\n', /^$/],
    ['', 0, '', /^$/],
    ['1.0 1.1\n1.0\n', 65, '', /line 2 is not two versions/],
    ['1.0 1.1 1.2\n', 65, '', /line 1 is not two versions/],
    ['1.0 1.1\n\n1.0 1.1\n', 65, '', /line 2 is not two versions/],
    ['1.0 1.1\n1.0 -1\n', 65, '', /line 2: '-1' is no version of deb/],
  ];
  for (const [text, exitCode, out, err] of cases) {
    const run = await suture(['compare', 'deb', '--stdin'], {
      opens: { compare: async () => ({ input: async () => text }) },
    });
    assert.deepEqual([run.exitCode, run.out], [exitCode, out], text);
    assert.match(run.err, err);
  }
});
