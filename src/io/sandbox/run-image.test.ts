import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isolationOr } from '../../../test/support/isolation.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { helloHistory } from '../../serve/demo/world/hello/history.ts';
import { detect } from './detect-isolation.ts';
import { imageRunner } from './run-image.ts';
import { runsHere } from './runs-here.ts';

const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
const limits = { timeoutSeconds: 10, memoryBytes: 64 * 1024 ** 2 };

/** An image's tree with one static program. */
function helloImage(): readonly TarEntry[] {
  const folder = mkdtempSync(join(tmpdir(), 'suture-hello-image-'));
  try {
    const at = Temporal.Instant.from('2026-02-01T10:00:00Z');
    const [release] = helloHistory([{ at, happens: { kind: 'release', version: '1.0.0' } }]);
    for (const [path, text] of release?.files ?? []) writeFileSync(join(folder, path), text);
    const machine = architecture === 'arm64' ? 'aarch64' : 'x86_64';
    execFileSync(process.execPath, ['build.mjs', machine, 'hello'], { cwd: folder });
    const content = readFileSync(join(folder, 'hello'));
    return [{ path: 'usr/bin/hello', kind: 'file', mode: 0o755, uid: 0, gid: 0, mtime: 0, content }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const request = {
  architecture,
  files: async () => helloImage(),
  argv: ['/usr/bin/hello', 'Ada'],
  environment: {},
  workDir: '/srv/app',
} as const;

for (const kind of ['bubblewrap', 'unshare'] as const) {
  test(`imageRunner() by ${kind} runs an image without a base, as root or not, in a folder that it lacks`, async (t) => {
    const isolation = await isolationOr(t, kind);
    if (isolation === undefined) return;
    const run = imageRunner({ ...limits, isolation });
    for (const uid of [0, 65532]) {
      const result = await run({ ...request, user: { uid, gid: uid } });
      assert.deepEqual(result, { kind: 'exited', exitCode: 0, output: 'hello 1.0.0: hello, Ada!\n' });
    }
    const missing = await run({ ...request, argv: ['/usr/bin/missing'], user: { uid: 65532, gid: 65532 } });
    assert.ok(missing.kind === 'exited' && missing.exitCode !== 0);
  });
}

test('imageRunner() is not-run: another architecture, no isolation', async () => {
  const run = imageRunner({ ...limits, isolation: await detect('none') });
  assert.equal((await run({ ...request, user: { uid: 0, gid: 0 } })).kind, 'not-run');
  const other = architecture === 'amd64' ? 'arm64' : 'amd64';
  if (!runsHere(other)) {
    assert.equal((await run({ ...request, architecture: other, user: { uid: 0, gid: 0 } })).kind, 'not-run');
  }
});
