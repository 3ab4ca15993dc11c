import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { readTar } from '../../src/formats/tar/read-tar.ts';

const FOLDER = process.env['SUTURE_FIXTURES'] ?? join(import.meta.dirname, '../../../shared/fixtures');
const BYTES_MAX = 256 * 1024 * 1024;

/**
 * Expected results of the formats' owners, packed: the text of one member of an archive, or of all that a pattern with
 * `*` names, one after the other. Undefined when the archive is
 * not on this machine: the test is then marked as skipped, or fails where `SUTURE_REQUIRE` names `fixtures`.
 */
export function fixtureText(t: TestContext, archive: string, member: string): string | undefined {
  const path = fixturePath(t, `${archive}.tar.xz`);
  if (path === undefined) return undefined;
  return execFileSync('tar', ['-xJOf', path, '--wildcards', member], { maxBuffer: BYTES_MAX, encoding: 'utf8' });
}

/** All of an archive in a folder that goes away with the test. */
export function fixtureFolder(t: TestContext, archive: string): string | undefined {
  const path = fixturePath(t, `${archive}.tar.xz`);
  if (path === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'suture-fixture-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync('tar', ['-xJf', path, '-C', folder]);
  return folder;
}

/** The files of an archive by their paths, in memory: thousands of small ones take their time on a disk. */
export function fixtureFiles(t: TestContext, archive: string): ReadonlyMap<string, Uint8Array> | undefined {
  const path = fixturePath(t, `${archive}.tar.xz`);
  if (path === undefined) return undefined;
  const bytes = execFileSync('xz', ['-dc', path], { maxBuffer: BYTES_MAX });
  const files = readTar(bytes).flatMap(({ path: name, content }) =>
    content === undefined ? [] : [[name, content] as const],
  );
  return new Map(files);
}

/** A file that lies there unpacked. */
export function fixtureFile(t: TestContext, file: string): string | undefined {
  const path = fixturePath(t, file);
  return path === undefined ? undefined : readFileSync(path, 'utf8');
}

function fixturePath(t: TestContext, file: string): string | undefined {
  const path = join(FOLDER, file);
  if (existsSync(path)) return path;
  const required = (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('fixtures');
  assert.ok(!required, `fixtures are required, and ${path} is not there`);
  t.skip('skipped: no fixtures');
  return undefined;
}
