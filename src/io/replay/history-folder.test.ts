import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readHistory, writeHistory } from './history-folder.ts';

const HEAD =
  '{"kind":"history","schema":"suture/replay-history/1","name":"x","from":"2024-01-01T00:00:00Z","to":"2024-02-01T00:00:00Z"}';

function folderWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-history-'));
  writeFileSync(join(folder, 'history.jsonl'), text);
  return folder;
}

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['that is no JSON', '{', /is no event/],
  ['of no kind', '{"kind":"wish"}', /is no event/],
  ['with a member too many', HEAD.replace('"x"', '"x","y":1'), /is no event/],
  ['with a day for an instant', '{"kind":"end","at":"2024-01-01","line":"a"}', /is no event/],
  ['with a record that is none', '{"kind":"advisory","at":"2024-01-01T00:00:00Z","source":"osv","record":{}}', /./],
];
for (const [situation, line, message] of refused) {
  test(`readHistory() refuses a line ${situation}, and says which`, async () => {
    const folder = folderWith(`${HEAD}\n\n${line}\n`);
    await assert.rejects(readHistory(folder), (error: Error & { detail?: { at?: string } }) => {
      assert.match(error.message, message);
      assert.match(error.detail?.at ?? error.message, /history\.jsonl:3/);
      return true;
    });
  });
}

test('readHistory() of a folder without one says how to make one', async () => {
  await assert.rejects(readHistory(mkdtempSync(join(tmpdir(), 'suture-none-'))), { code: 'E0904' });
});

test('writeHistory() leaves nothing where it fails half way', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'suture-half-'));
  async function* half() {
    yield { kind: 'end' as const, at: '2024-01-01T00:00:00Z', line: 'a' };
    throw new Error('the clone went away');
  }
  await assert.rejects(writeHistory(folder, half()), /went away/);
  assert.deepEqual(readdirSync(folder), []);
});
