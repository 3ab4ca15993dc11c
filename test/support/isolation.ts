import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { makeHostToolsRoot } from '../../src/io/sandbox/build-root.ts';
import { detect } from '../../src/io/sandbox/detect-isolation.ts';
import type { Isolation, IsolationKind } from '../../src/io/sandbox/sandbox.ts';

/**
 * A kind of isolation, when it works on this machine; else the test is marked as skipped, or fails where
 * `SUTURE_REQUIRE` names `bwrap`.
 */
export async function isolationOr(t: TestContext, kind: IsolationKind): Promise<Isolation | undefined> {
  try {
    return await detect(kind);
  } catch (error) {
    const required = (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('bwrap');
    assert.ok(!required, `bwrap is required: ${String(error)}`);
    t.skip(`skipped: no ${kind}`);
    return undefined;
  }
}

/** A root folder of this machine's tools, made once and shared by all tests; never written to. */
export async function hostToolsRoot(): Promise<string> {
  const folder = join(import.meta.dirname, '../../.cache/test-root');
  await makeHostToolsRoot(folder);
  return folder;
}
