import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseStanza } from '../../formats/deb/control-file.ts';
import { fetchFiles } from './apt-fetch.ts';
import type { FileWish } from './apt-fetch.ts';
import { readIndexes } from './apt-indexes.ts';
import type { AptPlace } from './apt-place.ts';
import { addressesFor, repositoriesOf } from './apt-repositories.ts';

/** A package as an index lists it. */
export interface WantedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Whose archive is asked first. */
  readonly suite?: string;
  readonly file: { readonly path: string; readonly sizeBytes: number; readonly sha256: string };
}

export interface MissingPackage {
  readonly name: string;
  readonly version: string;
  readonly why: string;
}

export interface PackageDownloads {
  /** Path of each package by its SHA-256. */
  readonly files: ReadonlyMap<string, string>;
  readonly missing: readonly MissingPackage[];
}

export interface ExpectedFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export type TarballDownload =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'missing'; readonly why: string };

export async function downloadPackages(place: AptPlace, wanted: readonly WantedPackage[]): Promise<PackageDownloads> {
  const repositories = await repositoriesOf(place);
  const missing: MissingPackage[] = [];
  const wishes = new Map<FileWish, WantedPackage>();
  for (const each of wanted) {
    const { name, version, suite, file } = each;
    if (!isPackage(each)) {
      missing.push({ name, version, why: 'nothing that Debian could call a package' });
      continue;
    }
    const addresses = addressesFor(repositories, suite).map((address) => address + encodePath(file.path));
    const path = join(place.folder, 'packages', `${file.sha256}.deb`);
    const { sizeBytes, sha256 } = file;
    wishes.set({ label: `${name} ${version}`, sizeBytes, sha256, addresses, path }, each);
  }
  const absent = await fetchFiles(place, [...wishes.keys()]);
  const absentPaths = new Map([...absent].map(([{ path }, why]) => [path, why]));
  const files = new Map<string, string>();
  for (const [{ path, sha256 }, { name, version }] of wishes) {
    const why = absentPaths.get(path);
    if (why === undefined) files.set(sha256, path);
    else missing.push({ name, version, why });
  }
  return { files, missing };
}

/** A tarball of a source package; its .dsc, which mirrors often lack, is not needed. */
export async function downloadTarball(
  place: AptPlace,
  source: { readonly name: string; readonly version: string },
  expected: ExpectedFile,
): Promise<TarballDownload> {
  if (!NAME.test(source.name) || !VERSION.test(source.version) || !isFile({ ...expected, path: expected.name })) {
    return { kind: 'missing', why: 'nothing that Debian could call a source package' };
  }
  const { sizeBytes, sha256 } = expected;
  const label = `${expected.name} of ${source.name} ${source.version}`;
  const kept = { label, sizeBytes, sha256, addresses: [], path: join(place.folder, 'sources', sha256) };
  // Where it would lie stands in large indexes, which are not read for a file that is there.
  if ((await fetchFiles(place, [kept])).size === 0) return { kind: 'file', path: kept.path };
  const wish = { ...kept, addresses: await addressesOf(place, source.name, expected) };
  const why = (await fetchFiles(place, [wish])).get(wish);
  return why === undefined ? { kind: 'file', path: wish.path } : { kind: 'missing', why };
}

// Policy 5.6.1 and 5.6.12: none of these begins like an option or leads out of a folder.
const NAME = /^[a-z0-9][a-z0-9+.-]{1,200}$/;
const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+:~-]{0,200}$/;
const ARCHITECTURE = /^[a-z0-9][a-z0-9-]{0,40}$/;
const FILE_BYTES_MAX = 8 * 1024 ** 3;

function isPackage({ name, version, architecture, file }: WantedPackage): boolean {
  return NAME.test(name) && VERSION.test(version) && ARCHITECTURE.test(architecture) && isFile(file);
}

function isFile({ path, sizeBytes, sha256 }: WantedPackage['file']): boolean {
  const isPath =
    /^[0-9A-Za-z+._~:%/-]{1,500}$/.test(path) && path.split('/').every((part) => !/^(\.{0,2}|-.*)$/.test(part));
  const isSize = Number.isSafeInteger(sizeBytes) && sizeBytes >= 0 && sizeBytes <= FILE_BYTES_MAX;
  return isPath && isSize && /^[0-9a-f]{64}$/.test(sha256);
}

/** As apt writes addresses itself: some mirrors read a plain `+` as a blank. */
function encodePath(path: string): string {
  return path.replaceAll(/[^0-9A-Za-z._/-]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Where the indexes say it lies, then where archives of Debian keep such a file: old versions leave the index first. */
async function addressesOf(place: AptPlace, source: string, expected: ExpectedFile): Promise<readonly string[]> {
  const folders: { readonly folder: string; readonly suite: string }[] = [];
  for (const { suite, sources } of await readIndexes(place).catch(() => [])) {
    for (const path of sources) {
      const folder = folderIn(await readFile(path), expected);
      if (folder !== undefined) folders.push({ folder, suite });
    }
  }
  const prefix = source.startsWith('lib') ? source.slice(0, 4) : source.slice(0, 1);
  const usual = place.sources.flatMap(({ suite, source: { components } }) => {
    const pool = /-security$|\/updates$/.test(suite) ? 'pool/updates' : 'pool';
    return components.map((component) => ({ folder: `${pool}/${component}/${prefix}/${source}`, suite }));
  });
  const repositories = await repositoriesOf(place);
  const addresses = [...folders, ...usual].flatMap(({ folder, suite }) =>
    repositories
      .filter((each) => each.suite === suite)
      .map(({ address }) => address + encodePath(`${folder}/${expected.name}`)),
  );
  return [...new Set(addresses)];
}

/** The `Directory` of the stanza that lists the file; the index has 50 MB, of which one stanza is read. */
function folderIn(index: Buffer, { name, sha256 }: ExpectedFile): string | undefined {
  const at = index.indexOf(` ${sha256} `);
  if (at < 0) return undefined;
  const start = index.lastIndexOf('\n\n', at) + 1;
  const end = index.indexOf('\n\n', at);
  const stanza = parseStanza(index.toString('utf8', start, end < 0 ? undefined : end).trim(), 'Sources');
  const folder = stanza.get('directory');
  const isListed = (stanza.get('checksums-sha256') ?? '').split('\n').some((line) => line.endsWith(` ${name}`));
  return isListed && folder !== undefined && !folder.split('/').includes('..') ? folder : undefined;
}
