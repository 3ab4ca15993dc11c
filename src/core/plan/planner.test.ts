import { noOffers } from './offers.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aDigest, catalog, factsFrom, instant, line, recipe } from '../../../test/support/literals.ts';
import { obligation } from '../../../test/support/obligation.ts';
import type { Catalog, Line, Recipe } from '../catalog/catalog.ts';
import type { NewFact, PackageBuilt } from '../fact.ts';
import type { Obligation } from '../promise/standing.ts';
import { desiredComposition, packageShelf } from './composition.ts';
import { ObligationBook } from './obligation-book.ts';
import { receiptsDone, recordNow } from './digest-record.ts';
import { plan, Planner } from './plan.ts';
import type { Plan, StepOutcome } from './step.ts';
import { stepKey } from './step-key.ts';
import { emptyStock, stockEvolve } from './stock.ts';

test('Planner plans the same with and without a past, whatever changes in between', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { minLength: 20, maxLength: 60 }), (changes) => {
      const world = new SmallWorld();
      const planner = new Planner();
      for (const change of changes) {
        world.make(change);
        const input = world.input();
        const remembering = planner.plan(input);
        // Other objects that say the same: nothing can be remembered about them.
        const fresh = plan({ ...input, catalog: structuredClone(input.catalog) });
        assert.equal(JSON.stringify(remembering), JSON.stringify(fresh), JSON.stringify(change));
        world.planned = fresh;
      }
    }),
    { numRuns: 100 },
  );
});

test('Planner changes the reason when the recipe that could fix it no longer gets on', () => {
  const world = new SmallWorld();
  const planner = new Planner();
  const reasonOf = () => {
    world.planned = planner.plan(world.input());
    return world.planned.reasons.find(({ subject }) => subject.kind === 'obligation')?.text;
  };
  world.make({ kind: 'release', which: 0, how: 2 });
  world.make({ kind: 'oblige', which: 0, how: 2 });
  assert.equal(reasonOf(), 'next: propose-change (upstream released p0 1.0.2)');
  // The other step that is planned is the record of the digest, which nothing waits for.
  world.make({ kind: 'outcome', which: 1, how: 0 });
  assert.match(reasonOf() ?? '', /It broke .* attempt 1/);
  world.make({ kind: 'outcome', which: 3, how: 1 });
  assert.equal(reasonOf(), 'next: propose-change (upstream released p0 1.0.2)');
});

test('Planner gives the reasons of a line whose receipt failed once, and not anew in each turn', () => {
  const world = new SmallWorld();
  const planner = new Planner();
  const turn = () => {
    world.planned = planner.plan(world.input());
    const { steps, reasons } = world.planned;
    const given = planner.news().length;
    planner.noted();
    return { steps: steps.map(({ kind }) => kind), reasons: reasons.length, given };
  };
  world.make({ kind: 'oblige', which: 0, how: 1 });
  world.make({ kind: 'end', which: 0, how: 0 });
  world.make({ kind: 'oblige', which: 0, how: 0 });
  assert.deepEqual(turn(), { steps: ['attach-receipts'], reasons: 5, given: 1 });
  world.make({ kind: 'attach', which: 0, how: 1 });
  assert.deepEqual(turn(), { steps: [], reasons: 6, given: 1 }, 'it failed just now');
  assert.deepEqual(turn(), { steps: [], reasons: 6, given: 0 }, 'nothing is another');
});

const COUNT = 4;
const START = instant('2026-03-02T14:00:00Z');

const kinds = [
  ...(['build', 'publish', 'confirm', 'release', 'withdraw', 'oblige', 'end', 'forget', 'outcome'] as const),
  ...(['raise', 'bound', 'wait', 'fix-merged', 'attach', 'correct'] as const),
];

const anyChange = fc.record({
  kind: fc.constantFrom(...kinds),
  which: fc.nat(COUNT - 1),
  how: fc.nat(3),
});

type Change = typeof anyChange extends fc.Arbitrary<infer T> ? T : never;

