import type { Catalog, Line, Recipe } from '../../src/core/catalog/catalog.ts';
import { type Digest, digestOf } from '../../src/core/digest.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Architecture, NewFact } from '../../src/core/fact.ts';
import type { Component } from '../../src/core/match/inventory.ts';
import { encodeInventory } from '../../src/core/match/inventory-json.ts';
import { fullVersion } from '../../src/core/catalog/full-version.ts';
import { receiptsDone } from '../../src/core/plan/digest-record.ts';
import type { Composition, Step, StepKind } from '../../src/core/plan/step.ts';
import type { StageOf, StepDone } from '../../src/factory/run-step.ts';
import type { CatalogSource } from '../../src/factory/tick.ts';
import { catalog, line, recipe } from '../support/literals.ts';
import { chanceFrom } from '../../src/factory/replay/chance.ts';
import type { Script, ScriptAdvisory, ScriptEvent, Trouble } from './script.ts';

/** The process died: thrown where a kill would have struck, and caught by the months alone. */
export class Death extends Error {}

/** Everything outside the factory, driven by a script: upstreams, feeds, builders, a registry, a catalog repository. */
export class World {
  readonly script: Script;
  now: Temporal.Instant;
  readonly tags = new Map<string, Map<string, string>>();
  readonly advisories = new Map<string, { readonly advisory: ScriptAdvisory; readonly at: Temporal.Instant }>();
  /** What the registry serves under each line's tag. */
  readonly served = new Map<string, { readonly digest: Digest; readonly composition: Composition }>();
  readonly blobs = new Map<string, Uint8Array>();
  /** Pushes of each index digest, to see that nothing is published twice. */
  readonly pushes: string[] = [];
  /** The next durable step dies after its facts were written. */
  deathAhead = false;

  readonly #catalogs = new Map<string, Catalog>();
  #main = 'c0';
  #next = 0;

  constructor(script: Script) {
    this.script = script;
    this.now = script.start;
    this.#catalogs.set('c0', firstCatalog(script));
    for (const upstream of script.upstreams) this.tags.set(upstream, new Map([['v1.0.0', 'object of 1.0.0']]));
  }

