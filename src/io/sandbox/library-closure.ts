import { open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { readElfNeeds } from '../../formats/elf/needed.ts';
import type { ElfNeeds } from '../../formats/elf/needed.ts';
import { runBounded } from '../process/run-bounded.ts';
import { findProgram } from './find-program.ts';

const FILE_BYTES_MAX = 1024 ** 3;

/**
 * All files that the loader needs for some programs of this machine: loader and libraries, transitively. From the path
 * in a root (below usr/) where the loader looks to the real file here. E0401 when a library cannot be found.
 */
export async function libraryClosure(programs: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const known = await knownLibraries();
  const needsOf = remembered(readNeeds);
  const found = new Map<string, string>();
  const seen = new Set<string>();
  const waiting = [...programs];
  let needsCache = false;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const needs = await needsOf(file);
    if (needs === undefined) continue; // a script: its interpreter must be among the programs
    const paths = needs.interpreter === null ? [] : [needs.interpreter];
    for (const name of needs.needed) paths.push(await locate(name, file, needs, { known, needsOf }));
    for (const path of paths) {
      const real = await realpath(path);
      found.set(inRoot(path), real);
      needsCache ||= !isTrusted(dirname(path));
      waiting.push(real);
    }
  }
  if (needsCache) found.set('etc/ld.so.cache', '/etc/ld.so.cache');
  return found;
}

type NeedsOf = (file: string) => Promise<ElfNeeds | undefined>;

function remembered(read: NeedsOf): NeedsOf {
  const answers = new Map<string, Promise<ElfNeeds | undefined>>();
  return (file) => {
    const answer = answers.get(file) ?? read(file);
    answers.set(file, answer);
    return answer;
  };
}

async function readNeeds(file: string): Promise<ElfNeeds | undefined> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > FILE_BYTES_MAX) throw new Failure('E0205', `${file} is too large for a build tool`);
    return readElfNeeds(await handle.readFile(), file);
  } finally {
    await handle.close();
  }
}

/** ld.so(8): the file's own search path, then the loader's cache, then the usual folders. */
async function locate(
  name: string,
  file: string,
  needs: ElfNeeds,
  { known, needsOf }: { readonly known: Libraries; readonly needsOf: NeedsOf },
): Promise<string> {
  if (name.includes('/')) return name;
  const own = needs.searchPath.map((folder) => folder.replaceAll(/\$(ORIGIN|\{ORIGIN\})/g, dirname(file)));
  const candidates = [
    ...own.map((folder) => join(folder, name)),
    ...(known.get(name) ?? []),
    ...[...usualFolders(), dirname(needs.interpreter ?? file)].map((folder) => join(folder, name)),
  ];
  for (const candidate of candidates) {
    const fits = await needsOf(candidate).then(
      (library) => library?.machine === needs.machine,
      () => false,
    );
    if (fits) return candidate;
  }
  throw new Failure('E0401', `The library ${name} that ${file} needs cannot be found`, { at: file });
}

type Libraries = ReadonlyMap<string, readonly string[]>;

/** `name (flags) => path` as `ldconfig -p` prints the loader's cache; empty where there is no ldconfig (musl). */
async function knownLibraries(): Promise<Libraries> {
  const program = await findProgram('ldconfig');
  if (program === undefined) return new Map();
  const run = await runBounded({
    command: [program, '-p'],
    env: {},
    timeoutSeconds: 10,
    outputBytesMax: 8 * 1024 ** 2,
    onOverflow: 'tail',
  });
  const libraries = new Map<string, string[]>();
  for (const [, name = '', path = ''] of new TextDecoder()
    .decode(run.stdout)
    .matchAll(/^\t(\S+) \(.*\) => (\/.*)$/gm)) {
    libraries.set(name, [...(libraries.get(name) ?? []), path]);
  }
  return libraries;
}

function usualFolders(): readonly string[] {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return [`/lib/${triplet}`, `/usr/lib/${triplet}`, '/lib64', '/usr/lib64', '/lib', '/usr/lib'];
}

/** Folders that a loader searches without a cache. */
function isTrusted(folder: string): boolean {
  return usualFolders().includes(folder);
}

/** /lib is a link to usr/lib in the root that is made, whatever it is here. */
function inRoot(path: string): string {
  const plain = path.replace(/^\/+/, '');
  return /^(lib|lib64|bin|sbin)\//.test(plain) ? `usr/${plain}` : plain;
}