/** A few recipes, and as many lines: each made of its own package and its neighbour's. At first nothing is left to do. */
class SmallWorld {
  planned: Plan | undefined;
  #catalog: Catalog = catalog({
    recipes: indices.map((index) => recipeAt(index)),
    lines: indices.map((index) => lineAt(index)),
  });
  #now = START;
  #mergedFixes = 0;
  readonly #stock = emptyStock();
  readonly #obligations = new ObligationBook();
  readonly #outcomes = new Map<string, StepOutcome>();
  /** Every line has the receipt of the digest that it began with. */
  readonly #receipts: readonly (readonly [string, StepOutcome])[];

  constructor() {
    const nothingOpen = { catalog: this.#catalog, obligations: new ObligationBook(), outcomes: new Map(), now: START };
    this.#receipts = this.#catalog.lines.map((each) => {
      const { key, says } = recordNow(each, aDigest('index'), nothingOpen);
      return [key, { kind: 'done', at: START, attempt: 1, result: { says } }];
    });
    for (const kind of ['build', 'publish', 'confirm'] as const)
      for (const which of indices) this.make({ kind, which, how: 0 });
  }

  input() {
    return {
      catalog: this.#catalog,
      commit: 'c1',
      proposals: [],
      stock: this.#stock,
      obligations: this.#obligations,
      fixesKnown: this.#mergedFixes,
      outcomes: new Map([...this.#receipts, ...this.#outcomes]),
      now: this.#now,
      offers: noOffers,
      cherryPick: ({ line: of }: Obligation) =>
        this.#mergedFixes === 0 ? undefined : { take: of === 'p1:1', why: `${this.#mergedFixes} fixes are merged` },
    };
  }

  make({ kind, which, how }: Change): void {
    const of = this.#catalog.lines[which] ?? line();
    const built = this.#catalog.recipes[which] ?? recipe();
    const upstream = built.upstream.purl;
    switch (kind) {
      case 'build':
        return this.#record({ type: 'package-built', payload: packageOf({ ...built, version: `1.0.${how}` }) });
      case 'publish': {
        const desired = desiredComposition(of, packageShelf(this.#catalog, this.#stock));
        const composition = desired.kind === 'ready' && how !== 3 ? desired.composition.digest : aDigest('older');
        const manifests = { amd64: aDigest(composition) };
        const { line: name, repository, tag } = of;
        const digest = aDigest(how === 2 ? 'another index' : 'index');
        const about = { line: name, repository, tag, packages: [], reason: '', digest };
        return this.#record({ type: 'image-published', payload: { ...about, composition, manifests } });
      }
      case 'confirm': {
        const pushed = this.#stock.published.get(of.line)?.manifests.amd64;
        const digest = pushed === undefined || how === 3 ? aDigest('other bytes') : pushed;
        const about = { line: of.line, architecture: 'amd64', digest } as const;
        const payload = { ...about, inventory: aDigest('i'), advisorySet: aDigest('a') };
        return this.#record({ type: 'image-confirmed', payload });
      }
      case 'release': {
        const about = { upstream, stream: STREAM, version: `1.0.${how}`, form: 'git-tag', ref: `v${how}` } as const;
        return this.#record({ type: 'release-observed', payload: { ...about, prerelease: false, verified: null } });
      }
      case 'withdraw':
        return this.#record({ type: 'release-withdrawn', payload: { upstream, version: `1.0.${how}`, reason: '' } });
      case 'oblige':
        return this.#obligations.set(
          obligation({
            vulnerability: `CVE-2026-${how % 2}`,
            line: of.line,
            component: nameOf(which),
            standing: how === 0 ? 'waiting' : 'on-track',
            t0: this.#now.toString(),
            fix: `1.0.${how}`,
          }),
        );
      case 'end': {
        const [known] = this.#obligations.ofLine(of.line).open;
        if (known === undefined) return;
        return this.#obligations.set({ ...known, standing: 'met', clock: { ...known.clock, t1: this.#now } });
      }
      case 'correct': {
        const [known] = this.#obligations.ofLine(of.line).ended;
        if (known === undefined) return;
        return this.#obligations.set({ ...known, clock: { ...known.clock, marginSeconds: how } });
      }
      case 'attach':
        return this.#attach(which, outcomeOf(how, this.#now));
      case 'forget':
        return this.#obligations.delete(this.#obligations.ofLine(of.line).open[0]?.id ?? '');
      case 'outcome': {
        // Steps that are planned, and those that were tried before: an attempt may follow an attempt.
        const keys = [...(this.planned?.steps ?? []).map((step) => step.key), ...this.#outcomes.keys()];
        const key = keys[(which * 4 + how) % keys.length];
        if (key !== undefined) this.#outcomes.set(key, outcomeOf((which + how) % 4, this.#now));
        return;
      }
      case 'raise':
        return this.#edit({ recipes: replaced(this.#catalog.recipes, which, recipeAt(which, `1.0.${how}`)) });
      case 'bound':
        return this.#edit({ lines: replaced(this.#catalog.lines, which, lineAt(which, `1.0.${how}`)) });
      case 'wait':
        this.#now = this.#now.add(how === 3 ? { hours: 13 } : { minutes: how });
        return;
      case 'fix-merged':
        this.#mergedFixes = how;
    }
  }

  /** One step is the receipt of all that it covers, when it is done. */
  #attach(which: number, outcome: StepOutcome): void {
    const attaching = (this.planned?.steps ?? []).flatMap((step) => (step.kind === 'attach-receipts' ? [step] : []));
    const step = attaching[which % attaching.length];
    if (step === undefined) return;
    if (outcome.kind === 'failed') return void this.#outcomes.set(step.key, outcome);
    for (const key of [step.key, ...step.covers]) this.#outcomes.set(key, { ...outcome, result: receiptsDone(step) });
  }

  #edit(change: Partial<Catalog>): void {
    this.#catalog = { ...this.#catalog, ...change };
  }

  #record(about: Pick<NewFact, 'type' | 'payload'>): void {
    const fact = { ...about, at: { from: this.#now, to: this.#now }, by: 'test', evidence: [] } as NewFact;
    for (const each of factsFrom([fact])) stockEvolve(this.#stock, each);
  }
}

const STREAM = '3.0';
const indices = Array.from({ length: COUNT }, (_, index) => index);

function nameOf(index: number): string {
  return `p${index % COUNT}`;
}

function recipeAt(index: number, version = '1.0.0'): Recipe {
  const name = nameOf(index);
  const upstream = { purl: `pkg:generic/${name}`, stream: STREAM, scheme: 'semver' } as const;
  return recipe({ name, recipe: `${name}-1`, file: `recipes/${name}.yaml`, version, upstream });
}

function lineAt(index: number, below: string | null = null): Line {
  const name = nameOf(index);
  const bound = below === null ? null : ({ operator: '<', version: below } as const);
  const packages = [
    { name, bound, note: null, at: 'lines/a.yaml:4:5' },
    { name: nameOf(index + 1), bound: null, note: null, at: 'lines/a.yaml:5:5' },
  ];
  return line({ line: `${name}:1`, repository: name, packages });
}

function packageOf(of: Recipe): PackageBuilt {
  const key = stepKey(of, 'amd64');
  return {
    recipe: of.recipe,
    name: of.name,
    version: `${of.version}-r${of.epoch}`,
    architecture: 'amd64',
    digest: aDigest(key),
    sizeBytes: 1,
    stepKey: key,
    upstream: of.upstream.purl,
    upstreamVersion: of.version,
    sourceDigest: aDigest('source'),
    isolation: 'bubblewrap',
    sourceEpoch: 0,
  };
}

function outcomeOf(how: number, now: Temporal.Instant): StepOutcome {
  if (how === 0) return { kind: 'done', at: now, attempt: 1, result: {} };
  const retryAt = how === 1 ? null : now.add({ minutes: how });
  return { kind: 'failed', at: now, attempt: how, code: 'E0402', message: 'It broke', retryAt };
}

function replaced<T>(all: readonly T[], index: number, by: T): readonly T[] {
  return all.map((each, at) => (at === index ? by : each));
}
