import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogFiles } from '../../../test/support/catalog-files.ts';
import { Failure } from '../../core/failure.ts';
import { addPatch, bumpEpoch, dropPatch, raiseRecipe } from './edit-recipe.ts';

const recipe = catalogFiles().get('recipes/hello.yaml') ?? '';
const commit = 'abcdefabcdefabcdefabcdefabcdefabcdefabcd';

/** Lines that are gone (-) and lines that are new (+), in order. */
function changes(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

function minimal(
  change: { readonly pipeline?: string; readonly suture?: string; readonly version?: string } = {},
): string {
  return `package: { name: x, version: ${change.version ?? '1.0.0'}, epoch: 0, copyright: [{ license: MIT }] }
pipeline:
${change.pipeline ?? '  - runs: "true"'}
suture: ${change.suture ?? '{ stream: "1" }'}
`;
}

test('raiseRecipe() changes version, epoch and commit, and nothing else', () => {
  const raised = raiseRecipe(recipe, { version: '1.0.2', epoch: 0, expected: commit });
  assert.deepEqual(changes(recipe, raised), [
    '-  version: 1.0.1 # the newest of 1.0',
    '-  epoch: 3 # CVE-2099-0001',
    '-      expected-commit: fedcba9876543210fedcba9876543210fedcba98',
    '+  version: 1.0.2 # the newest of 1.0',
    '+  epoch: 0 # CVE-2099-0001',
    `+      expected-commit: ${commit}`,
  ]);
});

test('raiseRecipe() there and back again is the same text, byte for byte', () => {
  const there = raiseRecipe(recipe, { version: '1.0.2', epoch: 0, expected: commit });
  const back = raiseRecipe(there, {
    version: '1.0.1',
    epoch: 3,
    expected: 'fedcba9876543210fedcba9876543210fedcba98',
  });
  assert.equal(back, recipe);
});

test('raiseRecipe() there and back again: whatever comments, blanks and line endings there are', () => {
  const filler = fc.array(fc.constantFrom('', '# note', '   # deep note', '\t', '#'), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(filler, { minLength: 40, maxLength: 40 }), fc.boolean(), (fillers, windows) => {
      const noisy = recipe
        .split('\n')
        .flatMap((line, i) => (/make|runs: \|/.test(line) ? [line] : [line, ...(fillers[i] ?? [])]));
      const text = noisy.filter((line) => line !== '\t').join(windows ? '\r\n' : '\n');
      const there = raiseRecipe(text, { version: '1.0.2', epoch: 0, expected: commit });
      const back = { version: '1.0.1', epoch: 3, expected: 'fedcba9876543210fedcba9876543210fedcba98' };
      assert.equal(raiseRecipe(there, back), text);
      assert.equal(there.length, text.length);
    }),
    { numRuns: 60 },
  );
});

test('raiseRecipe() keeps the quotes, and quotes what would read as a number', () => {
  const plain = minimal();
  assert.match(raiseRecipe(plain, { version: '1.0.1', epoch: 0 }), /version: 1\.0\.1,/);
  assert.match(raiseRecipe(plain, { version: '1.10', epoch: 0 }), /version: "1\.10",/);
  assert.match(raiseRecipe(minimal({ version: "'1.0'" }), { version: '1.10', epoch: 0 }), /version: '1\.10',/);
  assert.match(raiseRecipe(minimal({ version: '"1.0"' }), { version: '1.1.0', epoch: 0 }), /version: "1\.1\.0",/);
});

test('raiseRecipe() adds a commit below the tag, with its indent and line ending', () => {
  const pipeline = `  - uses: git-checkout
    with:
      tag: v\${{package.version}} # signed
      repository: https://git.example.org/x.git`;
  const raised = raiseRecipe(minimal({ pipeline }), { version: '1.0.1', epoch: 0, expected: commit });
  assert.match(raised, new RegExp(` # signed\n      expected-commit: ${commit}\n      repository`));
  const windows = minimal({ pipeline }).replaceAll('\n', '\r\n');
  const raisedWindows = raiseRecipe(windows, { version: '1.0.1', epoch: 0, expected: commit });
  assert.match(raisedWindows, new RegExp(` # signed\r\n      expected-commit: ${commit}\r\n`));
});

test('raiseRecipe() quotes a commit that would read as a number', () => {
  const pipeline =
    '  - { uses: git-checkout, with: { tag: "v${{package.version}}", repository: "https://git.example.org/x" } }';
  const expected = `12e${'4'.repeat(37)}`;
  const raised = raiseRecipe(minimal({ pipeline }), { version: '1.0.1', epoch: 0, expected });
  assert.match(raised, new RegExp(`expected-commit: "${expected}"`));
});

test('raiseRecipe() adds a commit to settings that stand on one line', () => {
  const pipeline =
    '  - { uses: git-checkout, with: { tag: "v${{package.version}}", repository: "https://git.example.org/x" } }';
  const raised = raiseRecipe(minimal({ pipeline }), { version: '1.0.1', epoch: 0, expected: commit });
  assert.match(
    raised,
    new RegExp(`\\{ tag: "v\\$\\{\\{package.version\\}\\}", expected-commit: ${commit}, repository:`),
  );
});

