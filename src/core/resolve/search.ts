import { invariant } from '../invariant.ts';
import { ChosenPackages } from './chosen-packages.ts';
import type { AvailablePackage } from './available-package.ts';
import type { CandidateFinder, Candidates } from './candidates.ts';
import type { ChosenPackage, Obstacle } from './chosen-packages.ts';
import type { Dependency } from './package-relation.ts';
import type { WantedBound } from './wanted-package.ts';

/** What a decision answers. */
export type Question =
  | { readonly kind: 'wanted'; readonly name: string; readonly bounds: readonly WantedBound[] }
  | { readonly kind: 'dependency'; readonly of: AvailablePackage; readonly dependency: Dependency };

/** A candidate that could not join. */
export interface Refusal {
  readonly package: AvailablePackage;
  readonly obstacle: Obstacle;
}

/** A question without an answer, and the set as it was then. */
export interface DeadEnd {
  readonly question: Question;
  readonly refusals: readonly Refusal[];
  readonly chosen: ChosenPackages;
  /** The question that a chosen package is the answer to. */
  readonly askedBy: (chosen: ChosenPackage) => Question;
}

export interface SearchRules {
  readonly architecture: string;
  readonly effortMax: number;
  /** Says in a sentence what the dead end is. */
  readonly explain: (deadEnd: DeadEnd) => readonly string[];
}

export interface SearchOutcome {
  readonly kind: 'found' | 'none' | 'too-long';
  readonly packages: readonly AvailablePackage[];
  readonly reasons: readonly string[];
  /** Excluded packages that better places were found without. */
  readonly missed: ReadonlySet<AvailablePackage>;
}

/** What is still to be asked, as a list that decisions share; `needs` asks for all that a wanted package depends on. */
type Agenda = {
  readonly ask: Question | { readonly kind: 'needs'; readonly name: string };
  readonly rest: Agenda;
} | null;

interface Decision {
  readonly question: Question;
  readonly candidates: Candidates;
  readonly rest: Agenda;
  next: number;
  taken: AvailablePackage | undefined;
  readonly refusals: Refusal[];
  /** Earlier decisions without which its candidates would not have failed. */
  readonly because: Set<number>;
  readonly reasons: Set<string>;
}

const REASONS_MAX = 10;

/**
 * Depth first, as apt marks packages: all that is wanted, then what each of them needs, a dependency of a dependency
 * before the next one. Unlike apt it takes decisions back: when a question has no answer it returns to the latest
 * decision that had a part in that (conflict-directed backjumping), and not to those that only came between.
 */
export class Search {
  readonly #finder: CandidateFinder;
  readonly #rules: SearchRules;
  readonly #chosen: ChosenPackages;
  readonly #decisions: Decision[] = [];
  readonly #missed = new Set<AvailablePackage>();
  readonly #explained = new Map<Question | Dependency, readonly string[]>();
  #agenda: Agenda = null;
  #effort = 0;

  constructor(finder: CandidateFinder, rules: SearchRules) {
    this.#finder = finder;
    this.#rules = rules;
    this.#chosen = new ChosenPackages(rules.architecture);
  }

  run(wanted: readonly (Question & { readonly kind: 'wanted' })[]): SearchOutcome {
    const needs = wanted.map(({ name }) => ({ kind: 'needs', name }) as const);
    this.#agenda = agendaOf([...wanted, ...needs], null);
    while (this.#agenda !== null) {
      const { ask, rest } = this.#agenda;
      this.#agenda = rest;
      if (ask.kind === 'needs') this.#askNeedsOf(ask.name);
      else if (!this.#isAnswered(ask)) {
        this.#decisions.push(this.#decisionOn(ask));
        const reasons = this.#takeOrReturn();
        if (reasons !== undefined) return this.#outcome('none', reasons);
        if (this.#effort > this.#rules.effortMax) return this.#outcome('too-long', []);
      }
    }
    return this.#outcome('found', []);
  }

  #askNeedsOf(wanted: string): void {
    const taken = this.#decisions.find(({ question }) => question.kind === 'wanted' && question.name === wanted)?.taken;
    invariant(taken !== undefined, 'what is wanted was chosen before its needs are asked for');
    this.#agenda = agendaOf(needsOf(taken), this.#agenda);
  }

