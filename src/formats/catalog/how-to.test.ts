import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalogFiles } from '../../../test/support/catalog-files.ts';
import { parseCatalog } from './parse-catalog.ts';
import { showProblems } from './show-problem.ts';

const folder = join(import.meta.dirname, '../../../docs/how-to');

/** Every whole file shown in the how-to pages, by the kind that its first line names. */
const shown = readdirSync(folder).flatMap((page) =>
  [
    ...readFileSync(join(folder, page), 'utf8').matchAll(
      /```yaml\n(# yaml-language-server: .*\/(\w+)\.json\n[^]*?)```/g,
    ),
  ].map(([, text = '', kind = '']) => ({ page, text, kind })),
);

const places: Readonly<Record<string, string>> = {
  exceptions: 'exceptions.yaml',
  line: 'lines/hello.yaml',
  policy: 'policy.yaml',
  recipe: 'recipes/hello.yaml',
  suture: 'suture.yaml',
};

for (const { page, text, kind } of shown) {
  test(`parseCatalog() accepts the ${kind} file in docs/how-to/${page}`, () => {
    const reading = parseCatalog(catalogFiles({ [places[kind] ?? '']: text }), '/srv/catalog');
    assert.equal(reading.kind === 'problems' ? showProblems(reading.problems) : '', '');
  });
}

test('docs/how-to shows a recipe, a line, a policy and exceptions in full', () => {
  assert.deepEqual([...new Set(shown.map(({ kind }) => kind))].sort(), ['exceptions', 'line', 'policy', 'recipe']);
});
