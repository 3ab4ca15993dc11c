import { aliasClasses } from './alias-classes.ts';
import type { AdvisoryRecord } from './advisory.ts';

/** Records by the packages that they speak of, and which of them are about one vulnerability: each package is read once. */
export class RecordsAround {
  readonly on: (name: string) => Iterable<AdvisoryRecord>;
  readonly #naming = new Map<string, ReadonlyMap<string, readonly AdvisoryRecord[]>>();

  constructor(recordsOn: (name: string) => Iterable<AdvisoryRecord>) {
    this.on = recordsOn;
  }

  /** Of the other records on these packages those about the same vulnerability as this one, by all its names. */
  aboutSameFlaw(record: AdvisoryRecord, names: readonly string[]): readonly AdvisoryRecord[] {
    const tied = this.#tiedTo(record, names);
    if (tied.length === 0) return tied;
    // Links alone tie too much together: two CVE ids, say, that a third record names.
    const { ids } = aliasClasses([record, ...tied], [])(record.id);
    return tied.filter(({ id }) => ids.includes(id));
  }

  #tiedTo(record: AdvisoryRecord, names: readonly string[]): readonly AdvisoryRecord[] {
    const found = new Set<AdvisoryRecord>();
    const ids = new Set([record.id, ...record.aliases]);
    for (const id of ids) {
      for (const one of names.flatMap((name) => this.#namingOn(name).get(id) ?? [])) {
        found.add(one);
        for (const other of [one.id, ...one.aliases]) ids.add(other);
      }
    }
    found.delete(record);
    return [...found];
  }

  #namingOn(name: string): ReadonlyMap<string, readonly AdvisoryRecord[]> {
    const known = this.#naming.get(name);
    if (known !== undefined) return known;
    const naming = new Map<string, AdvisoryRecord[]>();
    for (const record of this.on(name)) {
      for (const id of new Set([record.id, ...record.aliases])) {
        const records = naming.get(id);
        if (records === undefined) naming.set(id, [record]);
        else records.push(record);
      }
    }
    this.#naming.set(name, naming);
    return naming;
  }
}
