import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../src/core/failure.ts';
import type { AdvisoryRecord, AffectedPackage, AffectedRange } from '../../src/core/match/advisory.ts';
import { parseNoticeList } from '../../src/formats/debian-tracker/parse-notice-list.ts';
import { parseFeedJson } from '../../src/formats/feed-json.ts';
import { parseFeedYaml } from '../../src/formats/feed-yaml.ts';
import { parseOsv } from '../../src/formats/osv/parse-osv.ts';
import { parseRubysec } from '../../src/formats/rubysec/parse-rubysec.ts';
import { parseRustsec } from '../../src/formats/rustsec/parse-rustsec.ts';
import { parseSecdb } from '../../src/formats/secdb/parse-secdb.ts';

const FIXTURES = process.env['SUTURE_FIXTURES'] ?? join(import.meta.dirname, '../../../shared/fixtures');
const observedAt = Temporal.Instant.from('2026-03-01T10:00:00Z');
/** Copies in as many families have versions of their own, as packages have that nobody else has. */
const FAMILIES = 4;

export interface AdvisorySource {
  readonly source: string;
  readonly records: readonly AdvisoryRecord[];
}

/** Statements about one package each. */
export function rowsIn(records: readonly AdvisoryRecord[]): number {
  return records.reduce((sum, { affected }) => sum + affected.length, 0);
}

/** Published advisories where the fixtures are, made-up ones of the same shape elsewhere. */
export function someAdvisories(): { readonly isReal: boolean; readonly sources: readonly AdvisorySource[] } {
  const sources = READERS.flatMap(([source, archive, pattern, read]) => {
    const path = join(FIXTURES, 'advisories', `${archive}.tar.xz`);
    return existsSync(path) ? [{ source, records: recordsIn(path, pattern, read) }] : [];
  });
  if (sources.length === READERS.length) return { isReal: true, sources };
  return { isReal: false, sources: [{ source: 'made-up', records: Array.from({ length: 5_000 }, madeUp) }] };
}

/** The same records again and again about other packages, until there are so many rows. */
export function* repeated({ records }: AdvisorySource, rows: number): Iterable<AdvisoryRecord> {
  let left = rows;
  for (let copy = 0; left > 0; copy += 1) {
    for (const record of records) {
      if (left <= 0) return;
      left -= record.affected.length;
      yield copy === 0 ? record : { ...record, ...copied(record, copy) };
    }
  }
}

type File = { readonly name: string; readonly bytes: Uint8Array };
type Reader = (file: File) => readonly AdvisoryRecord[];

const osv: Reader = ({ name, bytes }) => {
  const content = name.endsWith('.json') ? parseFeedJson(bytes, name) : parseFeedYaml(bytes, name);
  return [parseOsv(content, { name, source: 'osv', observedAt })];
};

const READERS: readonly (readonly [source: string, archive: string, pattern: string, read: Reader])[] = [
  ['go', 'govulndb-osv', 'data/osv/*.json', osv],
  ['pypi', 'pypa', 'vulns/**/*.yaml', osv],
  ['rust', 'rustsec', '{crates,rust}/**/*.md', ({ name, bytes }) => [parseRustsec(bytes, { name })]],
  [
    'ruby',
    'rubysec',
    '{gems,rubies}/**/*.yml',
    ({ name, bytes }) => [parseRubysec(parseFeedYaml(bytes, name), { name })],
  ],
  [
    'alpine',
    'alpine-secdb-2020',
    'v*/*.yaml',
    ({ name, bytes }) => parseSecdb(parseFeedYaml(bytes, name), { name, observedAt }).records,
  ],
  ['debian', 'debian-dsa-dla-20230402', 'data/{DSA,DLA}/list', (file) => parseNoticeList(file.bytes, file).records],
];

function recordsIn(archive: string, pattern: string, read: Reader): readonly AdvisoryRecord[] {
  const folder = mkdtempSync(join(tmpdir(), 'suture-fixture-'));
  try {
    execFileSync('tar', ['-xJf', archive, '-C', folder]);
    const names = globSync(pattern, { cwd: folder }).toSorted();
    return names.flatMap((name) => readable(read, { name, bytes: readFileSync(join(folder, name)) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readable(read: Reader, file: File): readonly AdvisoryRecord[] {
  try {
    return read(file);
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

function copied(record: AdvisoryRecord, copy: number): Pick<AdvisoryRecord, 'id' | 'aliases' | 'affected'> {
  const affected = record.affected.map(
    (each): AffectedPackage => ({
      ...each,
      package: `${each.package}-${copy}`,
      ranges: each.ranges.map((range) => raisedRange(range, copy % FAMILIES)),
      versions: each.versions.map((version) => raised(version, copy % FAMILIES)),
    }),
  );
  return { id: `${record.id}-${copy}`, aliases: record.aliases.map((alias) => `${alias}-${copy}`), affected };
}

function raisedRange({ introduced, fixed, lastAffected }: AffectedRange, by: number): AffectedRange {
  return {
    introduced: introduced === '0' ? introduced : raised(introduced, by),
    fixed: fixed === null ? null : raised(fixed, by),
    lastAffected: lastAffected === null ? null : raised(lastAffected, by),
  };
}

/** The first number of the version is greater, so that their order stays. */
function raised(version: string, by: number): string {
  return version.replace(/[0-9]{1,9}/, (digits) => String(Number(digits) + by));
}

function madeUp(_: unknown, index: number): AdvisoryRecord {
  const scheme = (['semver', 'go', 'deb', 'pypi'] as const)[index % 4] ?? 'semver';
  // A few packages have hundreds of advisories, most have one or two.
  const name = index % 10 === 0 ? `large-${index % 7}` : `small-${index % 3_000}`;
  const [major, minor] = [index % 5, index % 23];
  const ranges = [
    { introduced: index % 3 === 0 ? `${major}.0.0` : '0', fixed: `${major}.${minor}.${index % 9}`, lastAffected: null },
  ];
  return {
    id: `CVE-2026-${10_000 + index}`,
    source: 'made-up',
    aliases: [`GHSA-${index.toString(36).padStart(4, '2')}-2222-2222`],
    summary: '',
    published: null,
    modified: '2026-03-01T00:00:00Z',
    withdrawn: null,
    severities: [],
    affected: [{ package: `pkg:generic/${name}`, stream: null, scheme, ranges, versions: [] }],
    exploitedSince: null,
    epss: null,
    malicious: false,
  };
}
