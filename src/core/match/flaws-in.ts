import type { AdvisoryRecord } from './advisory.ts';
import { answerableComponents } from './answerable-components.ts';
import type { Component, Inventory } from './inventory.ts';
import { verdictOf } from './match.ts';

/** Advisories by the package that they are about, the newest version of each record. */
export type AdvisoriesByPackage = ReadonlyMap<string, ReadonlyMap<string, AdvisoryRecord>>;

/** Ids of the records in force that cover something inside; what a patch of ours removes does not count. */
export function flawsIn(inventory: Inventory, advisories: AdvisoriesByPackage): ReadonlySet<string> {
  const flaws = new Set<string>();
  for (const component of answerableComponents(inventory)) {
    for (const record of advisories.get(component.upstream)?.values() ?? []) {
      if (record.withdrawn === null && !isPatched(component, record) && covers(record, component)) flaws.add(record.id);
    }
  }
  return flaws;
}

function covers(record: AdvisoryRecord, component: Component): boolean {
  return record.affected.some(
    (affected) =>
      affected.package === component.upstream &&
      verdictOf(affected, component.version, component.stream) === 'affected',
  );
}

function isPatched(component: Component, record: AdvisoryRecord): boolean {
  return component.patched.some((id) => id === record.id || record.aliases.includes(id));
}
