import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFeedYaml } from '../../src/formats/feed-yaml.ts';
import { zipOf } from './zip.ts';

/** A record as its owner wrote it, so that other programs get what we get; only what is looked at here has a type. */
export interface OsvRecord {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly withdrawn?: string;
  readonly affected?: readonly OsvAffected[];
}

export interface OsvAffected {
  readonly package: { readonly ecosystem: string; readonly name: string };
  readonly ranges?: readonly OsvRange[];
  readonly versions?: readonly string[];
  readonly ecosystem_specific?: { readonly custom_ranges?: readonly OsvRange[]; readonly imports?: unknown };
}

export interface OsvRange {
  readonly type: string;
  readonly events: readonly Readonly<Record<string, string>>[];
}

/** Those of the Go and the Python database, which publish in OSV's form, in a folder where they lie unpacked. */
export function osvRecordsIn(feed: string): readonly OsvRecord[] {
  const read = (pattern: string, parse: (bytes: Buffer, name: string) => unknown): readonly OsvRecord[] =>
    globSync(pattern, { cwd: feed })
      .toSorted()
      .map((name) => parse(readFileSync(join(feed, name)), name) as OsvRecord);
  return [
    ...read('**/data/osv/GO-*.json', (bytes) => JSON.parse(bytes.toString()) as unknown),
    ...read('**/vulns/**/*.yaml', parseFeedYaml),
  ];
}

/**
 * The database of OSV-Scanner in a folder, for its variable OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: a zip of records for each
 * ecosystem.
 */
export function writeOsvScannerData(records: readonly OsvRecord[], folder: string): void {
  for (const ecosystem of ['Go', 'PyPI']) {
    const own = records.filter(({ affected = [] }) => affected.some((each) => each.package.ecosystem === ecosystem));
    mkdirSync(join(folder, 'osv-scanner', ecosystem), { recursive: true });
    const members = Object.fromEntries(own.map((record) => [`${record.id}.json`, JSON.stringify(record)]));
    writeFileSync(join(folder, 'osv-scanner', ecosystem, 'all.zip'), zipOf(members));
  }
}
