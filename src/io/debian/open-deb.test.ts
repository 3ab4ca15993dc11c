import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { handmadeDeb, type RawMember } from '../../../test/support/handmade-deb.ts';
import { toolPath } from '../../../test/support/tool.ts';
import { openDeb } from './open-deb.ts';

const made = (files: readonly RawMember[]) => handmadeDeb({ name: 'odd', files });

test('openDeb() reads what dpkg-deb unpacks: odd modes of ./, set-user-id bits, names beyond ASCII', async (t) => {
  if (toolPath(t, 'dpkg-deb') === undefined) return;
  const deb = made([
    { name: './', type: '5', mode: 0o2700 },
    { name: './opt/', type: '5', mode: 0o1777 },
    { name: './opt/naïve file', mode: 0o4755, mtime: 7, content: 'x' },
    { name: './opt/hard', type: '1', link: './opt/naïve file' },
  ]);
  const { info, files } = await openDeb(deb, 'odd.deb');
  assert.equal(info.name, 'odd');
  assert.deepEqual(
    files.map(({ kind, path, mode, linkTarget }) => [kind, path, mode, linkTarget]),
    [
      ['directory', 'opt', 0o1777, undefined],
      ['file', 'opt/naïve file', 0o4755, undefined],
      ['hardlink', 'opt/hard', 0o644, 'opt/naïve file'],
    ],
  );
});

const hostile: readonly (readonly [string, readonly RawMember[]])[] = [
  ['a path that climbs out', [{ name: './../../outside', content: 'x' }]],
  ['a path that climbs out in its middle', [{ name: './usr/../../outside', content: 'x' }]],
  ['an absolute path', [{ name: '/outside', content: 'x' }]],
  [
    'a path through a link',
    [
      { name: './tmp', type: '2', link: '/tmp' },
      { name: './tmp/outside', content: 'x' },
    ],
  ],
  ['a link that climbs out', [{ name: './etc', type: '2', link: '../../etc' }]],
  ['a hard link that climbs out', [{ name: './shadow', type: '1', link: '../../etc/shadow' }]],
  ['a hard link to a file of the machine', [{ name: './shadow', type: '1', link: '/etc/shadow' }]],
  ['a hard link to what another package may have', [{ name: './shadow', type: '1', link: './etc/shadow' }]],
  ['a device of characters', [{ name: './null', type: '3' }]],
  ['a device of blocks', [{ name: './disk', type: '4' }]],
  ['a named pipe', [{ name: './pipe', type: '6' }]],
  [
    'one path twice',
    [
      { name: './a', content: '1' },
      { name: './a', content: '2' },
    ],
  ],
];

for (const [what, files] of hostile) {
  test(`openDeb() refuses: ${what}`, async (t) => {
    if (toolPath(t, 'dpkg-deb') === undefined) return;
    await assert.rejects(openDeb(made(files), 'odd.deb'), { code: 'E0404' });
  });
}

test('openDeb() refuses what is no deb, and what is cut short; nothing of it stays', async (t) => {
  if (toolPath(t, 'dpkg-deb') === undefined) return;
  const whole = made([{ name: './a', content: 'x'.repeat(5000) }]);
  for (const bytes of [new Uint8Array(), Buffer.from('no deb'), whole.subarray(0, -40)]) {
    await assert.rejects(openDeb(bytes, 'odd.deb'), { code: 'E0404' });
  }
});

test('openDeb() stops a small deb that unpacks to more than its bound', async (t) => {
  if (toolPath(t, 'dpkg-deb') === undefined) return;
  const bomb = made([{ name: './zeros', content: Buffer.alloc(64 * 1024 ** 2) }]);
  assert.ok(bomb.length < 100_000);
  const bounds = { controlBytesMax: 1024 ** 2, dataBytesMax: 8 * 1024 ** 2 };
  await assert.rejects(openDeb(bomb, 'bomb.deb', bounds), {
    code: 'E0205',
    message: `bomb.deb unpacks to more than ${bounds.dataBytesMax} bytes`,
  });
  const small = { controlBytesMax: 4096, dataBytesMax: 8 * 1024 ** 2 };
  const fields = [`Homepage: https://example.org/${'x'.repeat(100_000)}`];
  await assert.rejects(openDeb(handmadeDeb({ name: 'odd', fields, files: [] }), 'odd.deb', small), { code: 'E0205' });
});

test('openDeb() leaves nothing behind, whatever comes of it', async (t) => {
  if (toolPath(t, 'dpkg-deb') === undefined) return;
  const before = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'suture-open-deb-'));
  process.env['TMPDIR'] = folder;
  t.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true });
  });
  await openDeb(made([{ name: './a', content: 'x' }]), 'odd.deb');
  await assert.rejects(openDeb(made([{ name: '/a', content: 'x' }]), 'odd.deb'));
  assert.deepEqual(readdirSync(folder), []);
});
