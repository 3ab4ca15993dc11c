import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { AptPlace } from './apt-place.ts';
import { runApt } from './apt-run.ts';

/** Where the files of a suite's archive lie. */
export interface Repository {
  readonly suite: string;
  /** With a slash at the end. */
  readonly address: string;
}

export async function repositoriesOf(place: AptPlace): Promise<readonly Repository[]> {
  const uris = new Set(place.sources.flatMap(({ source }) => source.uris));
  const mirrors = new Map(await Promise.all([...uris].map(async (uri) => [uri, await mirrorsOf(place, uri)] as const)));
  return place.sources.flatMap(({ suite, source }) =>
    source.uris
      .flatMap((uri) => mirrors.get(uri) ?? [])
      .map((uri) => ({ suite, address: `${uri.replace(/\/+$/, '')}/` })),
  );
}

/** Addresses of all archives, those of one suite first. */
export function addressesFor(repositories: readonly Repository[], suite: string | undefined): readonly string[] {
  const ordered = [...repositories.filter((each) => each.suite === suite), ...repositories];
  return [...new Set(ordered.map(({ address }) => address))];
}

const MIRRORS_MAX = 8;
const MIRROR_LIST_BYTES_MAX = 65_536;

/** `mirror+file:/path` stands for a list of addresses (apt-transport-mirror(1)), which only apt-get itself resolves. */
async function mirrorsOf(place: AptPlace, uri: string): Promise<readonly string[]> {
  if (!/^mirror[+:]/.test(uri)) return [uri];
  const list = uri
    .replace(/^mirror:/, 'http:')
    .replace(/^mirror\+/, '')
    .replace(/^file:/, 'copy:');
  const folder = await mkdtemp(join(place.folder, 'partial/mirrors-'));
  try {
    const file = join(folder, 'list');
    const { stderr } = await runApt({
      program: 'apt-helper',
      args: ['download-file', list, file],
      configFile: place.configFile,
      timeoutSeconds: 60,
      fileBytesMax: MIRROR_LIST_BYTES_MAX,
    });
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').map((line) => line.replace(/#.*/, ''));
    const uris = lines.flatMap((line) => /^\s*([a-z+]+:\S+)/.exec(line)?.[1] ?? []);
    if (uris.length === 0) {
      const why = stderr.trim().slice(0, 500);
      throw new Failure('E0203', `The list of mirrors ${list} cannot be read`, { why, retryable: true });
    }
    return uris.slice(0, MIRRORS_MAX).map((uri) => uri.replace(/^file:/, 'copy:'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
