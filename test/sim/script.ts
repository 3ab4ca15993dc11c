import type { SeverityLevel } from '../../src/core/match/advisory.ts';
import { type Chance, chanceFrom } from '../../src/factory/replay/chance.ts';

/** What happens in a simulated world, fixed by the seed before it starts. */
export interface Script {
  readonly seed: number;
  readonly start: Temporal.Instant;
  readonly end: Temporal.Instant;
  readonly upstreams: readonly string[];
  readonly events: readonly ScriptEvent[];
  /** When something outside is out of order. */
  readonly troubles: readonly Trouble[];
}

export type ScriptEvent = { readonly at: Temporal.Instant } & (
  | { readonly kind: 'release'; readonly upstream: string; readonly version: string }
  | { readonly kind: 'yank'; readonly upstream: string; readonly version: string }
  | { readonly kind: 're-tag'; readonly upstream: string; readonly version: string }
  | { readonly kind: 'advisory'; readonly advisory: ScriptAdvisory }
  | { readonly kind: 'death' }
);

export interface ScriptAdvisory {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly upstream: string;
  readonly level: SeverityLevel | null;
  readonly fixed: string | null;
  readonly withdrawn: boolean;
}

export interface Trouble {
  readonly kind:
    | 'feed'
    | 'upstream-down'
    | 'upstream-empty'
    | 'build'
    | 'registry-refuses'
    | 'registry-lies'
    | 'disk-full';
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

const HOUR = 3600;
const LEVELS = ['critical', 'high', 'medium', 'low', null] as const;
const TROUBLES = [
  'feed',
  'upstream-down',
  'upstream-empty',
  'build',
  'registry-refuses',
  'registry-lies',
  'disk-full',
] as const;

/** Two months of releases, advisories and troubles; the last twenty days are quiet, so that everything can end. */
export function scriptFrom(seed: number): Script {
  const chance = chanceFrom(seed);
  const start = Temporal.Instant.from('2026-01-05T00:00:00Z');
  const upstreams = Array.from({ length: 1 + chance.below(3) }, (_, index) => `pkg:generic/lib${index}`);
  const events: ScriptEvent[] = [];
  for (const upstream of upstreams) events.push(...lifeOf(upstream, start, chance));
  for (let deaths = chance.below(4); deaths > 0; deaths -= 1)
    events.push({ at: somewhen(start, chance), kind: 'death' });
  events.sort((a, b) => Temporal.Instant.compare(a.at, b.at));
  const troubles = Array.from({ length: chance.below(8) }, (): Trouble => {
    const from = somewhen(start, chance);
    return {
      kind: chance.pick(TROUBLES),
      from,
      to: from.add({ seconds: Math.floor(HOUR * (1 + chance.next() * 60)) }),
    };
  });
  return { seed, start, end: start.add({ hours: 60 * 24 }), upstreams, events, troubles };
}

function lifeOf(upstream: string, start: Temporal.Instant, chance: Chance): ScriptEvent[] {
  const events: ScriptEvent[] = [];
  const releases = 2 + chance.below(4);
  const releasedAt: Temporal.Instant[] = [];
  for (let patch = 1; patch <= releases; patch += 1) {
    const at = start.add({ seconds: Math.floor(((patch - 0.5 + chance.next() * 0.8) * 38 * 24 * HOUR) / releases) });
    releasedAt.push(at);
    events.push({ at, kind: 'release', upstream, version: `1.0.${patch}` });
    if (chance.happens(0.12))
      events.push({
        at: at.add({ seconds: Math.floor(HOUR * (1 + chance.next() * 70)) }),
        kind: 'yank',
        upstream,
        version: `1.0.${patch}`,
      });
    else if (chance.happens(0.08))
      events.push({
        at: at.add({ seconds: Math.floor(HOUR * (30 + chance.next() * 70)) }),
        kind: 're-tag',
        upstream,
        version: `1.0.${patch}`,
      });
  }
  for (let index = 1 + chance.below(3); index > 0; index -= 1)
    events.push(...lifeOfFlaw(`${upstream.slice(-4)}-${index}`, { upstream, start, releases }, chance));
  return events;
}

/** An advisory is announced, perhaps learns its fix later, is re-rated, gets a twin under another name, is withdrawn. */
function lifeOfFlaw(
  name: string,
  of: { readonly upstream: string; readonly start: Temporal.Instant; readonly releases: number },
  chance: Chance,
): ScriptEvent[] {
  const fixedIn = chance.happens(0.85) ? `1.0.${1 + chance.below(of.releases)}` : null;
  const base: ScriptAdvisory = {
    id: `CVE-2026-${name}`,
    aliases: [],
    upstream: of.upstream,
    level: chance.pick(LEVELS),
    fixed: chance.happens(0.5) ? fixedIn : null,
    withdrawn: false,
  };
  let at = somewhen(of.start, chance);
  const events: ScriptEvent[] = [{ at, kind: 'advisory', advisory: base }];
  let now = base;
  const then = (change: Partial<ScriptAdvisory>): void => {
    at = at.add({ seconds: Math.floor(HOUR * (1 + chance.next() * 120)) });
    now = { ...now, ...change };
    events.push({ at, kind: 'advisory', advisory: now });
  };
  if (chance.happens(0.4)) then({ level: chance.pick(LEVELS) });
  if (chance.happens(0.3)) {
    const twin = { ...now, id: `GHSA-${name}`, aliases: [] };
    events.push({ at, kind: 'advisory', advisory: twin });
    events.push({
      at: at.add({ seconds: HOUR * 30 }),
      kind: 'advisory',
      advisory: { ...twin, aliases: [base.id], fixed: fixedIn },
    });
  }
  if (now.fixed !== fixedIn) then({ fixed: fixedIn });
  if (chance.happens(0.1)) then({ withdrawn: true });
  return events;
}

function somewhen(start: Temporal.Instant, chance: Chance): Temporal.Instant {
  return start.add({ seconds: Math.floor(chance.next() * 38 * 24 * HOUR) });
}
