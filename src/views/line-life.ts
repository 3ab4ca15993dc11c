import type { Line, Recipe } from '../core/catalog/catalog.ts';
import type { Fact } from '../core/fact.ts';
import type { Pulse } from '../core/forecast/pulse.ts';
import type { Point } from './account.ts';
import { secondsBetween, spell } from './durations.ts';
import { shortName } from './row.ts';

export interface LineLifeWorld {
  readonly line: string;
  readonly declared: Line | null;
  readonly recipes: readonly Recipe[];
  /** About the line and its packages, in order. */
  readonly facts: readonly Fact[];
  /** The last look at each upstream of its packages; null = none is known. */
  readonly looks: readonly { readonly upstream: string; readonly at: Temporal.Instant | null }[];
  readonly pulse: Pulse | null;
}

/** Whether anybody still cares for a line: looked, built, published, confirmed last, and what is next or in the way. */
export function lineLife(world: LineLifeWorld, now: Temporal.Instant): readonly Point[] {
  const { facts, line } = world;
  const names = new Set(world.declared?.packages.map(({ name }) => name) ?? []);
  const built = facts.findLast((fact) => fact.type === 'package-built' && names.has(fact.payload.name));
  const published = facts.findLast((fact) => fact.type === 'image-published' && fact.payload.line === line);
  const confirmed = facts.findLast((fact) => fact.type === 'image-confirmed' && fact.payload.line === line);
  return [
    ...lookedPoints(world.looks, now),
    lastOf('last built', built, now),
    lastOf('last published', published, now),
    lastOf('last confirmed', confirmed, now),
    ...nextPoints(world),
  ];
}

/** The upstream that was not looked at for longest: the others are fresher. */
function lookedPoints(looks: LineLifeWorld['looks'], now: Temporal.Instant): readonly Point[] {
  const never = looks.filter(({ at }) => at === null).map(({ upstream }) => shortName(upstream));
  const known = looks.flatMap(({ upstream, at }) => (at === null ? [] : [{ upstream, at }]));
  const [oldest] = known.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at));
  return [
    ...(oldest === undefined
      ? []
      : [
          {
            label: 'last looked',
            text: `${ago(oldest.at, now)} at ${shortName(oldest.upstream)}${known.length > 1 ? `, at ${known.length - 1} others later` : ''}`,
            at: oldest.at,
          },
        ]),
    ...(never.length === 0 ? [] : [{ label: 'never looked', text: `at ${never.join(', ')}`, at: null }]),
  ];
}

function lastOf(label: string, fact: Fact | undefined, now: Temporal.Instant): Point {
  return fact === undefined
    ? { label, text: 'never', at: null }
    : { label, text: `${ago(fact.recordedAt, now)} (fact ${fact.seq})`, at: fact.recordedAt };
}

function nextPoints({ line, declared, recipes, pulse }: LineLifeWorld): readonly Point[] {
  if (pulse === null) return [];
  const names = new Set(declared?.packages.map(({ name }) => name) ?? []);
  const targets = new Set([line, ...recipes.filter(({ name }) => names.has(name)).map(({ recipe }) => recipe)]);
  const { steps, held } = pulse.queue;
  const place = steps.findIndex(({ target }) => targets.has(target));
  const step = steps[place];
  const stuck = held.filter(({ target }) => targets.has(target));
  return [
    step === undefined
      ? { label: 'next', text: 'nothing is planned for it', at: null }
      : { label: 'next', text: `${step.kind} of ${step.target}, ${place} ahead`, at: null },
    ...stuck.map(({ kind, target, until }) => ({
      label: 'kept back',
      text: `${kind} of ${target} failed, ${until === null ? 'not tried again before something changes' : 'tried again'}`,
      at: until,
    })),
  ];
}

function ago(at: Temporal.Instant, now: Temporal.Instant): string {
  return `${spell(secondsBetween(at, now))} ago`;
}
