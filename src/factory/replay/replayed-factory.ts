import { type Digest, digestOf } from '../../core/digest.ts';
import { advisoryNews, emptyKnownAdvisories, knownRecord, learnAdvisory } from '../../core/match/known-advisories.ts';
import type { Component } from '../../core/match/inventory.ts';
import { noOffers } from '../../core/plan/offers.ts';
import type { Plan, Proposal } from '../../core/plan/step.ts';
import { obligations } from '../../core/promise/obligations.ts';
import { defaultPolicy } from '../../core/promise/policy.ts';
import type { Obligation } from '../../core/promise/standing.ts';
import { compareVersions } from '../../core/version/compare.ts';
import type { Happening, RecordedLine, RecordedRelease } from '../../formats/replay/recorded-event.ts';
import { assess } from '../assess.ts';
import { emptyMemory } from '../memory.ts';
import type { Assumptions } from './assumptions.ts';
import type { SeenEvent } from './looks.ts';
import { advisoryFact, componentAt, declaredFact, policyFact, releaseFact } from './recorded-facts.ts';
import { raised, ReplayedCatalog } from './replayed-catalog.ts';
import { manifestOf, packageOf, publicationOf } from './replayed-steps.ts';
import { type FinishedStep, Workers } from './workers.ts';
import { VirtualLedger } from './virtual-ledger.ts';

type Advisory = Extract<Happening, { readonly kind: 'advisory' }>;

/**
 * A factory that lives through a history on a virtual clock: what it sees becomes facts, the promise judges them, the plan
 * decides, and workers take the time that is assumed. Nothing is built: a build makes the package that the plan wanted.
 */
export class ReplayedFactory {
  readonly #memory = emptyMemory();
  readonly #ledger = new VirtualLedger(this.#memory.inventories);
  readonly #catalog: ReplayedCatalog;
  readonly #workers: Workers;
  readonly #proposals = new Map<string, Proposal>();
  readonly #known = emptyKnownAdvisories();
  readonly #upstreams = new Set<string>();
  /** Of upstreams that nothing here holds yet. */
  readonly #unwatched = new Map<string, RecordedRelease[]>();
  /** Newest version of each record that concerns nobody yet, by record. */
  readonly #unconcerned = new Map<string, Advisory>();
  #now: Temporal.Instant;

  constructor(assumptions: Assumptions, from: Temporal.Instant) {
    const policy = { ...defaultPolicy, clock: { start: assumptions.start } };
    this.#now = from;
    this.#catalog = new ReplayedCatalog(policy);
    this.#workers = new Workers(assumptions);
    this.#ledger.append(policyFact(policy, from), from);
  }

  /** Sees everything until `to` and works on it; what stands then is returned. `onDay` hears of each day that passed. */
  async live(
    events: readonly SeenEvent[],
    to: Temporal.Instant,
    onDay: (day: Temporal.Instant) => void = () => {},
  ): Promise<readonly Obligation[]> {
    let next = 0;
    let day = this.#now;
    for (;;) {
      for (let due = events[next]; due !== undefined && isBy(due.seen, this.#now); due = events[next]) {
        this.#see(due);
        next += 1;
      }
      for (const finished of this.#workers.finished(this.#now)) this.#finish(finished);
      await this.#work();
      const wake = earliest([events[next]?.seen, this.#workers.nextAt(this.#now)]);
      if (wake === undefined || !isBy(wake, to)) break;
      this.#now = wake;
      if (wake.epochMilliseconds - day.epochMilliseconds >= DAY) onDay((day = wake));
    }
    await this.#judge();
    return obligations(this.#memory.history, to);
  }

  /** Until nothing more can be started: what takes no time is done at once, and may make room for more. */
  async #work(): Promise<void> {
    for (let isDone = false; !isDone; ) {
      await this.#judge();
      const finished = this.#workers.start(this.#plan(), this.#now);
      for (const each of finished) this.#finish(each);
      // After a confirmation only its receipts are left, and those can wait for the next time.
      isDone = finished.every(({ step: { kind } }) => kind === 'confirm-image' || kind === 'attach-receipts');
    }
  }

  async #judge(): Promise<void> {
    await assess(this.#memory, {
      clock: { now: () => this.#now },
      facts: { facts: (after) => this.#ledger.facts(after) },
      blobs: NO_BLOBS,
      obligations: NO_PROJECTION,
    });
  }

  #plan(): Plan {
    const { catalog } = this.#catalog;
    return this.#memory.planner.plan({
      catalog,
      commit: 'main',
      proposals: [...this.#proposals.values()],
      stock: this.#memory.stock,
      obligations: this.#memory.obligations,
      outcomes: this.#memory.outcomes.all,
      now: this.#now,
      offers: noOffers,
      cherryPick: () => undefined,
      fixesKnown: 0,
    });
  }

  #see({ event, before }: SeenEvent): void {
    switch (event.kind) {
      case 'held':
        return;
      case 'release':
        return this.#observe(event, before);
      case 'advisory':
        return this.#hear(event);
      case 'line':
        return this.#takeOn(event);
      case 'end':
        this.#catalog.giveUp(event.line);
        return this.#ledger.append(declaredFact(event.line, event.at, event.at), this.#now);
    }
  }

  #observe(release: RecordedRelease, before: Temporal.Instant | null): void {
    if (!this.#upstreams.has(release.upstream)) {
      const waiting = this.#unwatched.get(release.upstream) ?? [];
      waiting.push(release);
      this.#unwatched.set(release.upstream, waiting);
      return;
    }
    const scheme = this.#catalog.schemeOf(release.upstream);
    this.#ledger.append(releaseFact(release, { seen: this.#now, before, scheme }), this.#now);
  }

