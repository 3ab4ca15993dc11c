import { noOffers } from './offers.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aDigest, catalog, instant, line, recipe } from '../../../test/support/literals.ts';
import type { PackageBuilt } from '../fact.ts';
import type { Obligation } from '../promise/standing.ts';
import { ObligationBook } from './obligation-book.ts';
import { plan, proposalKey } from './plan.ts';
import { receiptsDone } from './digest-record.ts';
import type { Plan, StepOutcome } from './step.ts';
import { stepKey } from './step-key.ts';
import { emptyStock, type Stock, type StockRelease } from './stock.ts';
import type { PlanInput } from './worklist.ts';

const now = instant('2026-03-02T14:10:00Z');

test('plan() builds a recipe that was declared and never built', () => {
  const planned = plan(input({}));
  assert.deepEqual(kinds(planned.steps), ['build-package']);
});

test('plan() composes, verifies, publishes, confirms a line and attaches its receipt, one step at a time', () => {
  const stock = stocked();
  const first = plan(input({ stock }));
  assert.deepEqual(kinds(first.steps), ['compose-image']);
  const outcomes = new Map<string, StepOutcome>();
  for (const next of ['verify-image', 'publish-image']) {
    for (const step of plan(input({ stock, outcomes })).steps) outcomes.set(step.key, done);
    assert.deepEqual(kinds(plan(input({ stock, outcomes })).steps), [next]);
  }
  publish(stock, outcomes);
  assert.deepEqual(kinds(plan(input({ stock, outcomes })).steps), ['confirm-image']);
  stock.confirmed.set('hello:1', [
    {
      line: 'hello:1',
      architecture: 'amd64',
      digest: aDigest('m'),
      inventory: aDigest('i'),
      advisorySet: aDigest('a'),
      fact: 'f',
    },
  ]);
  const confirmed = plan(input({ stock, outcomes }));
  assert.deepEqual(kinds(confirmed.steps), ['attach-receipts']);
  attachReceipts(confirmed, outcomes, now);
  const idle = plan(input({ stock, outcomes }));
  assert.deepEqual(kinds(idle.steps), []);
  assert.match(idle.reasons.map((reason) => reason.text).join('\n'), /hello:1 is published and confirmed as desired/);
  const obligations = new ObligationBook([obligation({ fix: null })]);
  const renewed = plan(input({ stock, outcomes, obligations }));
  assert.deepEqual(
    renewed.steps.map((step) => step.reason),
    ['what is open in hello:1 changed; the receipt of its digest says so'],
  );
  assert.ok(renewed.reasons.some(({ subject, who }) => subject.kind === 'line' && who === 'nobody'));
  attachReceipts(renewed, outcomes, now);
  assert.deepEqual(kinds(plan(input({ stock, outcomes, obligations })).steps), []);
  const later = plan(input({ stock, outcomes, obligations, now: now.add({ hours: 24 }) }));
  assert.deepEqual(
    later.steps.map((step) => step.reason),
    ["the receipt of hello:1's digest is renewed before it runs out"],
  );
  attachReceipts(renewed, outcomes, now.add({ hours: 24 }));
  const back = plan(input({ stock, outcomes, now: now.add({ hours: 25 }) }));
  assert.deepEqual(kinds(back.steps), ['attach-receipts'], 'what it said once before is not what it says now');
});

test('plan() proposes, builds on the branch and merges when upstream released', () => {
  const stock = stocked();
  stock.releases.set('pkg:generic/hello', [release('1.0.0'), release('1.0.1')]);
  const first = plan(input({ stock }));
  assert.deepEqual(kinds(first.steps), ['compose-image', 'propose-change']);
  const raised = recipe({ version: '1.0.1' });
  const proposals = [
    { key: proposalKey(recipe(), release('1.0.1')), recipe: raised, branch: 'suture/hello-1.0-1.0.1', commit: 'c2' },
  ];
  assert.deepEqual(kinds(plan(input({ stock, proposals })).steps), ['compose-image', 'build-package']);
  const built = packageOf('1.0.1-r0', stepKey(raised, 'amd64'));
  stock.packages.set(built.stepKey, built);
  assert.deepEqual(kinds(plan(input({ stock, proposals })).steps), ['compose-image', 'merge-change']);
});

test('plan() takes no release that is withdrawn, a candidate, or of another stream', () => {
  const stock = stocked();
  stock.releases.set('pkg:generic/hello', [
    { ...release('1.0.1'), withdrawn: true },
    { ...release('1.0.2'), prerelease: true },
    { ...release('1.0.3'), verified: false },
    { ...release('1.1.0'), stream: '1.1' },
  ]);
  assert.deepEqual(kinds(plan(input({ stock })).steps), ['compose-image']);
});

