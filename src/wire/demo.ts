import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '../core/failure.ts';
import type { StepKind } from '../core/plan/step.ts';
import { invariant } from '../core/invariant.ts';
import type { Obligation } from '../core/promise/standing.ts';
import { obligations } from '../core/promise/obligations.ts';
import type { PackageBuilder } from '../factory/build/build.ts';
import { runUntilIdle } from '../factory/run-until-idle.ts';
import type { StepReport } from '../factory/run-step.ts';
import { writeFileDurably } from '../io/files/write-file-durably.ts';
import { listTags } from '../io/git/list-tags.ts';
import { startRepository } from '../io/git/start-repository.ts';
import { writeHistory } from '../io/git/write-history.ts';
import { makeHostToolsRoot } from '../io/sandbox/build-root.ts';
import { isUnseen, type Moment, scenario, worldNotice } from '../serve/demo/scenario.ts';
import { worldCatalog } from '../serve/demo/world/catalog.ts';
import { makeUpstreamRepository, type UpstreamMoment } from '../serve/demo/world/hello/history.ts';
import { logStep } from './open-run.ts';
import { openFactory, type OpenFactory } from './open-factory.ts';
import { type Places, placesOf } from './places.ts';
import { type ScriptedClock, scriptedClock } from './scripted-clock.ts';
import { noteWorldTime, worldTime } from './world.ts';

export interface PlayOptions {
  readonly folder: string;
  readonly miss: boolean;
  readonly signal: AbortSignal;
  onMoment(at: Temporal.Instant, words: string): void;
  onStep(at: Temporal.Instant, report: StepReport): void;
  onStanding(at: Temporal.Instant, obligation: Obligation): void;
}

export interface Played {
  readonly places: Places;
  readonly factory: OpenFactory;
  readonly now: Temporal.Instant;
}

/** Minutes of the made-up clock that a step takes. */
const STEP_MINUTES: Readonly<Record<StepKind, number>> = {
  'propose-change': 1,
  'build-package': 4,
  'merge-change': 1,
  'import-packages': 1,
  'compose-image': 1,
  'verify-image': 1,
  'publish-image': 1,
  'confirm-image': 1,
  'attach-receipts': 1,
};
const LOOK_EVERY_SECONDS = 300;
const TURNS_MAX = 500;
const HELD_MINUTES_MAX = 15;

/**
 * Plays the made-up world in a folder, from wherever it stands: killed at any point and started again it goes on to the
 * same end. The factory is the real one; only upstream, feed and clock follow the script.
 */
export async function play(options: PlayOptions): Promise<Played> {
  const folder = resolve(options.folder);
  const places = placesOf(join(folder, 'catalog'), {});
  const moments = scenario(options);
  const [first] = moments;
  invariant(first !== undefined, 'the script has a beginning');
  const world = { folder, upstream: join(folder, 'upstream', 'hello.git'), feed: join(folder, 'feeds', 'osv') };
  await makeWorld(world, first, places);
  const { clock: noted } = await worldTime(places);
  const clock = scriptedClock(first.at);
  let builders = true;
  const factory = await openFactory({
    places,
    clock,
    lookEverySeconds: LOOK_EVERY_SECONDS,
    aroundBuilder: (builder) => breakable(builder, () => builders),
  });
  try {
    clock.advanceTo(await resumeAt(factory, noted.now()));
    const resumed = clock.now();
    const told = new Map<string, string>();
    for (const moment of moments) {
      clock.advanceTo(moment.at);
      if (moment.happens.kind === 'builders') builders = moment.happens.working;
      await happen(moment, moments, world);
      options.onMoment(moment.at, moment.told);
      // What was seen before the interruption was judged then; only the world itself is made sure of again.
      if (isUnseen(moment) || (moment !== moments.at(-1) && isBefore(nextOf(moment, moments), resumed))) continue;
      await noteWorldTime(places, { now: clock.now(), notice: worldNotice });
      await workOff(factory, clock, options);
      tellStandings(factory, clock, told, options);
      if (options.signal.aborted) break;
    }
    await noteWorldTime(places, { now: clock.now(), notice: worldNotice });
    return { places, factory, now: clock.now() };
  } catch (error) {
    await factory.close(); // else its registry would keep the process
    throw error;
  }
}

