import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { removeOlder } from './remove-older.ts';

const now = Temporal.Instant.from('2026-03-08T10:00:00Z');
const exactlyAWeek = now.subtract({ hours: 7 * 24 }).epochMilliseconds / 1000;

test('removeOlder() removes what bears the name and was not touched for so many days, and follows no link', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'suture-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, seconds] of [
    ['scratch-old', exactlyAWeek - 1],
    ['scratch-week', exactlyAWeek],
    ['kept-old', exactlyAWeek - 1],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'file'), '');
    utimesSync(join(folder, name), seconds, seconds);
  }
  symlinkSync(join(folder, 'kept-old'), join(folder, 'scratch-link'));
  const older = { named: /^scratch-/, days: 7, now };
  assert.deepEqual(await removeOlder(folder, older), ['scratch-old']);
  assert.deepEqual(readdirSync(folder).toSorted(), ['kept-old', 'scratch-link', 'scratch-week']);
  assert.deepEqual(readdirSync(join(folder, 'kept-old')), ['file']);
  assert.deepEqual(await removeOlder(join(folder, 'absent'), older), []);
});
