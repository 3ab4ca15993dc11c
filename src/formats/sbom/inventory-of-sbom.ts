import { Failure } from '../../core/failure.ts';
import { readCyclonedx } from '../cyclonedx/read-cyclonedx.ts';
import { readSpdxEntries } from '../spdx/read-spdx-entries.ts';
import { componentOfEntry, type EntryMade } from './component-of-entry.ts';
import { sbomDocument } from './document.ts';
import type { Component, Inventory, InventoryPackage } from '../../core/match/inventory.ts';
import type { ReadSbom, SbomEntry } from './entry.ts';

export interface SbomInventory {
  /** `CycloneDX 1.6`, `SPDX 2.3` */
  readonly format: string;
  readonly inventory: Inventory;
  /** Entries without a usable purl, `name version`: nobody can say whether an advisory means them. */
  readonly unnamed: readonly string[];
}

/**
 * What a bill of materials says is inside: CycloneDX 1.4 to 1.7 or SPDX 2.2 and 2.3, as JSON. E0404 where it is neither or is
 * damaged, E0205 beyond its bounds. Beside the bytes themselves it needs memory for what it keeps alone.
 */
export function inventoryOfSbom(bytes: Uint8Array, at: string): SbomInventory {
  if (bytes.length > DOCUMENT_BYTES_MAX) {
    throw new Failure('E0205', `The document ${at} is larger than ${DOCUMENT_BYTES_MAX} bytes`, { at });
  }
  const { format, entries, distribution } = readSbom(bytes, at);
  const packages = new Map<string, InventoryPackage>();
  const components = new Map<string, Component>();
  const unnamed: string[] = [];
  for (const entry of entries) {
    const made = madeOf(entry, distribution);
    for (const one of made) {
      if (one.package !== null) packages.set(`${one.package.name}\0${one.package.version}`, one.package);
    }
    const named = new Map(made.flatMap(({ component }) => (component === null ? [] : [[keyOf(component), component]])));
    if (named.size === 0) unnamed.push(`${entry.name} ${entry.version}`.trim().slice(0, 300));
    for (const component of named.values()) {
      const { package: owner, purl, version, edge } = component;
      // Some makers write the version beside the purl alone.
      components.set([owner, purl, version, edge].join('\0'), component);
    }
  }
  return { format, inventory: { packages: inOrder(packages), components: inOrder(components) }, unnamed };
}

/**
 * With the last purl first: of several that are one to whoever looks for advisories, the first stands. Beside that of an installed
 * package the others tell what it is made of, for which its distribution may answer.
 */
function madeOf(entry: SbomEntry, distribution: ReadSbom['distribution']): readonly EntryMade[] {
  const { purl, otherPurls } = entry;
  const purls = [...new Set([purl, ...otherPurls.slice(0, OTHER_PURLS_MAX)])];
  if (purls.length === 1) return [componentOfEntry(entry, distribution)];
  const isInstalled = (each: string | null): boolean => /^pkg:(?:deb|apk|rpm|alpm)\//.test(each ?? '');
  const made = purls.map((each) => componentOfEntry({ ...entry, purl: each }, distribution));
  const owner = made[purls.findIndex(isInstalled)]?.package?.name ?? entry.owner;
  const owned = purls.map((each, index): EntryMade => {
    if (isInstalled(each)) return made[index] ?? { package: null, component: null };
    return componentOfEntry({ ...entry, purl: each, owner }, distribution);
  });
  return owned.toReversed();
}

/** One for each repository that Red Hat has a package in are dozens. */
const OTHER_PURLS_MAX = 1000;

/** Repositories and addresses of downloads tell purls apart, but no advisory speaks of them. */
function keyOf({ upstream, version, stream, alsoNamed = [] }: Component): string {
  return [upstream, version, stream, ...alsoNamed].join('\0');
}

/** Whoever reads a document from a file looks at its size first: more is refused unread. */
export const DOCUMENT_BYTES_MAX = 512 * 2 ** 20;

function readSbom(bytes: Uint8Array, at: string): ReadSbom {
  const document = sbomDocument(bytes, at);
  if (document.member('bomFormat') === 'CycloneDX') return readCyclonedx(document);
  if (document.has('spdxVersion')) return readSpdxEntries(document);
  throw new Failure('E0404', `The document ${at} is no bill of materials that can be read`, {
    at,
    why: 'It is neither CycloneDX nor SPDX 2 as JSON.',
    hint: 'Write it as CycloneDX 1.6 or SPDX 2.3, in JSON.',
  });
}

function inOrder<T>(values: ReadonlyMap<string, T>): readonly T[] {
  return [...values].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}
