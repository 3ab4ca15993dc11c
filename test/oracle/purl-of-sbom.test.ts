import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inventoryOfSbom } from '../../src/formats/sbom/inventory-of-sbom.ts';
import { fixtureText } from '../support/fixtures.ts';

interface PurlCase {
  readonly test_type: string;
  readonly input: string;
  readonly expected_output: { readonly type: string; readonly name: string; readonly version: string | null } | string;
  readonly expected_failure: boolean;
}

/** What is described, not what is inside. */
const SUBJECTS = new Set(['oci', 'docker']);

/**
 * packageurl-js 2.0.1 wants a version in each purl of CRAN and Swift and more of Conan's, so these have no key without version; and
 * a version with a blank is none to us. What it newly gets right is to be taken off.
 */
const DISAGREED = 11;

test('inventoryOfSbom() reads versions from the purls of purl-spec as its authors do', (t) => {
  const text = fixtureText(t, 'purl-spec', '*/tests/types/*-test.json');
  if (text === undefined) return;
  const cases = text
    .split(/(?<=^\})\s*(?=^\{)/m)
    .flatMap((file) => (JSON.parse(file) as { readonly tests: readonly PurlCase[] }).tests)
    .filter((one) => one.test_type === 'parse' && !one.expected_failure);
  let read = 0;
  const wrong: string[] = [];
  for (const { input, expected_output: expected } of cases) {
    if (typeof expected === 'string' || SUBJECTS.has(expected.type)) continue;
    const document = { bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ name: 'x', purl: input }] };
    const { inventory } = inventoryOfSbom(Buffer.from(JSON.stringify(document)), 'x');
    const epochless = inventory.components[0]?.version.replace(/^[0-9]+:/, '');
    read += 1;
    if (epochless !== (expected.version ?? '').replace(/^[0-9]+:/, '')) wrong.push(`${input}: ${epochless}`);
  }
  assert.ok(read > 100, `${read} cases`);
  assert.ok(wrong.length <= DISAGREED, `${wrong.length} of ${read}:\n${wrong.join('\n')}`);
});
