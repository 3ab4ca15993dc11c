import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suture } from '../../../test/support/cli.ts';
import { literalScan } from '../../../test/support/literal-scan.ts';
import { NOW } from '../../../test/support/obligation.ts';

const scanOf = (newestModified: string | null) => {
  const view = literalScan();
  const scan = async () => ({ ...view, feeds: { ...view.feeds, newestModified } });
  return (args: readonly string[]) =>
    suture(['scan', 'bom.json', ...args], { opens: { scan: async () => ({ scan }) } });
};
const before = (hours: number, seconds = 0) => NOW.subtract({ hours, seconds }).toString();

test('suture scan warns on stderr when the newest record is older than a week, in every form', async () => {
  for (const form of [[], ['--json'], ['--format', 'sarif']]) {
    const fresh = await scanOf(before(7 * 24))(form);
    assert.deepEqual([fresh.exitCode, fresh.err], [0, ''], form.join(' '));
    const old = await scanOf(before(7 * 24, 1))(form);
    assert.deepEqual([old.exitCode, old.err.split('\n').length], [0, 2]);
    assert.match(old.err, /^warning: the newest record is 7 d old \(2026-07-26T11:29:59Z\); what was published since/);
  }
  assert.equal(JSON.parse((await scanOf(before(7 * 24, 1))(['--json'])).out).dataIsOld, true);
});

test('suture scan --max-age: E0207 and exit 69 a second beyond it, and where nothing is dated', async () => {
  const cases = [
    [before(24), 0],
    [before(24, 1), 69],
    [null, 69],
  ] as const;
  for (const [newest, exitCode] of cases) {
    const run = await scanOf(newest)(['--max-age', '24h']);
    assert.deepEqual([run.exitCode, run.err.startsWith('error[E0207]')], [exitCode, exitCode === 69], run.err);
    assert.equal(run.out === '', exitCode === 69);
  }
  const wrong = await scanOf(before(1))(['--max-age', 'a day']);
  assert.deepEqual([wrong.exitCode, wrong.err.startsWith('error[E0902]')], [64, true]);
});
