import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogFiles } from '../../../test/support/catalog-files.ts';
import type { Catalog } from '../../core/catalog/catalog.ts';
import { defaultPolicy } from '../../core/promise/policy.ts';
import { type CatalogMemory, parseCatalog } from './parse-catalog.ts';

function parsed(change: Readonly<Record<string, string>> = {}): Catalog {
  const reading = parseCatalog(catalogFiles(change), '/srv/catalog');
  assert.ok(reading.kind === 'catalog', reading.kind === 'problems' ? reading.problems.map(String).join('\n') : '');
  return reading.catalog;
}

test("parseCatalog() reads a recipe into the factory's words", () => {
  const hello = parsed().recipes.find(({ name }) => name === 'hello');
  assert.deepEqual(hello, {
    name: 'hello',
    recipe: 'hello',
    file: 'recipes/hello.yaml',
    version: '1.0.1',
    epoch: 3,
    format: 'apk',
    root: null,
    description: 'Says hello',
    license: 'Apache-2.0',
    architectures: ['amd64', 'arm64'],
    upstream: { purl: 'pkg:generic/hello', stream: '1.0', scheme: 'semver' },
    source: {
      kind: 'git',
      repository: 'https://git.example.org/hello.git',
      tag: 'v1.0.1',
      expectedCommit: 'fedcba9876543210fedcba9876543210fedcba98',
    },
    patches: [{ file: 'patches/CVE-2099-0001.patch', fixes: ['CVE-2099-0001'] }],
    steps: [{ name: 'compile', runs: 'make SONAME=1 DESTDIR=/home/build/melange-out/hello install\n' }],
    tests: [{ name: 'step 1', runs: 'hello --version' }],
    environment: {},
    dependencies: ['greeting'],
    provides: [],
    replaces: [],
    update: { enabled: true, stripPrefix: 'v', versionPrefix: '1.0.', ignore: ['rc\\d*$'] },
  });
});

test("parseCatalog() reads a line with each package's note and place", () => {
  assert.deepEqual(parsed().lines, [
    {
      line: 'hello:1',
      file: 'lines/hello.yaml',
      repository: 'hello',
      tag: '1',
      architectures: ['amd64', 'arm64'],
      supportUntil: '2027-05-01T00:00:00Z',
      format: 'apk',
      suites: [],
      packages: [
        {
          name: 'hello',
          bound: { operator: '<', version: '1.1' },
          note: 'ada: ABI freeze',
          at: 'lines/hello.yaml:3:7',
        },
      ],
      entrypoint: ['/usr/bin/hello', 'a b'],
      cmd: ['--help'],
      environment: { LANG: 'C.UTF-8' },
      workDir: '/',
      user: { name: 'nonroot', uid: 65532, gid: 65532 },
      annotations: {},
      test: { args: ['--version'], expect: 'hello 1.' },
    },
  ]);
});

test('parseCatalog() takes paths from the folder and leaves addresses alone', () => {
  const { feeds, build, registry } = parsed();
  assert.deepEqual(feeds, [
    { kind: 'osv', from: '/srv/catalog/feeds/osv' },
    { kind: 'kev', from: 'https://kev.example/list.json' },
  ]);
  assert.deepEqual(build, { root: '/srv/catalog/root', timeoutSeconds: 1800, memoryBytes: 2 ** 31 });
  assert.deepEqual(registry, { kind: 'embedded', port: 5050 });
});

const signing: readonly (readonly [string, string, object])[] = [
  ['nothing', '', { signEverySeconds: 600, signFacts: 1000 }],
  ['a time', 'ledger: { sign-every: 1h }', { signEverySeconds: 3600, signFacts: 1000 }],
  ['a number of facts', 'ledger: { sign-facts: 1 }', { signEverySeconds: 600, signFacts: 1 }],
];
for (const [says, text, expected] of signing) {
  test(`parseCatalog() reads when the ledger is signed where suture.yaml says ${says}`, () => {
    assert.deepEqual(parsed({ 'suture.yaml': `name: x\n${text}\n` }).ledger, expected);
  });
}

test('parseCatalog() reads a registry of somebody else', () => {
  const { registry } = parsed({
    'suture.yaml': 'name: x\nregistry: { host: "localhost:5000", plain-http: true, repository-prefix: team }\n',
  });
  assert.deepEqual(registry, { kind: 'remote', host: 'localhost:5000', plainHttp: true, repositoryPrefix: 'team' });
});

test('parseCatalog() fills what the policy leaves out from the default policy', () => {
  const { policy } = parsed();
  assert.deepEqual(policy, {
    ...defaultPolicy,
    name: 'strict',
    promise: { ...defaultPolicy.promise, critical: 24 * 3600 },
    backport: { ...defaultPolicy.backport, approvals: 2 },
  });
  const without = catalogFiles();
  without.delete('policy.yaml');
  const reading = parseCatalog(without, '/srv/catalog');
  assert.ok(reading.kind === 'catalog');
  assert.deepEqual(reading.catalog.policy, defaultPolicy);
});