  /** Moves the clock and lets happen what was due until then. */
  advanceTo(now: Temporal.Instant): void {
    this.now = now;
    for (;;) {
      const event = this.script.events[this.#next];
      if (event === undefined || Temporal.Instant.compare(event.at, now) > 0) return;
      this.#next += 1;
      this.#happens(event);
    }
  }

  nextEventAt(): Temporal.Instant | undefined {
    return this.script.events[this.#next]?.at;
  }

  inTrouble(kind: Trouble['kind']): boolean {
    return this.script.troubles.some(
      (trouble) =>
        trouble.kind === kind &&
        Temporal.Instant.compare(trouble.from, this.now) <= 0 &&
        Temporal.Instant.compare(this.now, trouble.to) < 0,
    );
  }

  putBlob(bytes: Uint8Array): Promise<Digest> {
    if (this.inTrouble('disk-full'))
      return Promise.reject(new Failure('E0803', 'No space left for a blob', { retryable: true }));
    const digest = digestOf(bytes);
    this.blobs.set(digest, bytes);
    return Promise.resolve(digest);
  }

  readonly catalogSource: CatalogSource = {
    main: () => Promise.resolve({ catalog: this.catalogAt(this.#main), commit: this.#main }),
    recipeAt: (commit, name) =>
      Promise.resolve(this.#catalogs.get(commit)?.recipes.find((each) => each.recipe === name)),
  };

  catalogAt(commit: string): Catalog {
    const found = this.#catalogs.get(commit);
    if (found === undefined) throw new Error(`no commit ${commit}`);
    return found;
  }

  get main(): Catalog {
    return this.catalogAt(this.#main);
  }

  readonly stages: Readonly<Record<StepKind, StageOf>> = {
    'propose-change': (step) => this.#dyingAfter(this.#propose(step)),
    'build-package': (step) => this.#dyingAfter(this.#build(step)),
    'merge-change': (step) => this.#dyingAfter(this.#merge(step)),
    'import-packages': () => Promise.resolve({ facts: [], result: {} }),
    'compose-image': () => Promise.resolve({ facts: [], result: {} }),
    'verify-image': () => Promise.resolve({ facts: [], result: {} }),
    'publish-image': (step) => this.#dyingAfter(this.#publish(step)),
    'confirm-image': (step) => this.#dyingAfter(this.#confirm(step)),
    'attach-receipts': (step) =>
      Promise.resolve({ facts: [], result: step.kind === 'attach-receipts' ? { ...receiptsDone(step) } : {} }),
  };

  /** Half of the deaths strike before the facts of a step are written; the others strike when they are appended. */
  async #dyingAfter(done: Promise<StepDone>): Promise<StepDone> {
    const result = await done;
    if (this.deathAhead && chanceFrom(this.script.seed + this.#next).happens(0.5)) {
      this.deathAhead = false;
      throw new Death('killed before its facts were written');
    }
    return result;
  }

  #happens(event: ScriptEvent): void {
    switch (event.kind) {
      case 'release':
        this.tags.get(event.upstream)?.set(`v${event.version}`, `object of ${event.version}`);
        return;
      case 'yank':
        this.tags.get(event.upstream)?.delete(`v${event.version}`);
        return;
      case 're-tag':
        this.tags.get(event.upstream)?.set(`v${event.version}`, `other object of ${event.version}`);
        return;
      case 'advisory':
        this.advisories.set(event.advisory.id, { advisory: event.advisory, at: event.at });
        return;
      case 'death':
        this.deathAhead = true;
        return;
    }
  }

  async #propose(step: Step): Promise<StepDone> {
    if (step.kind !== 'propose-change') throw new Error(step.kind);
    const { recipe: old, release } = step;
    const commit = `proposal of ${old.recipe} ${release.version}`;
    const raised: Recipe = { ...old, version: release.version, epoch: 0 };
    this.#catalogs.set(commit, { ...this.main, recipes: [raised] });
    return { facts: [], result: { recipe: old.recipe, version: release.version, branch: commit, commit } };
  }

  async #merge(step: Step): Promise<StepDone> {
    if (step.kind !== 'merge-change') throw new Error(step.kind);
    const before = this.main;
    const commit = `${this.#main}+`;
    const recipes = before.recipes.map((each) => (each.recipe === step.recipe.recipe ? step.recipe : each));
    this.#catalogs.set(commit, { ...before, recipes });
    this.#main = commit;
    return { facts: [], result: {} };
  }

  async #build(step: Step): Promise<StepDone> {
    if (step.kind !== 'build-package') throw new Error(step.kind);
    if (this.inTrouble('build')) throw new Failure('E0402', `The build of ${step.recipe.name} failed`, {});
    const { recipe: from, architecture } = step;
    const digest = await this.putBlob(new TextEncoder().encode(step.key));
    const fact: NewFact = {
      type: 'package-built',
      at: this.#just(),
      by: 'sim',
      payload: {
        recipe: from.recipe,
        name: from.name,
        version: fullVersion(from),
        architecture,
        digest,
        sizeBytes: 1,
        stepKey: step.key,
        upstream: from.upstream.purl,
        upstreamVersion: from.version,
        sourceDigest: digest,
        isolation: 'none',
        sourceEpoch: 0,
      },
      evidence: [],
    };
    return { facts: [fact], result: {} };
  }

  async #publish(step: Step): Promise<StepDone> {
    if (step.kind !== 'publish-image') throw new Error(step.kind);
    if (this.inTrouble('registry-refuses')) throw new Failure('E0602', 'The registry refused', { retryable: true });
    const { line: of, composition } = step;
    const digest = digestOf(`index of ${composition.digest}`);
    if (this.served.get(of.line)?.digest !== digest) this.pushes.push(`${of.line} ${digest}`);
    this.served.set(of.line, { digest, composition });
    const manifests = Object.fromEntries(
      of.architectures.map((architecture) => [architecture, manifestOf(composition, architecture)]),
    );
    const packages = composition.packages.map((each) => `${each.name}=${each.version}`);
    const payload = {
      line: of.line,
      repository: of.repository,
      tag: of.tag,
      digest,
      manifests,
      packages,
      composition: composition.digest,
      reason: step.reason,
    };
    return {
      facts: [
        { type: 'image-published', at: this.#just(), by: 'sim', payload, evidence: [], sourceKey: this.now.toString() },
      ],
      result: {},
    };
  }

  async #confirm(step: Step): Promise<StepDone> {
    if (step.kind !== 'confirm-image') throw new Error(step.kind);
    const served = this.served.get(step.line.line);
    if (this.inTrouble('registry-lies') || served?.digest !== step.digest)
      throw new Failure('E0603', 'The tag names other bytes than were pushed', { retryable: true });
    const facts: NewFact[] = [];
    for (const architecture of step.line.architectures) {
      const inventory = await this.putBlob(
        encodeInventory({ packages: [], components: componentsOf(served.composition, architecture) }),
      );
      facts.push({
        type: 'image-confirmed',
        at: this.#just(),
        by: 'sim',
        payload: {
          line: step.line.line,
          architecture,
          digest: manifestOf(served.composition, architecture),
          inventory,
          advisorySet: digestOf(''),
        },
        evidence: [],
        sourceKey: this.now.toString(),
      });
    }
    return { facts, result: {} };
  }

  /** The registry's `Date` has whole seconds: the truth lies within the second after it. */
  #just(): { readonly from: Temporal.Instant; readonly to: Temporal.Instant } {
    return { from: this.now, to: this.now.add({ seconds: 1 }) };
  }
}

function firstCatalog(script: Script): Catalog {
  const recipes = script.upstreams.map((purl) =>
    recipe({
      name: nameOf(purl),
      recipe: nameOf(purl),
      file: `recipes/${nameOf(purl)}.yaml`,
      architectures: ['amd64', 'arm64'],
      upstream: { purl, stream: '1.0', scheme: 'semver' },
      source: { kind: 'git', repository: purl, tag: 'v1.0.0', expectedCommit: null },
    }),
  );
  const all = script.upstreams.map((purl) => ({
    name: nameOf(purl),
    bound: null,
    note: null,
    at: 'lines/all.yaml:3:5',
  }));
  const lines: Line[] = [
    line({ line: 'all:1', repository: 'all', architectures: ['amd64', 'arm64'], packages: all }),
    line({ line: 'first:1', repository: 'first', packages: all.slice(0, 1) }),
    line({
      line: 'held:1',
      repository: 'held',
      packages: all
        .slice(0, 1)
        .map((each) => ({ ...each, bound: { operator: '<' as const, version: '1.0.2' }, note: 'held by the test' })),
    }),
  ];
  return catalog({ recipes, lines });
}

function componentsOf(composition: Composition, architecture: Architecture): Component[] {
  return composition.packages
    .flatMap((each) => (each.architecture === architecture && 'recipe' in each ? [each] : []))
    .map((built) => ({
      purl: `${built.upstream}@${built.upstreamVersion}`,
      version: built.upstreamVersion,
      scheme: 'semver',
      upstream: built.upstream,
      stream: '1.0',
      edge: 'is',
      package: built.name,
      patched: [],
    }));
}

function manifestOf(composition: Composition, architecture: Architecture): Digest {
  return digestOf(`${architecture} manifest of ${composition.digest}`);
}

function nameOf(purl: string): string {
  return purl.slice('pkg:generic/'.length);
}