/** Everything that can be done now. What a killed player held is waited for: in this world that costs nothing. */
async function workOff(
  { memory, deps, store }: OpenFactory,
  clock: ScriptedClock,
  options: PlayOptions,
): Promise<void> {
  for (let waited = 0; waited <= HELD_MINUTES_MAX; waited += 1) {
    const { busy } = await runUntilIdle(memory, deps, {
      turnsMax: TURNS_MAX,
      told: async (report) => {
        options.onStep(clock.now(), report);
        const minutes = STEP_MINUTES[report.step.kind];
        clock.advanceTo(clock.now().add({ minutes }));
        const ran = report.kind === 'busy' ? report : { ...report, seconds: minutes * 60 };
        await logStep(ran, store.operations, clock.now());
      },
      cancelled: () => options.signal.aborted,
    });
    if (busy.length === 0 || options.signal.aborted) return;
    clock.advanceTo(clock.now().add({ minutes: 1 }));
  }
}

interface World {
  readonly folder: string;
  readonly upstream: string;
  readonly feed: string;
}

async function makeWorld(world: World, first: Moment, places: Places): Promise<void> {
  await makeHostToolsRoot(join(world.folder, 'root'));
  await makeUpstreamRepository(world.upstream, [released(first.at, '1.0.0')], writeHistory);
  const repository = pathToFileURL(world.upstream).href;
  const tag = (await listTags(repository)).tags.find(({ name }) => name === 'v1.0.0');
  invariant(tag !== undefined, 'the made-up upstream has its first release');
  await writeFileDurably(join(world.feed, 'README.md'), 'Advisories of the made-up world, in OSV form.\n');
  await startRepository(places.catalog, {
    files: worldCatalog({ repository, version: '1.0.0', commit: tag.commit }),
    message: 'The made-up catalog',
    at: first.at,
  });
}

/** Makes sure that a moment has happened in the world; what happened already stays as it is. */
async function happen(moment: Moment, moments: readonly Moment[], world: World): Promise<void> {
  const { happens } = moment;
  switch (happens.kind) {
    case 'advisory':
      return writeFileDurably(join(world.feed, `${happens.id}.json`), `${JSON.stringify(happens.record, null, 2)}\n`);
    case 'release':
    case 'merged-fix': {
      const [first] = moments;
      const until = moments.slice(0, moments.indexOf(moment) + 1);
      const history = until.flatMap(({ at, happens: what }): UpstreamMoment[] =>
        what.kind === 'release' || what.kind === 'merged-fix' ? [{ at, happens: what }] : [],
      );
      return makeUpstreamRepository(
        world.upstream,
        [released(first?.at ?? moment.at, '1.0.0'), ...history],
        writeHistory,
      );
    }
    case 'nothing':
    case 'builders':
      return;
  }
}

function released(at: Temporal.Instant, version: string): UpstreamMoment {
  return { at, happens: { kind: 'release', version } };
}

/** The ledger and the note beside it both know how late it was; the later one is right. */
async function resumeAt({ store }: OpenFactory, noted: Temporal.Instant): Promise<Temporal.Instant> {
  const { seq } = await store.facts.head();
  if (seq === 0) return Temporal.Instant.fromEpochMilliseconds(0);
  for await (const fact of store.facts.facts(seq - 1)) {
    return Temporal.Instant.compare(noted, fact.recordedAt) > 0 && isMadeUp(noted) ? noted : fact.recordedAt;
  }
  return noted;
}

/** Before the first note the machine's own clock answers, and it must not leak into this world. */
function isMadeUp(instant: Temporal.Instant): boolean {
  return Temporal.Instant.compare(instant, Temporal.Instant.from('2026-03-31T00:00:00Z')) < 0;
}

function nextOf(moment: Moment, moments: readonly Moment[]): Temporal.Instant {
  return moments[moments.indexOf(moment) + 1]?.at ?? moment.at;
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}

function breakable(builder: PackageBuilder, working: () => boolean): PackageBuilder {
  return {
    build(request) {
      if (working()) return builder.build(request);
      throw new Failure('E0403', 'The builders have no disk', {
        kept: 'the published image stays as it is',
        retryable: true,
      });
    },
  };
}

function tellStandings(
  { memory }: OpenFactory,
  clock: ScriptedClock,
  told: Map<string, string>,
  options: PlayOptions,
): void {
  for (const obligation of obligations(memory.history, clock.now())) {
    if (told.get(obligation.id) === obligation.standing) continue;
    told.set(obligation.id, obligation.standing);
    options.onStanding(clock.now(), obligation);
  }
}
