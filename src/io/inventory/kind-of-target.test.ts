import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { writeTar } from '../../formats/tar/write-tar.ts';
import { kindOfTarget } from './kind-of-target.ts';

test('kindOfTarget() by what lies there, and by its name where nothing does', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'suture-target-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const entry = { path: 'a', kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, content: Buffer.from('x') } as const;
  const tar = Buffer.from(writeTar([entry]));
  const files = { 'bom.json': '\n { "bomFormat"', 'a.tar': tar, 'a.tgz': gzipSync(tar) };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, 'layout'));
  writeFileSync(join(folder, 'layout/oci-layout'), '{}');
  const kinds = ['bom.json', 'a.tar', 'a.tgz', 'layout', ''].map((name) => kindOfTarget(join(folder, name)));
  assert.deepEqual(kinds, ['sbom', 'image', 'image', 'image', 'folder']);
  assert.equal(kindOfTarget('-'), 'stdin');
  const digest = `sha256:${'a'.repeat(64)}`;
  for (const name of ['registry.example/nginx:1.28', 'localhost:5000/a/b', `127.0.0.1:5000/nginx@${digest}`]) {
    assert.equal(kindOfTarget(name), 'reference', name);
  }
  for (const name of ['nginx', 'nginx:1.28', '../x', 'registry.example/UPPER', 'https://registry.example/x']) {
    assert.throws(() => kindOfTarget(name), { code: 'E0902' }, name);
  }
  writeFileSync(join(folder, 'words'), 'plain words');
  assert.throws(() => kindOfTarget(join(folder, 'words')), { code: 'E0904' });
});
