import type { Digest } from '../core/digest.ts';
import type { FactPayloads } from '../core/fact.ts';
import { CONFIRMED, confirmedOf, subject } from '../core/ledger/subjects.ts';
import type { AdvisoryRecord } from '../core/match/advisory.ts';
import { aliasClasses } from '../core/match/alias-classes.ts';
import type { Component, Inventory } from '../core/match/inventory.ts';
import { underEveryName } from '../core/match/under-every-name.ts';
import { defaultPolicy, type Policy } from '../core/promise/policy.ts';
import type { FactStore } from '../factory/deps.ts';
import { recordsNear, recordsOn } from './look-up-records.ts';
import { type ServedImage, type VerdictRow, verdictRows } from '../views/verdicts.ts';

export interface VerdictDeps extends Pick<FactStore, 'factsAbout' | 'newestOfEach'> {
  /** What was inside confirmed bytes; undefined where it is not kept here, as beside a copy of a ledger alone. */
  readonly inventory: (digest: Digest) => Promise<Inventory | undefined>;
}

/** What the ledger knew at an instant of one vulnerability, and what that says of what was served then. */
export interface Verdicts {
  /** Names of the vulnerability that was asked for, that one first. */
  readonly ids: readonly string[];
  readonly records: readonly AdvisoryRecord[];
  readonly policy: Policy;
  readonly rows: readonly VerdictRow[];
}

type Confirmed = FactPayloads['image-confirmed'];
type AsOf = Temporal.Instant | null;

export async function lookUpVerdicts(vulnerability: string, asOf: AsOf, deps: VerdictDeps): Promise<Verdicts> {
  const unrelated: (readonly [string, string])[] = [];
  let policy = defaultPolicy;
  const subjects = [subject.type('aliases-corrected'), subject.type('policy-adopted')];
  for await (const { type, payload } of deps.factsAbout({ subjects }, asOf ?? undefined)) {
    if (type === 'aliases-corrected') unrelated.push(...payload.unrelated);
    else if (type === 'policy-adopted') policy = payload.policy;
  }
  const near = await recordsNear(vulnerability, asOf, deps);
  const ids = namesOf(vulnerability, aliasClasses(near, unrelated)(vulnerability).ids);
  const records = near.filter(({ id }) => ids.includes(id));
  const images = records.length === 0 ? [] : await imagesOf(await servedAt(CONFIRMED, asOf, deps), deps);
  return { ids, records, policy, rows: verdictRows(images, records) };
}

/** Of what a line serves, by every record that speaks of anything inside. */
export async function lookUpLineVerdicts(line: string, asOf: AsOf, deps: VerdictDeps): Promise<readonly VerdictRow[]> {
  const images = await imagesOf(await servedAt(confirmedOf(line), asOf, deps), deps);
  const names = new Set(images.flatMap(({ inventory }) => inventory.components.flatMap(namesIn)));
  return verdictRows(images, images.length === 0 ? [] : await recordsOn([...names], asOf, deps));
}

function namesIn(component: Component): readonly string[] {
  return underEveryName(component).map(({ upstream }) => upstream);
}

async function servedAt(start: string, asOf: AsOf, deps: VerdictDeps): Promise<readonly Confirmed[]> {
  const newest = await deps.newestOfEach(start, asOf ?? undefined);
  return newest.flatMap((fact) => (fact.type === 'image-confirmed' ? [fact.payload] : []));
}

function namesOf(asked: string, ids: readonly string[]): readonly string[] {
  return [asked, ...ids.filter((id) => id !== asked)];
}

/** Lines that share an inventory read it once. */
async function imagesOf(served: readonly Confirmed[], deps: VerdictDeps): Promise<readonly ServedImage[]> {
  const read = new Map<Digest, Inventory | undefined>();
  const images: ServedImage[] = [];
  for (const { line, architecture, inventory: digest } of served) {
    if (!read.has(digest)) read.set(digest, await deps.inventory(digest));
    const inventory = read.get(digest);
    if (inventory !== undefined) images.push({ line, architecture, inventory });
  }
  return images;
}
