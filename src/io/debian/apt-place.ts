import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { encodeSource } from '../../formats/deb/apt-sources.ts';
import { writeFileDurably } from '../files/write-file-durably.ts';
import type { SuiteSource } from './apt-derive.ts';
import { runApt } from './apt-run.ts';
import { ETC_APT } from './user-sources.ts';

/** A folder with everything that apt needs, apart from the machine's own state. */
export interface AptPlace {
  readonly folder: string;
  /** For `APT_CONFIG`: it is read first and leads past all files of the machine. */
  readonly configFile: string;
  /** A link to the folder with the indexes in use. */
  readonly lists: string;
  readonly sources: readonly SuiteSource[];
}

/** Makes or brings up to date the folder of an apt that knows only the given sources. */
export async function prepareAptPlace(asked: {
  readonly folder: string;
  readonly architecture: string;
  readonly etcApt: string;
  readonly sources: readonly SuiteSource[];
}): Promise<AptPlace> {
  const folder = resolve(asked.folder);
  // Strings of apt.conf(5) have no escapes.
  if (/["\n]/.test(folder)) throw new Failure('E0101', `apt cannot work in ${JSON.stringify(folder)}`);
  for (const name of ['etc/sources.list.d', 'cache/archives/partial', 'packages', 'sources', 'partial']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await writeFile(join(folder, 'status'), '');
  const entries = asked.sources.map(({ source }) => encodeSource(source)).join('\n');
  await writeFileDurably(join(folder, 'etc/sources.list.d/debian.sources'), entries, 0o600);
  const acquire = await acquireOptions(asked.etcApt, join(folder, 'etc/user.conf'));
  const configFile = join(folder, 'etc/apt.conf');
  const settings = [...acquire, ...ownSettings(folder, asked.architecture, asked.etcApt)];
  await writeFileDurably(configFile, settings.map(([name, value]) => `${name} "${value}";\n`).join(''), 0o600);
  return { folder, configFile, lists: join(folder, 'lists'), sources: asked.sources };
}

type Setting = readonly [name: string, value: string];

function ownSettings(folder: string, architecture: string, etcApt: string): readonly Setting[] {
  const trusted = resolve(etcApt);
  return [
    ['Dir', '/'],
    ['Dir::State', folder],
    ['Dir::State::status', join(folder, 'status')],
    ['Dir::State::lists', `${join(folder, 'lists')}/`],
    ['Dir::Cache', join(folder, 'cache')],
    ['Dir::Cache::pkgcache', ''],
    ['Dir::Cache::srcpkgcache', ''],
    ['Dir::Etc', join(folder, 'etc')],
    // Hooks of the machine are never run: its own files are not read.
    ['Dir::Etc::main', '/dev/null'],
    ['Dir::Etc::parts', '/dev/null'],
    ['Dir::Etc::sourcelist', '/dev/null'],
    ['Dir::Etc::sourceparts', join(folder, 'etc/sources.list.d')],
    ['Dir::Etc::trusted', join(trusted, 'trusted.gpg')],
    ['Dir::Etc::trustedparts', join(trusted, 'trusted.gpg.d')],
    ['Dir::Etc::netrc', join(trusted, 'auth.conf')],
    ['Dir::Etc::netrcparts', join(trusted, 'auth.conf.d')],
    ['APT::Architecture', architecture],
    ['APT::Architectures::', architecture],
    // Root would otherwise download as _apt, which may not write here. It has no meaning for other users.
    ['APT::Sandbox::User', 'root'],
    ['APT::Get::AllowUnauthenticated', 'false'],
    ['APT::Update::Error-Mode', 'any'],
    // Its caches serve apt's own resolver, which is not used.
    ['pkgCacheFile::Generate', 'false'],
    ['Acquire::AllowInsecureRepositories', 'false'],
    ['Acquire::AllowWeakRepositories', 'false'],
    ['Acquire::AllowDowngradeToInsecureRepositories', 'false'],
    ['Acquire::Languages', 'none'],
    ['Acquire::GzipIndexes', 'false'],
    ['Acquire::PDiffs', 'false'],
  ];
}

/** Options of ours, or ones that only say what else to fetch. */
const NOT_TAKEN_OVER =
  /^Acquire::(IndexTargets|Languages|GzipIndexes|PDiffs|CompressionTypes|Changelogs|Allow\w+Repositories)\b/i;

/** The user's options for reaching archives: proxies, retries, certificates. */
async function acquireOptions(etcApt: string, probeFile: string): Promise<readonly Setting[]> {
  const isDefault = etcApt === ETC_APT;
  if (!isDefault) await writeFileDurably(probeFile, `Dir::Etc "${resolve(etcApt)}";\n`);
  const { exitCode, stdout, stderr } = await runApt({
    program: 'apt-config',
    args: ['dump'],
    configFile: isDefault ? null : probeFile,
    timeoutSeconds: 30,
    fileBytesMax: 1024 ** 2,
  });
  if (exitCode !== 0) throw new Failure('E0203', `apt cannot read its configuration: ${stderr.trim().slice(0, 500)}`);
  const taken = stdout.split('\n').flatMap((line): readonly Setting[] => {
    const [, name, value] = /^(Acquire::[^\s"]+) "([^"]+)";$/i.exec(line) ?? [];
    return name === undefined || value === undefined || NOT_TAKEN_OVER.test(name) ? [] : [[name, value]];
  });
  const hasRetries = taken.some(([name]) => /^Acquire::Retries$/i.test(name));
  return hasRetries ? taken : [...taken, ['Acquire::Retries', '3']];
}
