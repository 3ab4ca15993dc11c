import type { AdvisoryRecord } from './advisory.ts';
import { answerableComponents } from './answerable-components.ts';
import type { VerdictOptions } from './component-verdict.ts';
import type { Inventory } from './inventory.ts';
import { judgeStatements } from './judge-statements.ts';
import { overruledBy } from './overruled-by.ts';
import { RecordsAround } from './records-around.ts';
import { underEveryName } from './under-every-name.ts';

/** Advisories by the package that they are about, the newest version of each record. */
export type AdvisoriesByPackage = ReadonlyMap<string, ReadonlyMap<string, AdvisoryRecord>>;

export interface FlawsIn {
  /** Ids of the records in force that cover something inside, and that nothing overrules. */
  readonly affected: ReadonlySet<string>;
  /** Ids of those that may cover something: nobody knows, or a version has no place in their ranges. */
  readonly undetermined: ReadonlySet<string>;
}

/** The same as `verdictsIn()`, ids only and without reasons: every image is asked at every gate. */
export function flawsIn(inventory: Inventory, advisories: AdvisoriesByPackage, options: VerdictOptions = {}): FlawsIn {
  const affected = new Set<string>();
  const undetermined = new Set<string>();
  const recordsOn = (name: string): Iterable<AdvisoryRecord> => advisories.get(name)?.values() ?? [];
  const around = { components: inventory.components, records: new RecordsAround(recordsOn), options };
  for (const component of answerableComponents(inventory).flatMap(underEveryName)) {
    for (const record of recordsOn(component.upstream)) {
      if (record.withdrawn !== null) continue;
      const verdict = judgeStatements(component, record.affected, options)?.verdict ?? 'not-affected';
      if (verdict === 'not-affected' || overruledBy(component, record, around) !== null) continue;
      (verdict === 'affected' ? affected : undetermined).add(record.id);
    }
  }
  return { affected, undetermined: undetermined.difference(affected) };
}