  #hear(advisory: Advisory): void {
    const { record } = advisory;
    const news = advisoryNews(record, this.#known, this.#upstreams);
    const key = `${record.id} ${record.source}`;
    if (news === 'concerns-nobody') this.#unconcerned.set(key, advisory);
    if (news !== 'news') return;
    this.#unconcerned.delete(key);
    const version = knownRecord(this.#known, record)?.versions ?? 0;
    this.#ledger.append(advisoryFact(record, { from: advisory.at, seen: this.#now, version }), this.#now);
    const fact = this.#ledger.newest();
    if (fact !== undefined) learnAdvisory(this.#known, fact);
  }

  /**
   * A line that is taken on is pulled and judged as it is found, and then made anew of what is followed here. One that is
   * said again is declared in another way: it is for this factory to make it so.
   */
  #takeOn({ line, components }: RecordedLine): void {
    const isFound = !this.#catalog.has(line);
    const news = components.filter((component) => this.#catalog.follow(component));
    this.#catalog.keep(line, components);
    if (isFound) {
      this.#ledger.append(declaredFact(line, this.#now, null), this.#now);
      const found = components.map((each) => componentAt(each, each.version));
      this.#confirm(line, found, digestOf(`${line} as found ${this.#now.toString()}`));
    }
    for (const { upstream } of news) this.#watch(upstream);
  }

  #watch(upstream: string): void {
    if (this.#upstreams.has(upstream)) return;
    this.#upstreams.add(upstream);
    for (const release of this.#unwatched.get(upstream) ?? []) this.#observe(release, null);
    this.#unwatched.delete(upstream);
    const concerned = (each: Advisory) => each.record.affected.some((affected) => affected.package === upstream);
    for (const advisory of [...this.#unconcerned.values()].filter(concerned)) this.#hear(advisory);
  }

  #confirm(line: string, components: readonly Component[], manifest: Digest): void {
    this.#ledger.confirm({ line, manifest, components }, this.#now);
  }

  #finish({ step, outcome }: FinishedStep): void {
    this.#memory.outcomes.all.set(step.key, outcome);
    if (outcome.kind === 'failed') return;
    const at = { from: this.#now, to: this.#now };
    switch (step.kind) {
      case 'propose-change': {
        const recipe = raised(step.recipe, step.release.version);
        this.#proposals.set(recipe.recipe, { key: step.key, recipe, branch: step.key, commit: step.key });
        return;
      }
      case 'build-package': {
        const { recipe, architecture } = step;
        const payload = packageOf(step.key, recipe, architecture);
        return this.#ledger.append({ type: 'package-built', at, by: 'replay', payload, evidence: [] }, this.#now);
      }
      case 'merge-change': {
        const main = this.#catalog.recipe(step.recipe.recipe);
        const isNewer =
          main !== undefined && compareVersions(main.upstream.scheme, step.recipe.version, main.version) > 0;
        if (isNewer) this.#catalog.put(step.recipe);
        this.#proposals.delete(step.recipe.recipe);
        return;
      }
      case 'publish-image': {
        const { line, composition } = step;
        const payload = publicationOf(line, composition, step.reason);
        const sourceKey = this.#now.toString();
        return this.#ledger.append(
          { type: 'image-published', at, by: 'replay', payload, evidence: [], sourceKey },
          this.#now,
        );
      }
      case 'confirm-image': {
        const held = step.composition.packages.flatMap((each) => {
          const recipe = 'recipe' in each ? this.#catalog.recipe(each.recipe) : undefined;
          if (recipe === undefined || !('upstreamVersion' in each)) return [];
          const { purl: upstream, stream, scheme } = recipe.upstream;
          return [componentAt({ upstream, stream, scheme }, each.upstreamVersion)];
        });
        return this.#confirm(step.line.line, held, manifestOf(step.composition));
      }
      case 'attach-receipts':
        for (const key of step.covers) this.#memory.outcomes.all.set(key, outcome);
        for (const id of step.obligations) this.#memory.obligations.delete(id);
        return;
      case 'import-packages':
      case 'compose-image':
      case 'verify-image':
        return;
    }
  }
}

const DAY = 86_400_000;

const NO_PROJECTION = { project: () => Promise.resolve(), projectedTo: () => Promise.resolve(0) };
/** Inventories are in memory already. */
const NO_BLOBS = { get: () => Promise.resolve(undefined) };

function isBy(instant: Temporal.Instant, limit: Temporal.Instant): boolean {
  return Temporal.Instant.compare(instant, limit) <= 0;
}

function earliest(instants: readonly (Temporal.Instant | undefined)[]): Temporal.Instant | undefined {
  const known = instants.filter((each) => each !== undefined);
  return known.toSorted((a, b) => Temporal.Instant.compare(a, b))[0];
}
