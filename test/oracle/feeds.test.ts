import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { registeredEcosystems, registeredPrefixes } from '../../src/formats/osv/registered-names.ts';
import { feedFiles } from '../../src/views/feed/feed-files.ts';
import { feedWorld } from '../support/feed-world.ts';
import { fixtureText } from '../support/fixtures.ts';

/** The owner of OSV judges our records. */

test('every OSV record of the feeds is valid by the schema of its owner', (t) => {
  const schema = schemaOf(t);
  if (schema === undefined) return;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile(schema);
  const records = feedFiles(feedWorld()).filter(({ path }) => path.startsWith('osv/') && path.endsWith('.json'));
  assert.ok(records.length >= 4);
  for (const { path, bytes } of records) {
    assert.ok(validate(JSON.parse(new TextDecoder().decode(bytes))), `${path}: ${ajv.errorsText(validate.errors)}`);
  }
  // The schema refuses what `feed check` refuses.
  for (const wrong of [
    { id: 'ACME-2026-1', modified: '2026-08-02T00:00:00Z' },
    { id: 'x_a-1', modified: '2026-08-02T00:00:00Z', affected: [{ package: { ecosystem: 'Acme', name: 'a' } }] },
  ]) {
    assert.ok(!validate(wrong));
  }
});

test('the closed lists that `suture feed check` knows are those of the schema', (t) => {
  const schema = schemaOf(t);
  if (schema === undefined) return;
  const { ecosystemName, prefix } = schema.$defs;
  assert.deepEqual(registeredEcosystems, ecosystemName.enum);
  const pattern = new RegExp(prefix.pattern);
  for (const each of registeredPrefixes) assert.match(`${each}-1`, pattern);
  const alternatives = prefix.pattern
    .replace(/^.*\(x_\|\(|\)-\)$/g, '')
    .replace('SUSE-[SRFO]U', 'SUSE-SU|SUSE-RU|SUSE-FU|SUSE-OU');
  assert.deepEqual(alternatives.split('|').toSorted(), registeredPrefixes.toSorted());
});

interface OsvSchema {
  readonly $defs: {
    readonly ecosystemName: { readonly enum: string[] };
    readonly prefix: { readonly pattern: string };
  };
}

function schemaOf(t: Parameters<typeof fixtureText>[0]): OsvSchema | undefined {
  const text = fixtureText(t, 'osv-schema', 'osv-schema/schema.json');
  return text === undefined ? undefined : (JSON.parse(text) as OsvSchema);
}
