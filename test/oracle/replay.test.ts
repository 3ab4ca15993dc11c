import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultAssumptions } from '../../src/factory/replay/assumptions.ts';
import type { OutcomeFigures } from '../../src/factory/replay/outcome-figures.ts';
import { replay } from '../../src/factory/replay/replay.ts';
import { readHistory, writeHistory } from '../../src/io/replay/history-folder.ts';
import { importHistory } from '../../src/io/replay/import-history.ts';
import { replayText } from '../../src/serve/cli/replay-text.ts';
import { paint } from '../../src/serve/cli/paint.ts';
import { instant } from '../support/literals.ts';

/** Git folders of clones of the Go vulnerability database and of Wolfi's recipes. */
const vulndb = process.env['SUTURE_VULNDB_GIT'];
const wolfi = process.env['SUTURE_WOLFI_GIT'];
const skip =
  process.env['SUTURE_LONG'] !== '1' || vulndb === undefined || wolfi === undefined
    ? 'skipped: needs SUTURE_LONG=1, and in SUTURE_VULNDB_GIT and SUTURE_WOLFI_GIT the git folders of clones'
    : false;

test('a quarter of Go programs is imported from public commits and replayed', { skip }, async (t) => {
  assert.ok(vulndb !== undefined && wolfi !== undefined);
  const folder = mkdtempSync(join(tmpdir(), 'suture-quarter-'));
  const gitFolders = new Map([['golang-vulndb', vulndb] as const, ['wolfi-os', wolfi] as const]);
  const [from, to] = [instant('2024-01-01T00:00:00Z'), instant('2024-04-01T00:00:00Z')];
  const count = await writeHistory(folder, importHistory({ gitFolders, from, to, onProgress: () => {} }));
  const events = await readHistory(folder);
  assert.equal(events.length, count);

  const result = await replay(events, defaultAssumptions);
  t.diagnostic(replayText(result, { paint: paint(false), columns: 100 }));
  const { ours, recorded } = result;
  assert.ok(recorded !== null);
  for (const figures of [ours, recorded]) hangTogether(figures);
  assert.ok(ours.counted > 100, 'Go mended its standard library in that quarter');
  assert.deepEqual(await replay(events, defaultAssumptions), result, 'the same seed is the same figures');

  // Nobody waits longer with more hands, nor with a person who looks faster.
  const slower = await replay(events, { ...defaultAssumptions, workers: 4, reviewHours: 24 });
  hangTogether(slower.ours);
  assert.ok((slower.ours.medianSeconds ?? Infinity) >= (ours.medianSeconds ?? Infinity));
});

function hangTogether({ counted, ended, censored, within, medianSeconds, p90Seconds }: OutcomeFigures): void {
  assert.equal(counted, ended + censored);
  const shares = [within.hours24, within.hours48, within.days7, within.days14].filter((each) => each !== null);
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  );
  assert.ok(medianSeconds === null ? p90Seconds === null : medianSeconds <= (p90Seconds ?? Infinity));
}