test('plan() keeps the packages of a proposal off the lines until it is merged', () => {
  const stock = stocked();
  const proposed = packageOf('1.0.1-r0', stepKey(recipe({ version: '1.0.1' }), 'amd64'));
  stock.packages.set(proposed.stepKey, proposed);
  const before = plan(input({ stock })).steps[0];
  const after = plan(input({ stock, catalog: catalog({ recipes: [recipe({ version: '1.0.1' })] }) })).steps.find(
    (step) => step.kind === 'compose-image',
  );
  assert.ok(before?.kind === 'compose-image' && after?.kind === 'compose-image');
  assert.deepEqual(
    before.composition.packages.map((each) => each.version),
    ['1.0.0-r0'],
  );
  assert.deepEqual(
    after.composition.packages.map((each) => each.version),
    ['1.0.1-r0'],
  );
});

test('plan() builds what main declares also while a release is pending', () => {
  const stock = emptyStock();
  stock.releases.set('pkg:generic/hello', [release('1.0.0'), release('1.0.1')]);
  assert.deepEqual(kinds(plan(input({ stock })).steps), ['build-package', 'propose-change']);
});

test('plan() proposes anew when the tag names another commit, or main has another text', () => {
  const stock = stocked();
  stock.releases.set('pkg:generic/hello', [release('1.0.0'), { ...release('1.0.1'), commit: 'another commit' }]);
  const old = {
    key: proposalKey(recipe(), release('1.0.1')),
    recipe: recipe({ version: '1.0.1' }),
    branch: 'b',
    commit: 'c2',
  };
  assert.ok(kinds(plan(input({ stock, proposals: [old] })).steps).includes('propose-change'));
  stock.releases.set('pkg:generic/hello', [release('1.0.0'), release('1.0.1')]);
  assert.ok(!kinds(plan(input({ stock, proposals: [old] })).steps).includes('propose-change'));
  const mended = catalog({ recipes: [recipe({ steps: [{ name: 'build', runs: 'make' }] })] });
  assert.ok(kinds(plan(input({ stock, proposals: [old], catalog: mended })).steps).includes('propose-change'));
});

test('plan() takes no release that the recipe has come to ignore', () => {
  const stock = stocked();
  stock.releases.set('pkg:generic/hello', [release('1.0.0'), release('1.0.1')]);
  const ignoring = recipe({
    update: { enabled: true, stripPrefix: 'v', versionPrefix: '1.0.', ignore: ['^1\\.0\\.1$'] },
  });
  assert.ok(!kinds(plan(input({ stock, catalog: catalog({ recipes: [ignoring] }) })).steps).includes('propose-change'));
});

test('plan() waits for the build of main rather than going back: one version, two texts', () => {
  const stock = stocked();
  const other = catalog({ recipes: [recipe({ steps: [{ name: 'build', runs: 'make' }] })] });
  const planned = plan(input({ stock, catalog: other }));
  assert.deepEqual(kinds(planned.steps), ['build-package']);
  assert.match(planned.reasons.map((reason) => reason.text).join('\n'), /hello:1 waits for hello 1\.0\.0-r0 for amd64/);
});

test('plan() asks the gates again when what they judge by is another', () => {
  const stock = stocked();
  const outcomes = new Map<string, StepOutcome>();
  for (const step of plan(input({ stock })).steps) outcomes.set(step.key, done);
  const [gate] = plan(input({ stock, outcomes })).steps;
  assert.ok(gate?.kind === 'verify-image');
  outcomes.set(gate.key, { kind: 'failed', at: now, attempt: 1, code: 'E0406', message: 'refused', retryAt: null });
  assert.deepEqual(kinds(plan(input({ stock, outcomes })).steps), []);
  const mended = catalog({ lines: [line({ test: { args: [], expect: 'hello' } })] });
  assert.deepEqual(kinds(plan(input({ stock, outcomes, catalog: mended })).steps), ['verify-image']);
});

test('plan() names the person who can move a line that holds the fix back', () => {
  const stock = stocked();
  const held = line({
    packages: [
      {
        name: 'hello',
        bound: { operator: '<', version: '1.0.1' },
        note: 'ABI freeze, ada',
        at: 'lines/hello.yaml:4:5',
      },
    ],
  });
  const planned = plan(
    input({
      stock,
      catalog: catalog({ lines: [held] }),
      obligations: new ObligationBook([obligation({ fix: '1.0.1' })]),
    }),
  );
  const reason = planned.reasons.find((each) => each.subject.kind === 'obligation');
  assert.equal(reason?.who, 'person');
  assert.match(reason?.text ?? '', /hello:1 holds hello<1\.0\.1 at lines\/hello\.yaml:4:5 \("ABI freeze, ada"\)/);
});

test('plan() says why nothing is done before a release, and why no cherry-pick is taken', () => {
  const planned = plan(
    input({
      obligations: new ObligationBook([obligation({ fix: null })]),
      cherryPick: () => ({ take: false, why: 'severity is medium, the policy asks critical or high' }),
    }),
  );
  const reason = planned.reasons.find((each) => each.subject.kind === 'obligation');
  assert.equal(reason?.who, 'upstream');
  assert.match(reason?.text ?? '', /no usable release .* not cherry-picked: severity is medium/);
});

