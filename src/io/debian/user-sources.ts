import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { parseSourcesDeb822, parseSourcesList } from '../../formats/deb/apt-sources.ts';
import type { AptSource } from '../../formats/deb/apt-sources.ts';
import { deriveSource } from './apt-derive.ts';
import type { Machine, SuiteSource } from './apt-derive.ts';

/** Where this machine's user fetches from. */
export interface UserSources {
  readonly machine: Machine;
  readonly sources: readonly AptSource[];
}

export interface UserSourcesPlace {
  /** Default `/etc/apt`. */
  readonly etcApt?: string;
  /** Path of the os-release file; default `/etc/os-release`. */
  readonly osRelease?: string;
}

export const ETC_APT = '/etc/apt';

const FILES_MAX = 500;
const FILE_BYTES_MAX = 1024 ** 2;
const SUITE_NAME = /^[a-z][a-z0-9.+-]{0,98}(\/updates)?$/;

/** Reads the sources of this machine, in apt's own order: `sources.list`, then the files of `sources.list.d` by name. */
export async function readUserSources(place: UserSourcesPlace = {}): Promise<UserSources> {
  const etcApt = place.etcApt ?? ETC_APT;
  const parts = join(etcApt, 'sources.list.d');
  // Other names are passed over by apt too (sources.list(5)).
  const names = (await readdir(parts).catch(() => [])).filter((name) => /^[a-zA-Z0-9_.-]+\.(list|sources)$/.test(name));
  const files = [
    join(etcApt, 'sources.list'),
    ...names
      .toSorted()
      .slice(0, FILES_MAX)
      .map((name) => join(parts, name)),
  ];
  const sources = await Promise.all(files.map(readSources));
  return { machine: await readMachine(place.osRelease ?? '/etc/os-release'), sources: sources.flat() };
}

/** An entry for each suite. E0203 when the user has no entry to derive it from, E0101 for what cannot be a suite. */
export function sourcesOfSuites(user: UserSources, suites: readonly string[]): readonly SuiteSource[] {
  return suites.map((suite) => {
    if (!SUITE_NAME.test(suite)) throw new Failure('E0101', `${JSON.stringify(suite)} is not a name of a suite`);
    const source = deriveSource(suite, user.machine, user.sources);
    if (source === undefined) throw noEntry(suite);
    return source;
  });
}

async function readSources(file: string): Promise<readonly AptSource[]> {
  const text = await readText(file);
  return file.endsWith('.sources') ? parseSourcesDeb822(text, file) : parseSourcesList(text);
}

async function readMachine(file: string): Promise<Machine> {
  const fields = new Map(
    (await readText(file)).split('\n').map((line) => {
      const [name = '', value = ''] = line.split('=', 2);
      return [name, value.replaceAll(/["']/g, '').trim()] as const;
    }),
  );
  return { id: fields.get('ID') ?? '', codename: fields.get('VERSION_CODENAME') ?? '' };
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= FILE_BYTES_MAX) return bytes.toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new Failure('E0203', `${file} cannot be read`, { cause: error, hint: `make ${file} readable for this user` });
  }
  throw new Failure('E0205', `${file} has more than ${FILE_BYTES_MAX} bytes`);
}

function noEntry(suite: string): Failure {
  const isSecurity = suite.endsWith('-security') || suite.endsWith('/updates');
  const kind = isSecurity ? 'security archive' : 'archive';
  return new Failure('E0203', `${suite} cannot be reached: no source of apt is a ${kind} of Debian`, {
    why: "packages come from where the machine's own apt is told to fetch them",
    hint: `add an entry for Debian's ${kind} to /etc/apt/sources.list.d (sources.list(5), debian-archive-keyring)`,
  });
}
