import type { Digest } from '../core/digest.ts';
import type { FactPayloads } from '../core/fact.ts';
import type { AdvisoryRecord } from '../core/match/advisory.ts';
import { aliasClasses } from '../core/match/alias-classes.ts';
import type { Inventory } from '../core/match/inventory.ts';
import { defaultPolicy, type Policy } from '../core/promise/policy.ts';
import type { FactStore } from '../factory/deps.ts';
import { type ServedImage, type VerdictRow, verdictRows } from '../views/verdicts.ts';

export interface VerdictDeps {
  readonly facts: FactStore['facts'];
  /** What was inside confirmed bytes; undefined where it is not kept here, as beside a copy of a ledger alone. */
  readonly inventory: (digest: Digest) => Promise<Inventory | undefined>;
}

/** What the ledger knew at an instant of one vulnerability or one line, and what that says of what was served then. */
export interface Verdicts {
  /** Names of the vulnerability that was asked for, that one first; empty for a line. */
  readonly ids: readonly string[];
  readonly records: readonly AdvisoryRecord[];
  readonly policy: Policy;
  readonly rows: readonly VerdictRow[];
}

type Confirmed = FactPayloads['image-confirmed'];

export async function lookUpVerdicts(
  by: { readonly vulnerability: string } | { readonly line: string },
  asOf: Temporal.Instant | null,
  deps: VerdictDeps,
): Promise<Verdicts> {
  const newest = new Map<string, AdvisoryRecord>();
  const served = new Map<string, Confirmed>();
  const unrelated: (readonly [string, string])[] = [];
  let policy = defaultPolicy;
  for await (const { type, payload } of deps.facts(0, asOf ?? undefined)) {
    if (type === 'advisory-recorded') newest.set(`${payload.id}\n${payload.source}`, payload);
    else if (type === 'aliases-corrected') unrelated.push(...payload.unrelated);
    else if (type === 'policy-adopted') policy = payload.policy;
    else if (type === 'image-confirmed' && (!('line' in by) || payload.line === by.line)) {
      served.set(`${payload.line}\n${payload.architecture}`, payload);
    }
  }
  const all = [...newest.values()];
  const ids = 'line' in by ? [] : namesOf(by.vulnerability, aliasClasses(all, unrelated)(by.vulnerability).ids);
  const records = 'line' in by ? all : all.filter(({ id }) => ids.includes(id));
  const images = records.length === 0 ? [] : await imagesOf([...served.values()], deps);
  return { ids, records, policy, rows: verdictRows(images, records) };
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