test('plan() holds a failed step until its time, to the second', () => {
  const stock = emptyStock();
  const failed: StepOutcome = {
    kind: 'failed',
    at: now,
    attempt: 1,
    code: 'E0402',
    message: 'build failed',
    retryAt: now.add({ seconds: 1 }),
  };
  const outcomes = new Map([[stepKey(recipe(), 'amd64'), failed]]);
  const held = plan(input({ stock, outcomes }));
  assert.deepEqual(kinds(held.steps), []);
  assert.match(
    held.reasons.map((reason) => reason.text).join('\n'),
    /build failed \(E0402\); attempt 1, tried again at/,
  );
  assert.deepEqual(kinds(plan(input({ stock, outcomes, now: now.add({ seconds: 1 }) })).steps), ['build-package']);
});

test('plan() puts the earliest deadline first', () => {
  const stock = stocked();
  const lines = [line(), line({ line: 'late:1', repository: 'late' })];
  const planned = plan(
    input({
      stock,
      catalog: catalog({ lines }),
      obligations: new ObligationBook([obligation({ fix: '1.0.1', line: 'late:1' })]),
    }),
  );
  assert.deepEqual(
    planned.steps.map((step) => (step.kind === 'compose-image' ? step.line.line : '')),
    ['late:1', 'hello:1'],
  );
});

const done: StepOutcome = { kind: 'done', at: now, attempt: 1, result: {} };

function input(change: Partial<PlanInput>): PlanInput {
  return {
    catalog: catalog(),
    commit: 'c1',
    proposals: [],
    stock: emptyStock(),
    obligations: new ObligationBook(),
    fixesKnown: 0,
    outcomes: new Map(),
    now,
    offers: noOffers,
    cherryPick: () => undefined,
    ...change,
  };
}

function stocked(): Stock {
  const stock = emptyStock();
  const built = packageOf('1.0.0-r0', stepKey(recipe(), 'amd64'));
  stock.packages.set(built.stepKey, built);
  return stock;
}

function publish(stock: Stock, outcomes: ReadonlyMap<string, StepOutcome>): void {
  const step = plan(input({ stock, outcomes })).steps[0];
  assert.ok(step?.kind === 'publish-image');
  stock.published.set('hello:1', {
    line: 'hello:1',
    repository: 'hello',
    tag: '1',
    digest: aDigest('index'),
    manifests: { amd64: aDigest('m') },
    packages: ['hello=1.0.0-r0'],
    composition: step.composition.digest,
    reason: step.reason,
  });
}

function packageOf(version: string, key: string): PackageBuilt {
  return {
    recipe: 'hello-1.0',
    name: 'hello',
    version,
    architecture: 'amd64',
    digest: aDigest(version),
    sizeBytes: 1,
    stepKey: key,
    upstream: 'pkg:generic/hello',
    upstreamVersion: version.replace(/-r\d+$/, ''),
    sourceDigest: aDigest('source'),
    isolation: 'bubblewrap',
    sourceEpoch: 0,
  };
}

function attachReceipts(planned: Plan, outcomes: Map<string, StepOutcome>, at: Temporal.Instant): void {
  for (const step of planned.steps) {
    assert.ok(step.kind === 'attach-receipts');
    outcomes.set(step.key, { kind: 'done', at, attempt: 1, result: receiptsDone(step) });
  }
}

function release(version: string): StockRelease {
  return {
    upstream: 'pkg:generic/hello',
    stream: '1.0',
    version,
    form: 'git-tag',
    ref: `v${version}`,
    commit: `commit of ${version}`,
    prerelease: false,
    verified: null,
  };
}

function obligation(change: { readonly fix: string | null; readonly line?: string }): Obligation {
  const t0 = change.fix === null ? null : instant('2026-03-02T14:00:00Z');
  const standing = change.fix === null ? 'waiting' : 'on-track';
  const clock = { t0, due: t0?.add({ hours: 48 }) ?? null, t1: null, missedAt: null, marginSeconds: null };
  return {
    id: `obligation of ${change.line ?? 'hello:1'}`,
    vulnerability: 'CVE-2026-0001',
    aliases: [],
    summary: '',
    line: change.line ?? 'hello:1',
    severity: { level: 'high', by: null },
    exploited: false,
    standing,
    clock,
    clocks: { release: clock, releaseAndKnown: clock },
    claims: [
      {
        upstream: 'pkg:generic/hello',
        stream: '1.0',
        standing,
        clock,
        versions: ['1.0.0'],
        packages: ['hello'],
        fix: change.fix === null ? null : { version: change.fix, stream: '1.0', fact: 'f' },
        endedBy: null,
        architectures: [],
      },
    ],
    discoveredAt: now,
    waiver: null,
    hold: null,
  };
}

function kinds(steps: readonly { readonly kind: string }[]): string[] {
  return steps.map((step) => step.kind);
}
