import type { Catalog, Recipe } from '../core/catalog/catalog.ts';
import type { Fact, FactOf } from '../core/fact.ts';
import type { Pulse } from '../core/forecast/pulse.ts';
import { type EndedRun, estimator, type PastRun } from '../core/forecast/stage-durations.ts';
import type { Account, Point } from './account.ts';
import { secondsBetween, spell } from './durations.ts';
import { shortName, type Row, type Why } from './row.ts';
import { eventOf } from './timeline.ts';

/** What is known of an upstream, its recipes and packages: what was looked at, built and confirmed last, and why not since. */
export function upstreamAccount(
  purl: string,
  world: {
    readonly recipes: Catalog['recipes'];
    readonly lines: Catalog['lines'];
    readonly facts: readonly Fact[];
    readonly looks: readonly { readonly form: string; readonly at: Temporal.Instant }[];
    readonly runs: readonly EndedRun[];
    readonly pastRuns: readonly PastRun[];
    readonly pulse: Pulse | null;
    readonly rows: readonly Row[];
  },
  options: { readonly now: Temporal.Instant; readonly notice: string | null },
): Account {
  const { recipes, facts, rows } = world;
  return {
    ...options,
    kind: 'upstream',
    title: shortName(purl),
    about: `${purl}${recipes.length === 0 ? ', built by no recipe of this catalog' : `, built by ${recipes.map(({ file }) => file).join(', ')}`}`,
    points: [
      ...looked(world.looks, options.now),
      ...releases(facts),
      ...recipes.flatMap((recipe) => recipePoints(recipe, world)),
      ...built(facts),
    ],
    why: whyOf(world, rows),
    rows,
    count: rows.length,
    events: facts.slice(-EVENTS_MAX).map((fact) => eventOf(fact)),
    next: rows[0] === undefined ? null : `suture explain ${rows[0].vulnerability}`,
  };
}

const EVENTS_MAX = 40;

function looked(
  looks: readonly { readonly form: string; readonly at: Temporal.Instant }[],
  now: Temporal.Instant,
): readonly Point[] {
  if (looks.length === 0) return [{ label: 'last looked', text: 'never: nobody watches it here', at: null }];
  return looks.map(({ form, at }) => ({
    label: 'last looked',
    text: `${spell(secondsBetween(at, now))} ago (${form})`,
    at,
  }));
}

function releases(facts: readonly Fact[]): readonly Point[] {
  const newest = new Map<string, FactOf<'release-observed'>>();
  for (const fact of facts) if (fact.type === 'release-observed') newest.set(fact.payload.stream, fact);
  return [...newest].map(([stream, { payload, at }]) => ({
    label: `seen last in ${stream}`,
    text: `${payload.version}${payload.prerelease ? ', not final' : ''}`,
    at: at.to,
  }));
}

function recipePoints(
  recipe: Recipe,
  { lines, pastRuns, pulse }: Parameters<typeof upstreamAccount>[1],
): readonly Point[] {
  const taking = lines.filter(({ packages }) => packages.some(({ name }) => name === recipe.name));
  const { p50, p90, runs } = estimator(pastRuns)('build-package', recipe.recipe);
  const measured = runs.own === 0 ? 'not measured yet' : `${runs.own} measured`;
  const place = pulse?.queue.steps.findIndex(({ target, stream }) => target === recipe.recipe && stream !== null) ?? -1;
  const step = pulse?.queue.steps[place];
  const held = pulse?.queue.held.find(({ target, stream }) => target === recipe.recipe && stream !== null);
  const text = (label: string, value: string, at: Temporal.Instant | null = null): Point => ({
    label,
    text: value,
    at,
  });
  return [
    text(
      recipe.file,
      `at ${recipe.version}${recipe.update.enabled ? '' : ', does not follow its upstream (update.enabled: false)'}`,
    ),
    text('lines', taking.map(({ line }) => line).join(', ') || 'none takes it'),
    text('a build takes', `${spell(p50)}, ${spell(p90)} with 9 in 10 (${measured})`),
    ...(step === undefined ? [] : [text('planned', `${step.kind}, ${place} ahead`)]),
    ...(held === undefined
      ? []
      : [
          text(
            'kept back',
            `${held.kind} failed${held.until === null ? ', not tried again before something changes' : ', tried again'}`,
            held.until,
          ),
        ]),
  ];
}

function built(facts: readonly Fact[]): readonly Point[] {
  const made = facts.findLast((fact) => fact.type === 'package-built' || fact.type === 'package-imported');
  if (made === undefined) return [{ label: 'last built', text: 'never here', at: null }];
  const { name, version, architecture } = made.payload;
  return [{ label: 'last built', text: `${name} ${version} for ${architecture}`, at: made.recordedAt }];
}

/** The plan's word about the most urgent row; else what its own state says. */
function whyOf({ recipes, runs }: Parameters<typeof upstreamAccount>[1], rows: readonly Row[]): Why {
  const [first] = rows;
  if (first !== undefined) return first.reason;
  const last = runs.at(-1);
  if (last?.failed === true) return { who: 'machine', text: `its last step, ${last.kind}, failed` };
  if (recipes.length === 0) return { who: 'person', text: 'no recipe builds it; nothing of it is wanted either' };
  return { who: 'nobody', text: 'nothing that comes from it is open' };
}