test('raiseRecipe() follows a tag that spells the version out', () => {
  const pipeline = `  - uses: git-checkout
    with: { repository: "https://git.example.org/x", tag: release-1.0.0-final }`;
  const raised = raiseRecipe(minimal({ pipeline }), { version: '1.0.1', epoch: 0 });
  assert.match(raised, /tag: release-1\.0\.1-final/);
});

test('raiseRecipe() refuses what would build the old sources or cannot be edited safely', () => {
  const checkout = (settings: string) =>
    minimal({ pipeline: `  - uses: git-checkout\n    with: { repository: "https://git.example.org/x", ${settings} }` });
  const raise =
    (text: string, version = '1.0.1') =>
    () =>
      raiseRecipe(text, { version, epoch: 0 });
  const refused = (what: RegExp) => (error: unknown) =>
    error instanceof Failure && error.code === 'E0101' && what.test(error.message);
  assert.throws(raise(checkout('tag: stable')), refused(/does not follow the version/));
  assert.throws(raise(checkout(`tag: "v\${{package.version}}", expected-commit: ${commit}`)), refused(/pins a commit/));
  assert.throws(
    raise(minimal({ version: '*v' }).replace('name: x', 'name: &v "1"')),
    refused(/not plain or quoted text/),
  );
  assert.throws(raise(minimal(), 'v1'), refused(/is not a version/));
  assert.throws(raise(minimal(), '1.0 } #'), refused(/./));
  assert.throws(raise('package: {'), refused(/not valid YAML/));
});

test('bumpEpoch() raises the epoch by one and nothing else', () => {
  assert.deepEqual(changes(recipe, bumpEpoch(recipe)), ['-  epoch: 3 # CVE-2099-0001', '+  epoch: 4 # CVE-2099-0001']);
});

const patch = { file: 'patches/CVE-2099-0002.patch', fixes: ['CVE-2099-0002', 'GHSA-aaaa-bbbb-cccc'] };

test('addPatch() adds to a list, in the style in which it is written', () => {
  assert.deepEqual(changes(recipe, addPatch(recipe, patch)), [
    '+    - file: patches/CVE-2099-0002.patch',
    '+      fixes: [CVE-2099-0002, GHSA-aaaa-bbbb-cccc]',
  ]);
  const entry = '{ file: patches/CVE-2099-0002.patch, fixes: [CVE-2099-0002, GHSA-aaaa-bbbb-cccc] }';
  const cases = [
    ['{ stream: "1" }', `{ stream: "1", patches: [${entry}] }`],
    ['{ stream: "1", patches: [] }', `{ stream: "1", patches: [${entry}] }`],
    ['{ stream: "1", patches: [{ file: patches/a }] }', `{ stream: "1", patches: [{ file: patches/a }, ${entry}] }`],
    [
      '\n  patches: # ours\n  - file: patches/a\n  stream: "1"',
      '\n  patches: # ours\n  - file: patches/a\n  - file: patches/CVE-2099-0002.patch\n    fixes: [CVE-2099-0002, GHSA-aaaa-bbbb-cccc]\n  stream: "1"',
    ],
    [
      '\n  stream: "1" # kept',
      '\n  stream: "1" # kept\n  patches:\n    - file: patches/CVE-2099-0002.patch\n      fixes: [CVE-2099-0002, GHSA-aaaa-bbbb-cccc]',
    ],
  ] as const;
  for (const [before, after] of cases) {
    assert.equal(addPatch(minimal({ suture: before }), patch), minimal({ suture: after }));
  }
});

test('addPatch() changes nothing when the patch is there already', () => {
  const once = addPatch(recipe, patch);
  assert.equal(addPatch(once, patch), once);
  assert.throws(() => addPatch(once, { ...patch, fixes: ['CVE-2099-0009'] }), Failure);
});

test('dropPatch() undoes addPatch(), whatever the style', () => {
  const styles = [
    '{ stream: "1", patches: [] }',
    '{ stream: "1", patches: [{ file: patches/a }] }',
    '\n  patches: # ours\n  - file: patches/a\n  stream: "1"',
    '\n  stream: "1" # kept',
  ];
  for (const suture of styles) {
    const text = minimal({ suture });
    assert.equal(dropPatch(addPatch(text, patch), patch.file), text);
  }
  const first = minimal({ suture: '{ stream: "1", patches: [{ file: patches/a }, { file: patches/b }] }' });
  assert.equal(dropPatch(first, 'patches/a'), minimal({ suture: '{ stream: "1", patches: [{ file: patches/b }] }' }));
});

test('dropPatch() refuses a patch that is not listed, or that a step of the pipeline applies', () => {
  assert.throws(() => dropPatch(recipe, 'patches/other.patch'), Failure);
  const pipeline = `  - { uses: git-checkout, with: { repository: "https://git.example.org/x", tag: v1 } }
  - { uses: patch, with: { patches: a.patch } }`;
  const text = minimal({ pipeline, suture: '{ stream: "1", patches: [{ file: recipes/recipe/a.patch }] }' });
  assert.throws(() => dropPatch(text, 'recipes/recipe/a.patch'), /uses: patch/);
});
