import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { catalogFiles } from '../../../test/support/catalog-files.ts';
import { catalogFileKinds, type CatalogFileKind, type JsonSchema, jsonSchema } from './json-schemas.ts';
import { parseCatalog } from './parse-catalog.ts';
import { referencePage } from './reference-page.ts';
import { starterFiles, starterName } from './starter.ts';

/** Every key below a schema, with its address. */
function keys(schema: JsonSchema, path = ''): readonly (readonly [string, JsonSchema, boolean])[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    [`${path}.${key}`, value, schema.required?.includes(key) ?? false] as const,
    ...keys(value, `${path}.${key}`),
  ]);
  const inItems = schema.items === undefined ? [] : keys(schema.items, `${path}[]`);
  const inDefinitions = Object.entries(schema.$defs ?? {}).flatMap(([name, value]) => keys(value, `${path}#${name}`));
  return [...own, ...inItems, ...inDefinitions];
}

for (const kind of catalogFileKinds) {
  test(`jsonSchema(${kind}) says of every key what it means, what holds without it, and an example`, () => {
    const all = keys(jsonSchema(kind));
    assert.ok(all.length > 5);
    for (const [path, schema, required] of all) {
      assert.ok(schema.description, `${path} has a description`);
      assert.ok(schema.examples !== undefined && schema.examples.length > 0, `${path} has an example`);
      const told = required || schema.default !== undefined || /Absent: /.test(schema.description);
      assert.ok(told, `${path} says what holds without it`);
    }
  });

  test(`jsonSchema(${kind}) accepts its own examples and defaults`, () => {
    const root = jsonSchema(kind);
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    for (const [path, schema] of keys(root)) {
      // A part of the file that refers to the whole is compiled within it.
      const validate = ajv.compile({ ...schema, $defs: root.$defs ?? {} });
      const values = [...(schema.examples ?? []), ...(schema.default === undefined ? [] : [schema.default])];
      for (const value of values)
        assert.ok(validate(value), `${path}: ${JSON.stringify(value)} ${ajv.errorsText(validate.errors)}`);
    }
  });

  test(`docs/reference/${kind}.md is up to date (docs/reference/generate.ts makes it)`, () => {
    const page = readFileSync(join(import.meta.dirname, `../../../docs/reference/${kind}.md`), 'utf8');
    assert.equal(page, referencePage(kind));
  });
}

function kindOf(path: string): CatalogFileKind | undefined {
  if (path.startsWith('recipes/') && path.endsWith('.yaml')) return 'recipe';
  if (path.startsWith('lines/')) return 'line';
  return catalogFileKinds.find((kind) => path === `${kind}.yaml`);
}

for (const [name, files] of [
  ['the catalog of the tests', catalogFiles()],
  ['the starter', starterFiles({ name: 'images' })],
] as const) {
  test(`jsonSchema() accepts what parseCatalog() accepts: ${name}`, () => {
    assert.equal(parseCatalog(files, '/srv/catalog').kind, 'catalog');
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    for (const [path, text] of files) {
      const kind = kindOf(path);
      if (kind === undefined) continue;
      const validate = ajv.compile(jsonSchema(kind));
      assert.ok(validate(parse(text)), `${path} ${ajv.errorsText(validate.errors)}`);
      if (name === 'the starter')
        assert.match(text, new RegExp(`^# yaml-language-server: \\$schema=.*\\.suture/schema/${kind}\\.json\n`));
    }
  });
}

test('starterName() makes a name of any folder', () => {
  assert.equal(starterName('My Images (2)'), 'my-images-2');
  assert.equal(starterName('日本'), 'images');
  assert.match(starterName(`${'x'.repeat(62)}-y`), /^[a-z0-9]+(-[a-z0-9]+)*$/);
});
