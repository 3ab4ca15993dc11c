import { Failure } from '../../core/failure.ts';
import { plainWord } from '../inventory/found-component.ts';
import { beginsAsNdb, ndbBlobs } from './ndb-blobs.ts';
import { packageHeader, type PackageHeader } from './package-header.ts';
import { sqliteBlobs } from './sqlite-blobs.ts';

export interface InstalledRpm {
  readonly name: string;
  readonly epoch: number | null;
  /** Version and release: `3.0.7-27.el9`. */
  readonly version: string;
  /** `x86_64`, `noarch`; empty for a key that is kept as a package. */
  readonly architecture: string;
  readonly license: string;
  /** File name of the source package, `openssl-3.0.7-27.el9.src.rpm`; null where none is known. */
  readonly source: string | null;
  /** Paths without the first `/`, folders too. */
  readonly files: readonly string[];
}

/**
 * What `rpmdb.sqlite`, or SUSE's `Packages.db`, says is installed, keys of signers among it, as `rpm -qa` lists them: all of it or nothing. E0404 where it is
 * damaged, E0205 beyond its bounds.
 */
export function parseRpmDatabase(content: Uint8Array, at: string): readonly InstalledRpm[] {
  if (content.length > DATABASE_BYTES_MAX) {
    throw new Failure('E0205', `The database ${at} is larger than ${DATABASE_BYTES_MAX} bytes`, { at });
  }
  const installed: InstalledRpm[] = [];
  let characters = 0;
  const blobs = beginsAsNdb(content) ? ndbBlobs(content, at) : sqliteBlobs(content, 'Packages', at);
  for (const blob of blobs) {
    const one = installedIn(packageHeader(blob, at), at);
    characters += one.files.reduce((sum, path) => sum + path.length, 0);
    if (installed.length >= PACKAGES_MAX || characters > PATHS_CHARACTERS_MAX) {
      throw new Failure('E0205', `The database ${at} lists more packages or files than any system has`, { at });
    }
    installed.push(one);
  }
  return installed;
}

/** A full desktop has 3,000 packages, 500,000 files with 40 MB of paths, and a database of 200 MB. */
const DATABASE_BYTES_MAX = 512 * 2 ** 20;
const PACKAGES_MAX = 100_000;
const PATHS_CHARACTERS_MAX = 256 * 2 ** 20;
/** Of one package: the kernel's has 5 MB of paths. */
const PACKAGE_CHARACTERS_MAX = 64 * 2 ** 20;
const PATH_CHARACTERS_MAX = 4096;

/** rpm, include/rpm/rpmtag.h */
const TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  license: 1014,
  architecture: 1022,
  source: 1044,
  folderOf: 1116,
  names: 1117,
  folders: 1118,
} as const;

function installedIn(header: PackageHeader, at: string): InstalledRpm {
  const [name = '', version = '', release = ''] = [TAG.name, TAG.version, TAG.release].map(header.text);
  if (![name, version, release].every(plainWord)) {
    throw new Failure('E0404', `The database ${at} lists a package that cannot be read`, {
      at,
      why: 'its name, version or release is none',
    });
  }
  return {
    name,
    epoch: header.numbers(TAG.epoch)[0] ?? null,
    version: `${version}-${release}`,
    architecture: header.text(TAG.architecture) ?? '',
    license: header.text(TAG.license) ?? '',
    source: header.text(TAG.source) ?? null,
    files: filesIn(header),
  };
}

/** Names in folders, each folder once; a path that is damaged, or longer than a system takes, is nobody's. */
function filesIn(header: PackageHeader): readonly string[] {
  const folders = header.texts(TAG.folders);
  const folderOf = header.numbers(TAG.folderOf);
  const files: string[] = [];
  let characters = 0;
  for (const [index, name] of header.texts(TAG.names).entries()) {
    const folder = folders[folderOf[index] ?? -1];
    const length = (folder?.length ?? 0) + name.length;
    if (folder === undefined || length > PATH_CHARACTERS_MAX) continue;
    characters += length;
    if (characters > PACKAGE_CHARACTERS_MAX) break;
    files.push(`${folder}${name}`.replace(/^\/+/, ''));
  }
  return files;
}
