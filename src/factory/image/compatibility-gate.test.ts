import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWithPredecessor } from '../../core/compat/compare-images.ts';
import { type CompatibilityBreak, compatibilityBreaks, defaultPolicy } from '../../core/promise/policy.ts';
import { compatibilityGate } from './compatibility-gate.ts';
import type { ConfigFacts, FileFact, ImageFacts } from '../../core/compat/image-facts.ts';
import type { Gate } from './verify-image.ts';

const config: ConfigFacts = {
  entrypoint: ['/usr/bin/hello'],
  cmd: [],
  environment: {},
  workDir: '/',
  user: '0',
  exposedPorts: [],
  volumes: [],
  stopSignal: '',
};
const MEBIBYTE = 2 ** 20;
const plain = { mode: 0o755, uid: 0, gid: 0, sizeBytes: 1, content: 'aa' };
const file = (path: string, change: Partial<FileFact> = {}): FileFact => ({ path, kind: 'file', ...plain, ...change });
const library = (...symbols: readonly string[]) => file('lib/liba.so.1', { library: { soname: 'liba.so.1', symbols } });
const image = (files: readonly FileFact[], change: Partial<ImageFacts> = {}): ImageFacts => ({
  architecture: 'amd64',
  config,
  packages: [],
  accounts: [{ kind: 'user', name: 'app', id: 1, groupId: 1, home: '/', shell: '' }],
  sizeBytes: 8 * MEBIBYTE,
  ...change,
  files: new Map(files.map((one) => [one.path, one])),
});

/** Each kind alone: the image before, the next that just does not break it, and the next that does. */
const rows: Readonly<
  Record<CompatibilityBreak, readonly [before: ImageFacts, kept: ImageFacts, broken: ImageFacts, RegExp]>
> = {
  'file-removed': [
    image(['a', 'b', 'c', 'd', 'e'].map((name) => file(name))),
    image(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => file(name))),
    image([file('a')]),
    /^file-removed: 4 files that the image before had are gone \(\/b, \/c, \/d and 1 more\)$/,
  ],
  'soname-removed': [
    image([library('a')]),
    image([library('a', 'b')]),
    image([file('lib/liba.so.1')]),
    /^soname-removed: 1 library that programs are linked to is gone \(liba\.so\.1\)$/,
  ],
  'symbol-removed': [
    image([library('a', 'b', 'c', 'd')]),
    image([library('a', 'b', 'c', 'd')]),
    image([library('d')]),
    /^symbol-removed: liba\.so\.1 no longer offers 3 symbols \(a, b, c\)$/,
  ],
  'config-changed': [
    image([file('etc/a.conf')]),
    image([file('etc/a.conf'), file('etc/b.conf')]),
    image([file('etc/a.conf', { content: 'bb' })]),
    /^config-changed: 1 file under \/etc changed \(\/etc\/a\.conf\)$/,
  ],
  'entrypoint-changed': [
    image([]),
    image([]),
    image([], { config: { ...config, entrypoint: ['/bin/sh'] } }),
    /^entrypoint-changed: it starts "\/bin\/sh" instead of "\/usr\/bin\/hello"$/,
  ],
  'user-changed': [
    image([]),
    image([], { accounts: [...image([]).accounts, { kind: 'group', name: 'app', id: 1, members: [] }] }),
    image([], { accounts: [] }),
    /^user-changed: 1 account is gone or changed \(user app is gone\)$/,
  ],
  'setuid-added': [
    image([file('su', { mode: 0o4755 })]),
    image([file('su', { mode: 0o4555 }), file('sh')]),
    image([file('su', { mode: 0o6755 })]),
    /^setuid-added: 1 file newly runs with the rights of its owner or group \(\/su\)$/,
  ],
  'size-grew': [
    image([]),
    image([], { sizeBytes: 10 * MEBIBYTE }),
    image([], { sizeBytes: 10 * MEBIBYTE + 1 }),
    /^size-grew: it grew from 8388608 to 10485761 bytes$/,
  ],
};

for (const kind of compatibilityBreaks) {
  const [before, kept, broken, detail] = rows[kind];
  const others = compatibilityBreaks.filter((other) => other !== kind);

  test(`compatibilityGate() refuses ${kind} where the policy does, and only it`, () => {
    const refused = gate(before, broken, { refuse: [kind] });
    assert.equal(refused.passed, false);
    assert.match(refused.detail, detail);
    assert.deepEqual(gate(before, kept, { refuse: [...compatibilityBreaks] }), {
      gate: 'compatible',
      passed: true,
      detail: 'nothing that was there is gone',
    });
  });

  test(`compatibilityGate() lets ${kind} through and tells it, where the policy or a person says so`, () => {
    const told = {
      gate: 'compatible',
      passed: true,
      detail: `let through: ${gate(before, broken, { refuse: [kind] }).detail}`,
    };
    assert.deepEqual(gate(before, broken, { refuse: others }), told);
    assert.deepEqual(gate(before, broken, { refuse: [kind], accepted: [kind] }), told);
    const asked = defaultPolicy.compatibility.refuse.includes(kind);
    assert.equal(gate(before, broken, { refuse: defaultPolicy.compatibility.refuse }).passed, !asked);
  });
}

test('compatibilityGate() tells beside what it refuses what it lets through', () => {
  const before = image([file('a')]);
  const { passed, detail } = gate(before, image([], { sizeBytes: 80 * MEBIBYTE }), { refuse: ['file-removed'] });
  assert.equal(passed, false);
  assert.match(detail, /^file-removed: 1 file .* \(\/a\); let through: size-grew: it grew .* bytes$/);
});

test('compatibilityGate() tells ten findings, and how many more there are', () => {
  const libraries = (count: number, symbols: readonly string[]) =>
    image(
      Array.from({ length: count }, (_, i) =>
        file(`lib/lib${i}.so.1`, { library: { soname: `lib${i}.so.1`, symbols } }),
      ),
    );
  const detail = (count: number) =>
    gate(libraries(count, ['a']), libraries(count, []), { refuse: ['symbol-removed'] }).detail;
  assert.equal(detail(10).split('; ').length, 10);
  assert.match(detail(10), /lib9\.so\.1 no longer offers 1 symbol \(a\)$/);
  assert.match(detail(12), /; and 2 more like these$/);
});

test('compatibilityGate() has nothing against the first image of a line', () => {
  const findings = compareWithPredecessor(image([file('a')]), image([]));
  assert.equal(compatibilityGate(findings, { predecessor: null, policy: defaultPolicy }).passed, true);
});

function gate(
  before: ImageFacts,
  next: ImageFacts,
  {
    refuse,
    accepted,
  }: { readonly refuse: readonly CompatibilityBreak[]; readonly accepted?: readonly CompatibilityBreak[] },
): Gate {
  return compatibilityGate(compareWithPredecessor(before, next), {
    predecessor: before,
    policy: { compatibility: { refuse } },
    ...(accepted === undefined ? {} : { accepted }),
  });
}
