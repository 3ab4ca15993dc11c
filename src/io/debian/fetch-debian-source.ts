import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip as gunzipInThreads } from 'node:zlib';
import type { DebianSource } from '../../core/catalog/catalog.ts';
import { Failure } from '../../core/failure.ts';
import { debianUpstreamVersion } from '../../core/upstream/debian-upstream-version.ts';
import type { BuildSource } from '../../factory/build/build-package.ts';
import type { SourcePackage } from '../../formats/deb/sources-index.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import { readTar } from '../../formats/tar/read-tar.ts';
import { runBounded } from '../process/run-bounded.ts';
import type { DebianArchive } from './suite-archive.ts';
import { upstreamArchive } from './upstream-archive.ts';

const SOURCE_BYTES_MAX = 2 * 1024 ** 3;
const UNPACK_SECONDS_MAX = 300;
/** In zlib's usual 16 KiB, each by way of another thread, a large archive takes four times as long. */
const PIECE_BYTES = 2 ** 20;

/**
 * Upstream's archive out of a source package, unpacked. E0203 when no suite names this version or no mirror has its file,
 * E0405 when the suites have other bytes than the recipe expects, E0404 for an archive that cannot be read.
 */
export async function fetchDebianSource(
  source: DebianSource,
  archive: Pick<DebianArchive, 'sources' | 'downloadTarball'>,
): Promise<BuildSource> {
  const candidates = matching(await archive.sources(source.source, source.suites), source);
  const troubles: string[] = [];
  for (const { packaged, file } of candidates) {
    const found = await archive.downloadTarball(source.source, packaged.version, file);
    if (found.kind === 'file') return unpacked(found.path, file.name);
    troubles.push(`${packaged.version} in ${packaged.suite}: ${found.why}`);
  }
  throw unobtainable(source, troubles);
}

interface Candidate {
  readonly packaged: SourcePackage;
  readonly file: SourcePackage['files'][number];
}

function matching(named: readonly SourcePackage[], source: DebianSource): readonly Candidate[] {
  const sameVersion = named.flatMap((packaged): readonly Candidate[] => {
    const upstream = upstreamArchive(packaged);
    const isIt = upstream !== undefined && debianUpstreamVersion(upstream.version) === source.version;
    return isIt ? [{ packaged, file: upstream.file }] : [];
  });
  const expected = sameVersion.filter(
    ({ file }) => source.expectedSha256 === null || file.sha256 === source.expectedSha256,
  );
  const [other] = sameVersion;
  if (expected.length > 0 || other === undefined) return expected;
  throw new Failure(
    'E0405',
    `The archive of ${source.source} ${source.version} is not the one that the recipe expects`,
    {
      at: other.file.name,
      why: `expected ${source.expectedSha256}, the suites have ${other.file.sha256}`,
      kept: 'nothing was taken from it',
      hint: 'find out why the archive changed before changing expected-sha256',
      retryable: false,
    },
  );
}

function unobtainable({ source, version, suites }: DebianSource, troubles: readonly string[]): Failure {
  const where = suites.join(', ');
  return new Failure('E0203', `The archive of ${source} ${version} cannot be had from ${where}`, {
    at: `${source} ${version}`,
    why: troubles.length === 0 ? 'none of these suites names that version' : troubles.join('; '),
    hint: 'a mirror may lack what its index names; another version or another mirror may have it',
    retryable: true,
  });
}

/** The first folder of upstream's archive is named after the version: what lies in it is the source tree. */
async function unpacked(path: string, name: string): Promise<BuildSource> {
  const archive = await readFile(path);
  const tar = name.endsWith('.gz') ? await gunzipped(archive, name) : await decompressed(path, name);
  const entries = withoutFirstFolder(readTar(tar, { archive: name, symlinks: 'in-tree' }));
  return {
    entries,
    archive,
    commit: null,
    epoch: Math.max(0, ...entries.map(({ mtime }) => mtime)),
  };
}

const gunzip = promisify(gunzipInThreads);

/** The usual way, without a program of its own. */
async function gunzipped(archive: Uint8Array, name: string): Promise<Uint8Array> {
  try {
    return await gunzip(archive, { maxOutputLength: SOURCE_BYTES_MAX, chunkSize: PIECE_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(name);
    throw unreadable(name, cause instanceof Error ? cause.message : '');
  }
}

/** apt's own helper knows every other way in which archives are packed, by the ending of the name. */
async function decompressed(path: string, name: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-source-'));
  try {
    const named = join(folder, `archive${/\.[a-z0-9]+$/.exec(name)?.[0] ?? ''}`);
    await symlink(path, named);
    const run = await runBounded({
      command: ['/usr/lib/apt/apt-helper', 'cat-file', named],
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
      timeoutSeconds: UNPACK_SECONDS_MAX,
      outputBytesMax: SOURCE_BYTES_MAX,
      onOverflow: 'kill',
    });
    if (run.killedBy === 'output') throw tooLarge(name);
    if (run.exitCode === 0) return run.stdout;
    throw unreadable(name, new TextDecoder().decode(run.stderr).trim().split('\n').at(-1) ?? '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tooLarge(name: string): Failure {
  return new Failure('E0205', `${name} unpacks to more than ${SOURCE_BYTES_MAX} bytes`);
}

function unreadable(name: string, why: string): Failure {
  return new Failure('E0404', `${name} cannot be unpacked`, {
    at: name,
    why: why.slice(0, 300),
    kept: 'nothing was taken from it',
  });
}

function withoutFirstFolder(entries: readonly TarEntry[]): readonly TarEntry[] {
  const tops = new Set(entries.map(({ path }) => path.split('/')[0] ?? ''));
  const [top] = tops;
  if (tops.size !== 1 || top === undefined) return entries;
  return entries.flatMap((entry) => {
    if (!entry.path.startsWith(`${top}/`)) return [];
    const path = entry.path.slice(top.length + 1);
    const isHardlink = entry.kind === 'hardlink' && entry.linkTarget !== undefined;
    return [{ ...entry, path, ...(isHardlink ? { linkTarget: entry.linkTarget.slice(top.length + 1) } : {}) }];
  });
}