  #isAnswered(question: Question): boolean {
    return question.kind === 'dependency' && this.#chosen.meets(question.dependency);
  }

  #decisionOn(question: Question): Decision {
    const candidates =
      question.kind === 'wanted'
        ? this.#finder.ofWanted(question.name, question.bounds)
        : this.#finder.ofDependency(question.dependency);
    for (const one of candidates.missed) this.#missed.add(one);
    const asker = question.kind === 'wanted' ? undefined : this.#chosen.named(question.of.name)?.decision;
    return {
      question,
      candidates,
      rest: this.#agenda,
      next: 0,
      taken: undefined,
      refusals: [],
      because: new Set(asker === undefined ? [] : [asker]),
      reasons: new Set(),
    };
  }

  /** Answers the last decision, or an earlier one after taking back what lies between. Reasons when none has an answer. */
  #takeOrReturn(): readonly string[] | undefined {
    for (;;) {
      const decision = this.#decisions.at(-1);
      invariant(decision !== undefined, 'a search that goes on has a decision to answer');
      if (this.#effort > this.#rules.effortMax || this.#take(decision)) return undefined;
      this.#explain(decision);
      this.#decisions.pop();
      const culprit = Math.max(...decision.because);
      if (decision.because.size === 0) return [...decision.reasons];
      this.#returnTo(culprit, decision);
    }
  }

  #take(decision: Decision): boolean {
    for (; decision.next < decision.candidates.packages.length; decision.next += 1) {
      const one = decision.candidates.packages[decision.next];
      invariant(one !== undefined, 'a candidate is within its list');
      this.#effort += 1;
      const obstacle = this.#chosen.obstacleTo(one);
      if (obstacle === undefined) {
        decision.next += 1;
        decision.taken = one;
        this.#chosen.add(one, this.#decisions.length - 1);
        this.#agenda = decision.question.kind === 'wanted' ? decision.rest : agendaOf(needsOf(one), decision.rest);
        return true;
      }
      decision.refusals.push({ package: one, obstacle });
      decision.because.add(obstacle.by.decision);
    }
    return false;
  }

  #explain(decision: Decision): void {
    const { question, refusals, reasons } = decision;
    if (reasons.size >= REASONS_MAX) return;
    // A long search meets the same dead end in many sets; the first, the one on the way most preferred, tells enough.
    const subject = question.kind === 'wanted' ? question : question.dependency;
    const known = this.#explained.get(subject);
    const sentences =
      known ??
      this.#rules.explain({
        question,
        refusals,
        chosen: this.#chosen,
        askedBy: (chosen) => this.#decisions[chosen.decision]?.question ?? question,
      });
    if (known === undefined) this.#explained.set(subject, sentences);
    for (const sentence of sentences) reasons.add(sentence);
  }

  #returnTo(culprit: number, failed: Decision): void {
    while (this.#decisions.length - 1 > culprit) this.#forget(this.#decisions.pop());
    const decision = this.#decisions[culprit];
    invariant(decision?.taken !== undefined, 'only a decision that was taken has consequences');
    this.#forget(decision);
    for (const each of failed.because) if (each !== culprit) decision.because.add(each);
    for (const reason of failed.reasons) if (decision.reasons.size < REASONS_MAX) decision.reasons.add(reason);
  }

  #forget(decision: Decision | undefined): void {
    if (decision?.taken === undefined) return;
    this.#chosen.remove(decision.taken);
    decision.taken = undefined;
  }

  #outcome(kind: SearchOutcome['kind'], reasons: readonly string[]): SearchOutcome {
    return { kind, reasons, packages: this.#chosen.all(), missed: this.#missed };
  }
}

function agendaOf(questions: readonly NonNullable<Agenda>['ask'][], rest: Agenda): Agenda {
  return questions.reduceRight<Agenda>((behind, ask) => ({ ask, rest: behind }), rest);
}

function needsOf(one: AvailablePackage): readonly Question[] {
  return one.dependencies.map((dependency) => ({ kind: 'dependency', of: one, dependency }));
}
