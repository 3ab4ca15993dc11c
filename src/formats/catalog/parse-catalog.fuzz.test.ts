import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogFiles } from '../../../test/support/catalog-files.ts';
import { parseCatalog } from './parse-catalog.ts';
import { showProblems } from './show-problem.ts';

const right = catalogFiles();
const yamlFiles = [...right.keys()].filter((path) => path.endsWith('.yaml'));

const fragment = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ': ',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!!binary ',
    '!!set ',
    '<<: *a',
    '|',
    '>-',
    '"',
    "'",
    '#',
    '\t',
    '\n',
    '\r',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '__proto__: {}',
    'constructor: 1',
    '${{',
    '${{vars.x}}',
    '\u0000',
    '\u2028',
    '\ud800',
    '\ufeff',
    'null',
    '~',
    'true',
    '1e999',
    '0x1F',
    '-0',
    '.nan',
    '9007199254740993',
    '2027-01-01',
  ),
  fc.string({ maxLength: 20, unit: 'binary' }),
);

const mutation = fc.record({
  file: fc.constantFrom(...yamlFiles),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 30 }),
  insert: fc.array(fragment, { maxLength: 3 }),
});

test('parseCatalog() never throws: mutated catalogs are read or have problems that point into a file', () => {
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const files = catalogFiles();
      for (const { file, at, remove, insert } of mutations) {
        const text = files.get(file) ?? '';
        const offset = Math.floor(at * text.length);
        files.set(file, text.slice(0, offset) + insert.join('') + text.slice(offset + remove));
      }
      const reading = parseCatalog(files, '/srv/catalog');
      if (reading.kind === 'catalog') return;
      assert.ok(reading.problems.length > 0);
      for (const { code, detail } of reading.problems) {
        assert.match(code, /^E010[12]$/);
        const [, file = '', line = '0'] = /^(.*?):(\d+):(\d+)$/.exec(detail.at ?? '') ?? [];
        assert.ok(Number(line) <= (files.get(file) ?? '').split('\n').length, `${detail.at} is in the file`);
      }
      assert.doesNotMatch(showProblems(reading.problems).replaceAll('\n', ''), /\p{Cc}/u);
    }),
    { numRuns: 500 },
  );
});

test('parseCatalog() never throws: any text as any file', () => {
  fc.assert(
    fc.property(fc.constantFrom(...yamlFiles), fc.array(fragment, { maxLength: 12 }), (file, parts) => {
      const reading = parseCatalog(catalogFiles({ [file]: parts.join('') }), '/srv/catalog');
      assert.ok(reading.kind === 'catalog' || reading.problems.length > 0);
    }),
    { numRuns: 300 },
  );
});
