import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { readUserSources, sourcesOfSuites } from '../../src/io/debian/user-sources.ts';

/** Whether this machine's apt has Debian's archives; else the test is skipped, or fails where SUTURE_REQUIRE names `apt`. */
export async function aptOr(t: TestContext): Promise<boolean> {
  try {
    sourcesOfSuites(await readUserSources(), ['bookworm']);
    return true;
  } catch (error) {
    const required = (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('apt');
    assert.ok(!required, `apt is required: ${String(error)}`);
    t.skip('skipped: no apt with an entry for Debian');
    return false;
  }
}
