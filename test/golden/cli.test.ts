import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suture } from '../support/cli.ts';
import { digests } from '../support/literal-world.ts';
import { matchesGolden } from '../support/golden.ts';

const commands = [
  'demo',
  'init',
  'doctor',
  'run',
  'status',
  'plan',
  'explain',
  'diff',
  'verify',
  'report',
  'scan',
  'feed',
  'feed write',
  'feed check',
  'compare',
  'replay',
  'serve',
  'config',
  'ledger',
  'config check',
  'config show',
  'config schema',
  'ledger verify',
  'ledger list',
  'ledger show',
  'ledger export',
  'ledger import',
  'ledger sign',
  'ledger open',
  'ledger erase',
];

test('suture --help: golden', async (t) => {
  const { exitCode, out, err } = await suture(['--help']);
  assert.deepEqual({ exitCode, err }, { exitCode: 0, err: '' });
  matchesGolden(t, 'cli/help.txt', out);
});

for (const command of commands) {
  test(`suture ${command} --help: golden, with an example`, async (t) => {
    const { exitCode, out } = await suture([...command.split(' '), '--help']);
    assert.equal(exitCode, 0);
    assert.match(out, /Examples?:\n {2}\$ suture /);
    matchesGolden(t, `cli/help-${command.replace(' ', '-')}.txt`, out);
  });
}

const answers: readonly (readonly [string, readonly string[], number])[] = [
  ['status', ['status'], 0],
  ['status-as-of', ['status', '--as-of', '2026-07-31T15:00:00Z'], 0],
  ['status-line', ['status', 'nginx:1.28'], 0],
  ['status-fail-on', ['status', '--fail-on', 'overdue'], 2],
  ['explain-vulnerability', ['explain', 'GHSA-9v2q-6r3m-4x7h'], 0],
  ['explain-advisory', ['explain', 'CVE-2026-2001'], 0],
  ['explain-line', ['explain', 'nginx:1.28'], 0],
  ['explain-digest', ['explain', digests.old], 0],
  ['explain-code', ['explain', 'E0402'], 0],
  ['explain-row', ['explain', 'CVE-2026-1234', 'in', 'node:20'], 0],
  ['explain-fact', ['explain', '#3'], 0],
  ['explain-figure', ['explain', '411', 'of', '413'], 0],
  ['explain-waiting', ['explain', '2 waiting'], 0],
  ['explain-upstream', ['explain', 'curl'], 0],
  ['plan', ['plan'], 0],
  ['diff', ['diff', 'nginx:1.28@previous', 'nginx:1.28'], 0],
  ['verify', ['verify', 'nginx:1.28'], 2],
  ['report', ['report', '--period', '2026-Q3', '--sample', '3', '--seed', '4711'], 0],
  ['report-what-if', ['report', '--line', 'web:1', '--policy', 'stricter.yaml'], 0],
  ['report-as-of', ['report', '--period', '2026-07', '--as-of', '2026-07-08T09:00:00Z'], 0],
  ['scan', ['scan', 'bom.cdx.json'], 0],
  ['scan-fail-on', ['scan', 'bom.cdx.json', '--fail-on', 'critical', '--only-fixed'], 2],
  ['scan-suppressed', ['scan', 'bom.cdx.json', '--show-suppressed'], 0],
  ['scan-why', ['scan', 'bom.cdx.json', '--why', 'GHSA-aaaa'], 0],
  ['feed-write', ['feed', 'write', '--output', 'public/feeds'], 0],
  ['feed-check', ['feed', 'check', 'feeds'], 0],
  ['feed-check-broken', ['feed', 'check', 'broken'], 2],
  ['compare', ['compare', 'deb', '1.0~rc1-1', '1.0-1'], 0],
  ['replay', ['replay', 'examples/replay'], 0],
  ['compare-lines', ['compare', 'pypi', '--stdin'], 0],
  ['doctor', ['doctor'], 2],
  ['init', ['init', '--dry-run'], 0],
  ['run', ['run'], 3],
  ['demo', ['demo', '--exit'], 0],
  ['serve', ['serve'], 0],
  ['config-check', ['config', 'check'], 0],
  ['ledger-verify', ['ledger', 'verify'], 0],
  ['ledger-verify-no', ['ledger', 'verify', 'exported'], 2],
  ['ledger-show', ['ledger', 'show', '1'], 0],
  ['ledger-show-sealed', ['ledger', 'show', '2'], 0],
  ['ledger-export', ['ledger', 'export', 'july'], 0],
  ['ledger-import', ['ledger', 'import', 'july'], 0],
  ['ledger-sign', ['ledger', 'sign'], 0],
  ['ledger-open', ['ledger', 'open'], 0],
  ['ledger-erase', ['ledger', 'erase', '1', '--reason', 'asked for'], 0],
  ['ledger-list', ['ledger', 'list', '--limit', '3'], 0],
];

for (const [name, argv, expected] of answers) {
  test(`suture ${argv[0] ?? ''} (${name}): golden, exit ${expected}`, async (t) => {
    const { exitCode, out } = await suture(argv);
    assert.equal(exitCode, expected);
    matchesGolden(t, `cli/${name}.txt`, out);
  });

  test(`suture ${argv[0] ?? ''} (${name}) --json: golden, one document on stdout`, async (t) => {
    const { exitCode, out } = await suture([...argv, '--json']);
    assert.equal(exitCode, expected);
    assert.doesNotThrow(() => JSON.parse(out));
    matchesGolden(t, `cli/${name}.json`, out);
  });
}

test('lists in JSON: one envelope', async () => {
  for (const argv of [['status'], ['plan'], ['doctor'], ['report'], ['ledger', 'list'], ['config', 'check']]) {
    const { out } = await suture([...argv, '--json']);
    const document = JSON.parse(out) as Record<string, unknown>;
    for (const key of ['schema', 'generatedAt', 'dataAsOf', 'summary', 'items', 'next']) {
      assert.ok(key in document, `${argv.join(' ')} has ${key}`);
    }
    assert.match(String(document['schema']), /^suture\/[a-z-]+\/1$/);
  }
});

test('suture status --format csv: rows of the board, hostile cells quoted', async (t) => {
  const { out } = await suture(['status', '--format', 'csv']);
  matchesGolden(t, 'cli/status.csv', out);
});

for (const form of ['md', 'csv']) {
  test(`suture report --format ${form}: golden`, async (t) => {
    const { exitCode, out } = await suture(['report', '--period', '2026-Q3', '--format', form]);
    assert.equal(exitCode, 0);
    matchesGolden(t, `cli/report.${form}`, out);
  });
}

test('suture status --format jsonl: one row on each line', async () => {
  const { out } = await suture(['status', '--format', 'jsonl']);
  assert.ok(
    out
      .trimEnd()
      .split('\n')
      .every((line) => typeof JSON.parse(line) === 'object'),
  );
});

test('suture explain --format csv: refused by name, not answered in another form', async () => {
  const { exitCode, out, err } = await suture(['explain', 'nginx:1.28', '--format', 'csv']);
  assert.equal(exitCode, 64);
  assert.equal(out, '');
  assert.match(err, /no answer in the form csv/);
});
