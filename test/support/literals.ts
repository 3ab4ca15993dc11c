import type { Catalog, Line, Recipe } from '../../src/core/catalog/catalog.ts';
import { type Digest, digestOf } from '../../src/core/digest.ts';
import type { Fact, NewFact } from '../../src/core/fact.ts';
import { defaultPolicy } from '../../src/core/promise/policy.ts';

/** Short ways to say the values that tests are about; everything not named is a plain default. */

export function recipe(change: Partial<Recipe> = {}): Recipe {
  return {
    name: 'hello',
    recipe: 'hello-1.0',
    file: 'recipes/hello-1.0.yaml',
    version: '1.0.0',
    epoch: 0,
    format: 'apk',
    root: null,
    description: 'Says hello',
    license: 'Apache-2.0',
    architectures: ['amd64'],
    upstream: { purl: 'pkg:generic/hello', stream: '1.0', scheme: 'semver' },
    source: { kind: 'git', repository: 'file:///upstream/hello', tag: 'v1.0.0', expectedCommit: null },
    patches: [],
    steps: [{ name: 'build', runs: 'true' }],
    tests: [],
    environment: {},
    dependencies: [],
    provides: [],
    replaces: [],
    update: { enabled: true, stripPrefix: 'v', versionPrefix: '1.0.', ignore: [] },
    ...change,
  };
}

export function line(change: Partial<Line> = {}): Line {
  return {
    line: 'hello:1',
    file: 'lines/hello.yaml',
    repository: 'hello',
    tag: '1',
    architectures: ['amd64'],
    supportUntil: null,
    format: 'apk',
    suites: [],
    packages: [{ name: 'hello', bound: null, note: null, at: 'lines/hello.yaml:4:5' }],
    entrypoint: ['/usr/bin/hello'],
    cmd: [],
    environment: {},
    workDir: '/',
    user: null,
    annotations: {},
    test: null,
    ...change,
  };
}

export function catalog(change: Partial<Catalog> = {}): Catalog {
  return {
    name: 'test',
    recipes: [recipe()],
    lines: [line()],
    policy: defaultPolicy,
    exceptions: [],
    feeds: [],
    registry: { kind: 'embedded', port: 0 },
    build: { root: '/root', timeoutSeconds: 60, memoryBytes: 1 << 30 },
    ledger: { signEverySeconds: 600, signFacts: 1000 },
    changes: 'here',
    ...change,
  };
}

/** Numbers facts as the store would, without hashing: for rules that do not look at the chain. */
export function factsFrom(facts: readonly (NewFact & { readonly recordedAt?: Temporal.Instant })[]): readonly Fact[] {
  return facts.map((fact, index) => ({
    v: 1,
    id: `fact-${index + 1}`,
    recordedAt: fact.recordedAt ?? fact.at.to,
    payloadDigest: aDigest(`payload ${index}`),
    seq: index + 1,
    prev: '',
    hash: '',
    ...fact,
  })) as readonly Fact[];
}

export function instant(text: string): Temporal.Instant {
  return Temporal.Instant.from(text);
}

export function aDigest(of: string): Digest {
  return digestOf(of);
}
