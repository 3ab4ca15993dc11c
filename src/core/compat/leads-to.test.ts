import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leadsTo } from './leads-to.ts';
import type { FileFact } from './image-facts.ts';

const at = (path: string, target?: string): FileFact => ({
  path,
  kind: target === undefined ? 'file' : 'symlink',
  mode: 0o755,
  uid: 0,
  gid: 0,
  sizeBytes: 0,
  content: target ?? '',
});
const chain = Array.from({ length: 41 }, (_, i) => at(`chain/${i}`, i === 0 ? '/usr/bin/x' : `${i - 1}`));
const files = new Map(
  [
    at('usr/bin/x'),
    at('bin', 'usr/bin'),
    at('lib64', '/usr/lib64'),
    at('usr/lib64', 'lib'),
    at('usr/lib/l'),
    at('up', '../../../usr/./bin//x'),
    at('loop', 'loop'),
    at('gone', 'nothing'),
    ...chain,
  ].map((file) => [file.path, file]),
);

const rows: readonly (readonly [path: string, found: string | undefined])[] = [
  ['usr/bin/x', 'usr/bin/x'],
  ['bin/x', 'usr/bin/x'],
  ['lib64/l', 'usr/lib/l'],
  ['up', 'usr/bin/x'],
  ['loop', undefined],
  ['gone', undefined],
  ['bin/y', undefined],
  ['usr/bin/x/y', undefined],
  ['', undefined],
  ['chain/39', 'usr/bin/x'],
  ['chain/40', undefined],
];

for (const [path, found] of rows) {
  test(`leadsTo() from ${JSON.stringify(path)}: ${found ?? 'nothing'}`, () => {
    assert.equal(leadsTo(files, path)?.path, found);
  });
}
