import { subject } from '../core/ledger/subjects.ts';
import type { AdvisoryRecord } from '../core/match/advisory.ts';
import { distributionOfId } from '../core/match/distribution-id.ts';
import type { FactStore } from '../factory/deps.ts';

type RecordDeps = Pick<FactStore, 'factsAbout'>;
type AsOf = Temporal.Instant | null;

/**
 * The newest version of each record that may help to say which names a vulnerability has, in the order in which they first
 * came: `aliasClasses` says of them what it would say of all records. From each record it goes on to its aliases and to
 * whoever names it, but not through a notice of a distribution about several flaws, which makes no names alike.
 */
export async function recordsNear(id: string, asOf: AsOf, deps: RecordDeps): Promise<readonly AdvisoryRecord[]> {
  const versions = new Map<number, AdvisoryRecord>();
  const asked = new Set<string>();
  for (let ids = [id]; ids.length > 0; ids = idsNear(newestOf(versions)).filter((each) => !asked.has(each))) {
    for (const each of ids) asked.add(each);
    await take(versions, { subjects: ids.map(subject.vulnerability), asOf }, deps);
  }
  return newestOf(versions);
}

/** The newest version of each record, where any version of it spoke of one of these packages. */
export async function recordsOn(
  names: readonly string[],
  asOf: AsOf,
  deps: RecordDeps,
): Promise<readonly AdvisoryRecord[]> {
  const speaking = new Map<number, AdvisoryRecord>();
  await take(speaking, { subjects: names.map(subject.affected), asOf }, deps);
  const ids = new Set([...speaking.values()].map(({ id }) => id));
  const versions = new Map<number, AdvisoryRecord>();
  await take(versions, { subjects: [...ids].map(subject.vulnerability), asOf }, deps);
  return newestOf(versions).filter(({ id }) => ids.has(id));
}

async function take(
  versions: Map<number, AdvisoryRecord>,
  { subjects, asOf }: { readonly subjects: readonly string[]; readonly asOf: AsOf },
  deps: RecordDeps,
): Promise<void> {
  for await (const fact of deps.factsAbout({ subjects }, asOf ?? undefined)) {
    if (fact.type === 'advisory-recorded') versions.set(fact.seq, fact.payload);
  }
}

function newestOf(versions: ReadonlyMap<number, AdvisoryRecord>): readonly AdvisoryRecord[] {
  const newest = new Map<string, AdvisoryRecord>();
  const inOrder = [...versions].toSorted(([a], [b]) => a - b);
  for (const [, record] of inOrder) newest.set(`${record.id}\n${record.source}`, record);
  return [...newest.values()];
}

function idsNear(records: readonly AdvisoryRecord[]): readonly string[] {
  return [...Map.groupBy(records, ({ id }) => id)].flatMap(([id, same]) => {
    const others = new Set(same.flatMap(({ aliases }) => aliases.filter((alias) => alias !== id)));
    return distributionOfId(id) !== undefined && others.size > 1 ? [id] : [id, ...others];
  });
}
