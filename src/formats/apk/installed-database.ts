import { Failure } from '../../core/failure.ts';
import { checksumKey } from './package-tree.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { PackageInfo } from './package-info.ts';

/** Where the database lies in images with merged /usr, and where in those without. */
export const installedDatabasePaths = ['usr/lib/apk/db/installed', 'lib/apk/db/installed'] as const;

/** One package as the installed database keeps it. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly origin: string;
  readonly license: string;
  readonly description: string;
  readonly url: string;
  readonly commit: string;
  readonly dependencies: readonly string[];
  readonly provides: readonly string[];
  readonly replaces: readonly string[];
  /** Unix seconds, 0 when not stated. */
  readonly builtAt: number;
  /** Of the .apk file. */
  readonly fileSizeBytes: number;
  readonly installedSizeBytes: number;
  /** `Q1…` */
  readonly identity: string;
  readonly files: readonly InstalledFile[];
}

export interface InstalledFile {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** `Q1` and base64 SHA-1 of content or link target; null for folders and where none is recorded. */
  readonly checksum: string | null;
}

/**
 * The record of one package, with the blank line that ends it. It depends on the package alone, so it can be kept beside
 * the package's layer; the database of an image is its records in the order of names.
 */
export function installedRecord(
  info: PackageInfo,
  file: { readonly identity: string; readonly sizeBytes: number; readonly entries: readonly TarEntry[] },
): string {
  const fields: (readonly [string, string | number])[] = [
    ['P', info.name],
    ['V', info.version],
    ['A', info.architecture],
    ['L', info.license],
    ['T', info.description],
    ['o', info.origin === '' ? info.name : info.origin],
    ['m', info.maintainer],
    ['U', info.url],
    ['D', info.dependencies.join(' ')],
    ['p', info.provides.join(' ')],
    ['r', info.replaces.join(' ')],
    ['c', info.commit],
    ['t', info.builtAt === 0 ? '' : info.builtAt],
    ['S', file.sizeBytes],
    ['I', info.installedSizeBytes],
    ['k', info.providerPriority === 0 ? '' : info.providerPriority],
    ['C', file.identity],
  ];
  const head = fields.flatMap(([letter, value]) => (value === '' ? [] : [`${letter}:${value}\n`]));
  return `${head.join('')}${fileLines(file.entries)}\n`;
}

/** Reads a database; unknown lower-case fields are passed over. E0404 when a record is damaged, E0205 when it is too large. */
export function parseInstalledDatabase(bytes: Uint8Array, at: string): InstalledPackage[] {
  if (bytes.length > DATABASE_BYTES_MAX) {
    throw new Failure('E0205', `The package database ${at} is larger than ${DATABASE_BYTES_MAX} bytes`, { at });
  }
  const packages: InstalledPackage[] = [];
  let fields = new Map<string, string>();
  let files: InstalledFile[] = [];
  let folder = '';
  const lines = new TextDecoder().decode(bytes).split('\n');
  lines.push('');
  for (const [index, line] of lines.entries()) {
    const where = `${at}:${index + 1}`;
    if (line === '') {
      if (fields.size > 0) packages.push(packageOf(fields, files, where));
      fields = new Map();
      files = [];
      folder = '';
      continue;
    }
    if (line[1] !== ':') throw damaged(where, 'is not "letter:value"');
    const letter = line.slice(0, 1);
    const value = line.slice(2);
    if (letter === 'F') {
      folder = value;
      if (value !== '') files.push({ path: value, kind: 'directory', mode: 0o755, uid: 0, gid: 0, checksum: null });
    } else if (letter === 'R') {
      const path = folder === '' ? value : `${folder}/${value}`;
      files.push({ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, checksum: null });
    } else if (letter === 'M' || letter === 'a' || letter === 'Z') amendLast(files, letter, value, where);
    else if (fields.has(letter)) throw damaged(where, `states ${letter}: twice in one record`);
    else fields.set(letter, value);
  }
  return packages;
}

const DATABASE_BYTES_MAX = 128 * 2 ** 20;

function fileLines(entries: readonly TarEntry[]): string {
  const folders = new Map<string, { directory: TarEntry | null; files: TarEntry[] }>();
  const folderOf = (path: string) => {
    const there = folders.get(path) ?? { directory: null, files: [] };
    folders.set(path, there);
    return there;
  };
  for (const entry of entries) {
    if (entry.kind === 'directory') folderOf(entry.path).directory = entry;
    else folderOf(entry.path.slice(0, Math.max(entry.path.lastIndexOf('/'), 0))).files.push(entry);
  }
  const lines: string[] = [];
  for (const [path, { directory, files }] of folders) {
    lines.push(`F:${path}`);
    // A root folder with M: makes readers refuse the whole database, so it never gets one.
    if (directory !== null && path !== '' && !isPlain(directory, 0o755)) lines.push(`M:${accessText(directory)}`);
    for (const file of files) {
      lines.push(`R:${file.path.slice(file.path.lastIndexOf('/') + 1)}`);
      if (!isPlain(file, 0o644)) lines.push(`a:${accessText(file)}`);
      const checksum = file.pax?.[checksumKey];
      if (checksum !== undefined) lines.push(`Z:Q1${Buffer.from(checksum, 'hex').toString('base64')}`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

function isPlain(entry: TarEntry, mode: number): boolean {
  return entry.uid === 0 && entry.gid === 0 && entry.mode === mode;
}

function accessText(entry: TarEntry): string {
  return `${entry.uid}:${entry.gid}:${entry.mode.toString(8)}`;
}

function packageOf(
  fields: ReadonlyMap<string, string>,
  files: readonly InstalledFile[],
  where: string,
): InstalledPackage {
  const text = (letter: string): string => fields.get(letter) ?? '';
  const words = (letter: string): readonly string[] =>
    text(letter)
      .split(' ')
      .filter((word) => word !== '');
  const count = (letter: string): number => {
    if (!/^[0-9]{0,15}$/.test(text(letter))) throw damaged(where, `ends a record whose ${letter}: is no number`);
    return Number(text(letter));
  };
  const name = text('P');
  const version = text('V');
  // Readers that drop such a record silently would report the package as absent.
  if (name === '' || version === '') throw damaged(where, 'ends a record without name or version');
  return {
    name,
    version,
    architecture: text('A'),
    origin: text('o') === '' ? name : text('o'),
    license: text('L'),
    description: text('T'),
    url: text('U'),
    commit: text('c'),
    dependencies: words('D'),
    provides: words('p'),
    replaces: words('r'),
    builtAt: count('t'),
    fileSizeBytes: count('S'),
    installedSizeBytes: count('I'),
    identity: text('C'),
    files,
  };
}

function amendLast(files: InstalledFile[], letter: 'M' | 'a' | 'Z', value: string, where: string): void {
  const last = files.pop();
  const kind = letter === 'M' ? 'directory' : 'file';
  if (last?.kind !== kind) throw damaged(where, `states ${letter}: without anything that it belongs to`);
  if (letter === 'Z') {
    files.push({ ...last, checksum: value });
    return;
  }
  const access = /^([0-9]{1,10}):([0-9]{1,10}):([0-7]{1,5})(?::Q[12].*)?$/.exec(value);
  if (access === null) throw damaged(where, `states ${letter}: in an unknown form`);
  files.push({ ...last, uid: Number(access[1]), gid: Number(access[2]), mode: Number.parseInt(access[3] ?? '', 8) });
}

function damaged(where: string, what: string): Failure {
  return new Failure('E0404', `The package database is damaged: ${where} ${what}`, { at: where });
}