test('parseCatalog() reads the default policy, written out, as the default policy', () => {
  const { policy } = parsed({
    'policy.yaml': `
name: default
promise: { critical: 48h, high: 48h, medium: 14d, low: 14d, exploited: 48h }
clock: { start: release }
severity: { sources: [vendor, cna, ghsa, nvd, cisa-adp], unscored: high }
high-profile:
  any: [ { severity: [critical, high], lines-share: 0.25 }, { exploited: true, lines-share: 0.1 }, { declared: true } ]
  target: 24h
compiler-updates: only-if-it-patches
backport:
  all: [ { line: supported }, { upstream-release-for-line: none } ]
  automatic: { lines-changed-max: 20, gates: all }
  approvals: 1
  approvals-if: [ { severity: critical, diff-of-diffs: not-empty, approvals: 2 } ]
cherry-pick:
  all: [ { upstream-release: none }, { any: [ { severity: [critical, high] }, { exploited: true }, { epss-min: 0.6 } ] },
         { source: [upstream-merged, upstream-posted, distro-consensus] } ]
  approvals: 2
  review-every: 30d
compatibility: { refuse: [soname-removed, symbol-removed, file-removed, config-changed, entrypoint-changed, user-changed, setuid-added] }
`,
  });
  assert.deepEqual(policy, defaultPolicy);
});

test('parseCatalog() keeps text as written where a number would lose it', () => {
  const files = catalogFiles();
  const recipe = files.get('recipes/greeting.yaml') ?? '';
  const { recipes } = parsed({
    'recipes/greeting.yaml': recipe.replace('version: "2"', 'version: 1.10').replace('stream: "2"', 'stream: 1.10'),
  });
  const greeting = recipes.find(({ name }) => name === 'greeting');
  assert.equal(greeting?.version, '1.10');
  assert.equal(greeting?.upstream.stream, '1.10');
});

test('parseCatalog() joins patches of the pipeline with what the suture block says of them', () => {
  const { recipes } = parsed({
    'recipes/greeting/a.patch': '',
    'recipes/greeting/b.patch': '',
    'recipes/greeting.yaml': `package: { name: greeting, version: 2, epoch: 0, copyright: [{ license: MIT }] }
pipeline:
  - { uses: git-checkout, with: { repository: "file:///srv/greeting", tag: "\${{package.version}}" } }
  - { uses: patch, with: { patches: a.patch b.patch } }
  - { runs: make }
suture:
  stream: 2
  patches:
    - { file: recipes/greeting/b.patch, fixes: [CVE-2099-0002] }
    - { file: patches/CVE-2099-0001.patch }
`,
  });
  assert.deepEqual(recipes.find(({ name }) => name === 'greeting')?.patches, [
    { file: 'recipes/greeting/a.patch', fixes: [] },
    { file: 'recipes/greeting/b.patch', fixes: ['CVE-2099-0002'] },
    { file: 'patches/CVE-2099-0001.patch', fixes: [] },
  ]);
});

test('parseCatalog() tells all problems together, in the order of files and lines', () => {
  const files = catalogFiles({ 'policy.yaml': 'nam: x\npromis: {}\n', 'suture.yaml': 'name: A\n' });
  const reading = parseCatalog(files, '/srv/catalog');
  assert.ok(reading.kind === 'problems');
  assert.deepEqual(
    reading.problems.map(({ detail }) => detail.at),
    ['policy.yaml:1:1', 'policy.yaml:2:1', 'suture.yaml:1:7'],
  );
});

test('parseCatalog() does not call a package missing while a recipe cannot be read', () => {
  const reading = parseCatalog(catalogFiles({ 'recipes/hello.yaml': 'package: {' }), '/srv/catalog');
  assert.ok(reading.kind === 'problems');
  assert.deepEqual(
    reading.problems.map(({ code, detail }) => [code, detail.at?.split(':')[0]]),
    [['E0101', 'recipes/hello.yaml']],
  );
});

test('parseCatalog() has no catalog: suture.yaml is absent', () => {
  const files = catalogFiles();
  files.delete('suture.yaml');
  const reading = parseCatalog(files, '/srv/catalog');
  assert.ok(reading.kind === 'problems');
  assert.deepEqual(
    reading.problems.map(({ code }) => code),
    ['E0103'],
  );
});

test('parseCatalog() reads Windows line endings and a byte order mark', () => {
  const change = Object.fromEntries([...catalogFiles()].map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
  const { lines, recipes } = parsed({ ...change, 'policy.yaml': '\ufeffname: x\r\n' });
  assert.equal(lines[0]?.packages[0]?.note, 'ada: ABI freeze');
  assert.equal(recipes.length, 2);
});

test('parseCatalog() with a memory: the same answer, and only what changed is read again', () => {
  const memory: CatalogMemory = new Map();
  const first = parseCatalog(catalogFiles(), '/srv/catalog', memory);
  const second = parseCatalog(catalogFiles(), '/srv/catalog', memory);
  assert.deepEqual(second, first);
  assert.ok(first.kind === 'catalog' && second.kind === 'catalog');
  assert.equal(second.catalog.recipes[0], first.catalog.recipes[0]);

  const recipe = catalogFiles().get('recipes/hello.yaml') ?? '';
  const changed = catalogFiles({ 'recipes/hello.yaml': recipe.replace('epoch: 3', 'epoch: 4') });
  changed.delete('lines/hello.yaml');
  const third = parseCatalog(changed, '/srv/catalog', memory);
  assert.deepEqual(third, parseCatalog(changed, '/srv/catalog'));
  assert.deepEqual([...memory.keys()], ['recipes/greeting.yaml', 'recipes/hello.yaml']);
});

test('parseCatalog() with a memory: problems of an unchanged file are told again', () => {
  const memory: CatalogMemory = new Map();
  const files = catalogFiles({ 'recipes/hello.yaml': 'package: 1\n' });
  const problems = () => {
    const reading = parseCatalog(files, '/srv/catalog', memory);
    return reading.kind === 'problems' ? reading.problems.map(String) : [];
  };
  assert.ok(problems().length > 0);
  assert.deepEqual(problems(), problems());
});
