import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Compares with a file under test/golden; `--test-update-snapshots` writes it anew, and the commit says why. */
export function matchesGolden(t: TestContext, name: string, actual: string): void {
  t.assert.fileSnapshot(actual, join(import.meta.dirname, '../golden', name), { serializers: [String] });
}
