import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Where a program of the machine lies; without it the test is marked as skipped, or fails where SUTURE_REQUIRE names it. */
export function toolPath(t: TestContext, name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  const required = (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes(name);
  assert.ok(!required, `SUTURE_REQUIRE asks for ${name}`);
  t.skip(`skipped: no ${name}`);
  return undefined;
}
