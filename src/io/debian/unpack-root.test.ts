import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { differences, linesOfFolder } from '../../../test/support/compared-trees.ts';
import { dpkgUnpack, mergedLinks } from '../../../test/support/dpkg-unpack.ts';
import { handmadeDeb, type HandmadeDeb } from '../../../test/support/handmade-deb.ts';
import { toolPath } from '../../../test/support/tool.ts';
import type { AvailablePackage } from '../../core/resolve/available-package.ts';
import { openDebFile } from './open-deb.ts';
import { unpackRoot } from './unpack-root.ts';

/** A folder for roots and debs, and a way to unpack those into it. */
function place(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'suture-unpack-root-'));
  t.after(() => rmSync(folder, { recursive: true }));
  let roots = 0;
  const emptyRoot = (): string => {
    const root = join(folder, `root-${(roots += 1)}`);
    mkdirSync(root);
    return root;
  };
  return {
    folder,
    emptyRoot,
    write: (deb: HandmadeDeb): string => {
      const path = join(folder, `${deb.name}.deb`);
      writeFileSync(path, handmadeDeb(deb));
      return path;
    },
    unpack: async (debs: readonly string[]): Promise<string> => {
      const root = emptyRoot();
      const packages: AvailablePackage[] = [];
      for (const path of debs) {
        const { info } = await openDebFile(path, path);
        packages.push({ ...info, suite: 'made-up', priority: 'optional', file: { path, sizeBytes: 0, sha256: path } });
      }
      await unpackRoot(root, packages, new Map(debs.map((path) => [path, path])));
      return root;
    },
  };
}

const older: HandmadeDeb = {
  name: 'older',
  files: [
    { name: './usr/', type: '5', mode: 0o755 },
    { name: './usr/share/', type: '5', mode: 0o755 },
    { name: './usr/share/both', content: 'old', mtime: 5 },
    { name: './lib/', type: '5', mode: 0o755 },
    { name: './lib/kept', content: 'kept', mode: 0o600, mtime: 7 },
    { name: './srv/', type: '5', mode: 0o750 },
  ],
};
const newer: HandmadeDeb = {
  name: 'newer',
  fields: ['Replaces: older (<< 2)'],
  files: [
    { name: './usr/', type: '5', mode: 0o755 },
    { name: './usr/share/', type: '5', mode: 0o755 },
    { name: './usr/share/both', content: 'newer', mode: 0o755, mtime: 9 },
    { name: './usr/lib/', type: '5', mode: 0o755 },
    { name: './usr/lib/link', type: '2', link: 'kept', mode: 0o777 },
    { name: './lib/', type: '5', mode: 0o755 },
    { name: './lib/kept', type: '2', link: 'elsewhere', mode: 0o777 },
    { name: './srv/', type: '5', mode: 0o700 },
  ],
};

test('unpackRoot() has of one path what dpkg has, in either order: Replaces, links, one folder of two modes', async (t) => {
  if (toolPath(t, 'dpkg') === undefined) return;
  if (process.getuid?.() !== 0) return t.skip('skipped: dpkg unpacks for root alone');
  const { write, unpack, emptyRoot } = place(t);
  const debs = [older, newer].map(write);
  for (const ordered of [debs, debs.toReversed()]) {
    const theirs = emptyRoot();
    chmodSync(theirs, 0o755);
    dpkgUnpack(ordered, theirs);
    const ours = await unpack(ordered);
    const isOurs = (path: string) =>
      /^(dev|etc|home|proc|root|tmp|var\/lib)(\/|$)/.test(path) ||
      mergedLinks.some((name) => path === name || path === `usr/${name}`);
    assert.deepEqual(
      differences(withoutLinkTimes(ours), withoutLinkTimes(theirs)).filter((path) => !isOurs(path)),
      [],
    );
  }
});

/** Those of links are not set. */
function withoutLinkTimes(folder: string): ReadonlyMap<string, string> {
  const lines = [...linesOfFolder(folder)];
  return new Map(lines.map(([path, line]) => [path, line.replace(/^(symlink \S+ \S+) \S+/, '$1')]));
}

// In the second order dpkg makes it a name of the other package's file, and gives that file the mode of the one left out.
test('unpackRoot() leaves a hard link what it is in its package, where another package replaces its first name', async (t) => {
  if (toolPath(t, 'dpkg-deb') === undefined) return;
  const { write, unpack } = place(t);
  const hard = { name: './usr/share/hard', type: '1', link: './usr/share/both' };
  const debs = [write({ ...older, files: [...older.files, hard] }), write(newer)];
  for (const ordered of [debs, debs.toReversed()]) {
    const root = await unpack(ordered);
    assert.deepEqual(
      ['both', 'hard'].map((name) => readFileSync(join(root, 'usr/share', name), 'utf8')),
      ['newer', 'old'],
    );
  }
});

test('unpackRoot() is E0401 where dpkg would refuse: two packages with one path that say nothing of each other', async (t) => {
  if (toolPath(t, 'dpkg-deb') === undefined) return;
  const { write, unpack } = place(t);
  const debs = [write(older), write({ ...newer, fields: [] })];
  await assert.rejects(unpack(debs), { code: 'E0401', message: /^Packages newer and older cannot be in one root/ });
});

test('unpackRoot() sets no special bits, and dpkg reads its database without a word', async (t) => {
  const query = toolPath(t, 'dpkg-query');
  if (query === undefined) return;
  const { write, unpack } = place(t);
  const tool = write({
    name: 'tool',
    files: [
      { name: './bin/', type: '5', mode: 0o755 },
      { name: './bin/tool', mode: 0o6755, content: '#!/bin/sh\n' },
    ],
  });
  const library = write({
    name: 'library',
    fields: ['Multi-Arch: same'],
    files: [{ name: './lib/liba.so', content: 'x' }],
  });
  const root = await unpack([library, tool]);
  assert.equal(statSync(join(root, 'bin/tool')).mode & 0o7777, 0o755);
  const listed = execFileSync(query, [`--admindir=${root}/var/lib/dpkg`, '-L', 'library:amd64', 'tool']);
  assert.equal(String(listed), '/.\n/lib/liba.so\n\n/.\n/bin\n/bin/tool\n');
});

test('unpackRoot() writes nothing outside: links of one package do not lead files of another', async (t) => {
  if (toolPath(t, 'dpkg-deb') === undefined) return;
  const { folder, write, unpack } = place(t);
  const outside = join(folder, 'outside');
  mkdirSync(outside);
  const bridge = write({ name: 'bridge', files: [{ name: './opt', type: '2', link: outside }] });
  const walker = write({ name: 'walker', files: [{ name: './opt/file', content: 'x' }] });
  await assert.rejects(unpack([bridge, walker]), { code: 'E0404' });
  await assert.rejects(unpack([walker, bridge]), { code: 'E0404' });
  assert.throws(() => statSync(join(outside, 'file')), { code: 'ENOENT' });
});
