import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { parseStanza } from '../../formats/deb/control-file.ts';
import { writeFileDurably } from '../files/write-file-durably.ts';
import type { AptPlace } from './apt-place.ts';
import { runApt } from './apt-run.ts';

/** The files that a suite consists of, as apt has verified them. */
export interface SuiteFiles {
  /** As asked for. */
  readonly suite: string;
  /** As its Release says. */
  readonly codename: string;
  /** Path of its InRelease, or Release. */
  readonly release: string;
  /** Paths of its `Packages` files, one for each component. */
  readonly packages: readonly string[];
  readonly sources: readonly string[];
}

/** A Release's own words; empty where it does not say. */
export interface ReleaseWords {
  readonly codename: string;
  readonly origin: string;
  readonly validUntil: string;
}

/** Written beside the indexes, because apt needs all of them to name them. */
const RECORD = 'indexes.json';

/** The indexes in use, of the suites that have been fetched; E0203 where there are none yet. No network. */
export async function readIndexes(place: AptPlace): Promise<readonly SuiteFiles[]> {
  const lists = await realpath(place.lists).catch(() => undefined);
  const text = lists === undefined ? undefined : await readFile(join(lists, RECORD), 'utf8').catch(() => undefined);
  const known = text === undefined ? [] : (JSON.parse(text) as readonly SuiteFiles[]); // written by recordIndexes()
  const inside = (name: string) => join(lists ?? '', name);
  const fetched = place.sources.flatMap(({ suite }) => {
    const found = known.find((each) => each.suite === suite);
    return found === undefined ? [] : [found];
  });
  if (fetched.length === 0) {
    const named = place.sources.map(({ suite }) => suite).join(', ');
    throw new Failure('E0203', `No index of ${named} has been fetched yet`, { hint: 'fetch it: update the suites' });
  }
  return fetched.map((found) => ({
    ...found,
    release: inside(found.release),
    packages: found.packages.map(inside),
    sources: found.sources.map(inside),
  }));
}

/** Notes which files of a folder of lists belong to which suite. E0203 for a suite that lacks any. */
export async function recordIndexes(place: AptPlace, lists: string): Promise<ReadonlyMap<string, ReleaseWords>> {
  const targets = await indexTargets(place, lists);
  const words = new Map<string, ReleaseWords>();
  const record: SuiteFiles[] = [];
  for (const { suite, source } of place.sources) {
    const own = targets.filter((each) => source.suites.includes(each.release));
    const packages = own.filter((each) => each.kind === 'Packages');
    const release = await releaseOf(lists, own);
    const wanted = source.types.includes('deb') ? packages : own;
    if (wanted.length === 0 || release === undefined) throw offersNothing(suite);
    const said = await readRelease(join(lists, release));
    words.set(suite, said);
    record.push({
      suite,
      codename: said.codename,
      release,
      packages: packages.map(({ file }) => file),
      sources: own.filter((each) => each.kind === 'Sources').map(({ file }) => file),
    });
  }
  await writeFileDurably(join(lists, RECORD), JSON.stringify(record));
  return words;
}

interface IndexTarget {
  readonly kind: string;
  readonly release: string;
  readonly metaKey: string;
  /** Name in the folder of lists. */
  readonly file: string;
}

async function indexTargets(place: AptPlace, lists: string): Promise<readonly IndexTarget[]> {
  const { exitCode, stdout, stderr } = await runApt({
    program: 'apt-get',
    args: [...inLists(lists), 'indextargets', '--format', '$(CREATED_BY)\t$(RELEASE)\t$(METAKEY)\t$(FILENAME)'],
    configFile: place.configFile,
    timeoutSeconds: 120,
    fileBytesMax: 1024 ** 3,
  });
  if (exitCode !== 0) throw new Failure('E0203', `apt cannot read its indexes: ${stderr.trim().slice(0, 500)}`);
  const targets = stdout.split('\n').flatMap((line): readonly IndexTarget[] => {
    const [kind, release, metaKey, path] = line.split('\t');
    if (kind === undefined || release === undefined || metaKey === undefined || path === undefined) return [];
    return [{ kind, release, metaKey, file: basename(path) }];
  });
  const exists = await Promise.all(targets.map(({ file }) => stat(join(lists, file)).catch(() => undefined)));
  return targets.filter((_, index) => exists[index]?.isFile());
}

/** Apt names indexes with the help of its cache, which it then has to make. */
function inLists(lists: string): readonly string[] {
  return ['-o', `Dir::State::lists=${lists}/`, '-o', 'pkgCacheFile::Generate=true'];
}

/** An index is called like its Release, with its path in the suite in place of `InRelease`. */
async function releaseOf(lists: string, targets: readonly IndexTarget[]): Promise<string | undefined> {
  for (const { file, metaKey } of targets) {
    const ending = metaKey.replaceAll('/', '_');
    if (!file.endsWith(ending)) continue;
    for (const name of ['InRelease', 'Release']) {
      const release = file.slice(0, -ending.length) + name;
      if ((await stat(join(lists, release)).catch(() => undefined)) !== undefined) return release;
    }
  }
  return undefined;
}

/** Apt has verified it before it came here: the fields alone are read, without the signature around them. */
async function readRelease(file: string): Promise<ReleaseWords> {
  const text = await readFile(file, 'utf8');
  const [, signed] = /^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[^\n]+\n)*\n([\s\S]*?)\n-----BEGIN PGP /.exec(text) ?? [];
  const fields = parseStanza(signed ?? text, basename(file));
  const field = (name: string) => fields.get(name) ?? '';
  return { codename: field('codename'), origin: field('origin'), validUntil: field('valid-until') };
}

function offersNothing(suite: string): Failure {
  return new Failure('E0203', `${suite} offers no packages for this architecture`, {
    why: 'its archive was reached, and it has no index of packages',
  });
}
