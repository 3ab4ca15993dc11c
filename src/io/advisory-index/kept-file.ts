import { digestOf, type Digest } from '../../core/digest.ts';
import { ecosystemOf } from '../../core/scan/record-source.ts';
import type { ListedZip } from './expand-zips.ts';
import type { PartFile } from './look-at-part.ts';
import type { FileRead } from './read-files.ts';

export const PROBLEMS_KEPT = 20;

/** A file that was read, and what it came to: its records lie one after the other behind those of the files before it. */
export interface KeptFile extends PartFile {
  readonly records: number;
  /** The newest date that a record gives itself. */
  readonly newest: string | null;
  readonly ecosystems: readonly string[];
  readonly broken: number;
  readonly problems: readonly string[];
  readonly statements: number;
  readonly versionless: number;
}

/** What has no date of its own is dated by the reading, which says nothing of its age. */
export function keptFile(file: PartFile, read: FileRead, now: Temporal.Instant): KeptFile {
  const undated = now.toString();
  const ecosystems = new Set<string>();
  let newest: string | null = null;
  for (const { affected, modified } of read.records) {
    for (const { package: upstream, stream } of affected) ecosystems.add(ecosystemOf({ upstream, stream }));
    if (modified !== undated) newest = newer(newest, modified);
  }
  const { broken, problems, statements, versionless, records } = read;
  const counts = { broken, problems, statements, versionless };
  return { ...file, records: records.length, newest, ecosystems: [...ecosystems], ...counts };
}

/** Texts of instants in UTC, which are ordered as they are written. */
export function newer(before: string | null, modified: string): string {
  return before === null || modified > before ? modified : before;
}

/** The files that a layer was made of. */
export interface KeptFiles {
  readonly zips: readonly ListedZip[];
  readonly files: readonly KeptFile[];
}

/** As text with its digest; half of it goes without what most files have not. */
export function encodeKeptFiles({ zips, files }: KeptFiles): { readonly text: string; readonly digest: Digest } {
  const rows = files.map(
    ({ name, mark, bytes, records, newest, ecosystems, broken, problems, statements, versionless }) => {
      const row = [name, mark, bytes, records, newest, ecosystems] as const;
      const isPlain = broken + problems.length + statements + versionless === 0;
      return isPlain ? row : [...row, broken, problems, statements, versionless];
    },
  );
  const text = JSON.stringify([zips, rows]);
  return { text, digest: digestOf(text) };
}

type Row = readonly [
  string,
  string,
  number,
  number,
  string | null,
  readonly string[],
  number?,
  (readonly string[])?,
  number?,
  number?,
];

/** Undefined when it is not, byte for byte, what was written. */
export function parseKeptFiles(text: string, digest: Digest): KeptFiles | undefined {
  if (digestOf(text) !== digest) return undefined;
  const [zips, rows] = JSON.parse(text) as [readonly ListedZip[], readonly Row[]]; // written by encodeKeptFiles()
  const files = rows.map(
    ([
      name,
      mark,
      bytes,
      records,
      newest,
      ecosystems,
      broken = 0,
      problems = [],
      statements = 0,
      versionless = 0,
    ]): KeptFile => {
      return { name, mark, bytes, records, newest, ecosystems, broken, problems, statements, versionless };
    },
  );
  return { zips, files };
}
