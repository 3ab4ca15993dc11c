import type { AvailablePackage } from './available-package.ts';
import type { CandidateFinder } from './candidates.ts';
import type { Dependency, PackageRelation } from './package-relation.ts';
import type { DeadEnd, Question, Refusal } from './search.ts';

/**
 * Says why a question has no answer, with the chain that led to it: "nginx needs libssl3 (>= 3.0.17), and the suites have
 * 3.0.16-1 at most". Nothing where every alternative was tried: then the dead ends behind those say it.
 */
export function explainDeadEnd(deadEnd: DeadEnd, finder: CandidateFinder): readonly string[] {
  const { question } = deadEnd;
  const clauses =
    question.kind === 'wanted'
      ? wantedClauses(deadEnd, question, finder)
      : question.dependency.flatMap((relation) => clausesOf(relation, deadEnd, finder));
  return clauses.length === 0 ? [] : [`${demandOf(deadEnd)}, and ${clauses.join('; ')}`];
}

function demandOf(deadEnd: DeadEnd): string {
  const { question } = deadEnd;
  if (question.kind === 'wanted') return `${wantedText(question)} is wanted`;
  const path = pathTo(question.of, deadEnd);
  const chain = path.length > 6 ? [...path.slice(0, 2), '…', ...path.slice(-2)] : path;
  return [...chain, dependencyText(question.dependency)].map(link).join('');
}

function link(name: string, index: number): string {
  return index === 0 ? name : index === 1 ? ` needs ${name}` : `, which needs ${name}`;
}

/** Names from a wanted package to one that was chosen because of it. */
function pathTo(one: AvailablePackage, deadEnd: DeadEnd): readonly string[] {
  const path = [one.name];
  for (let at = deadEnd.chosen.named(one.name); at !== undefined; ) {
    const question: Question = deadEnd.askedBy(at);
    if (question.kind === 'wanted') break;
    path.unshift(question.of.name);
    at = deadEnd.chosen.named(question.of.name);
  }
  return path;
}

function wantedClauses(
  deadEnd: DeadEnd,
  question: Question & { readonly kind: 'wanted' },
  finder: CandidateFinder,
): readonly string[] {
  const { name, bounds } = question;
  const { missed, packages } = finder.ofWanted(name, bounds);
  if (packages.length > 0) return refusalClauses(deadEnd.refusals, deadEnd);
  if (missed.length > 0) return missed.map(missingFile);
  const versions = finder.versionsOf(name).map((one) => one.version);
  const [bound] = bounds;
  if (bound === undefined || versions.length === 0) return [absence(name, finder)];
  return [availability(versions, bounds.length > 1 ? '=' : bound.operator)];
}

function clausesOf(relation: PackageRelation, deadEnd: DeadEnd, finder: CandidateFinder): readonly string[] {
  const names = [relation.name, ...finder.providersOf(relation.name)];
  const able = names.flatMap((name) => finder.versionsOf(name)).filter((one) => finder.meets(one, relation));
  const excluded = able.filter((one) => finder.isExcluded(one));
  if (excluded.length < able.length) {
    return refusalClauses(
      deadEnd.refusals.filter((refusal) => able.includes(refusal.package)),
      deadEnd,
    );
  }
  if (excluded.length > 0) return excluded.slice(0, CLAUSES_MAX).map(missingFile);
  const versions = finder.versionsOf(relation.name).map((one) => one.version);
  return versions.length === 0 || relation.operator === null
    ? [absence(relationText({ ...relation, operator: null }), finder)]
    : [availability(versions, relation.operator)];
}

const CLAUSES_MAX = 3;

function refusalClauses(refusals: readonly Refusal[], deadEnd: DeadEnd): readonly string[] {
  return refusals.slice(0, CLAUSES_MAX).map(({ package: one, obstacle }) => {
    const by = obstacle.by.package;
    const because = becauseOf(deadEnd.askedBy(obstacle.by));
    if (obstacle.kind === 'other-version') return `${named(one)} cannot be there with ${named(by)}${because}`;
    return obstacle.said === 'newcomer'
      ? `${named(one)} conflicts with ${named(by)}${because}`
      : `${named(by)}${because}, conflicts with ${named(one)}`;
  });
}

function becauseOf(question: Question): string {
  return question.kind === 'wanted' ? ', which is wanted' : `, which ${question.of.name} needs`;
}

function missingFile(one: AvailablePackage): string {
  return `the file of ${named(one)} cannot be had`;
}

function absence(name: string, finder: CandidateFinder): string {
  const providers = finder.providersOf(name);
  if (providers.length === 0) return `no suite has ${name}`;
  return `${name} is only provided, by ${providers.slice(0, 5).join(', ')}${providers.length > 5 ? ' and others' : ''}`;
}

/** Versions come with the newest first. */
function availability(versions: readonly string[], operator: string): string {
  const different = [...new Set(versions)];
  if (operator.startsWith('>')) return `the suites have ${different[0]} at most`;
  if (operator.startsWith('<')) return `the suites have ${different.at(-1)} at least`;
  return `the suites have ${different.slice(0, CLAUSES_MAX).join(', ')}${different.length > CLAUSES_MAX ? ' and others' : ''}`;
}

function named(one: AvailablePackage): string {
  return `${one.name} ${one.version}`;
}

function wantedText(question: Question & { readonly kind: 'wanted' }): string {
  const bounds = question.bounds.map(({ operator, version }) => `${operator} ${version}`);
  return bounds.length === 0 ? question.name : `${question.name} (${bounds.join(', ')})`;
}

function dependencyText(dependency: Dependency): string {
  return dependency.map(relationText).join(' | ');
}

function relationText({ name, qualifier, operator, version }: PackageRelation): string {
  return `${name}${qualifier === null ? '' : `:${qualifier}`}${operator === null ? '' : ` (${operator} ${version})`}`;
}
