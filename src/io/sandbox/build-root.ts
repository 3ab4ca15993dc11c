import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { crashPoint } from '../crash-point.ts';
import { findProgram } from './find-program.ts';
import { libraryClosure } from './library-closure.ts';

/** Enough for shell recipes and for programs that node builds; what a machine lacks is left out. */
export const usualHostTools: readonly string[] =
  'sh node env test [ true false echo printf cat cp mv rm ln ls mkdir rmdir chmod touch install dirname basename head tail cut tr sort uniq wc sed grep find xargs tar gzip cmp diff od sha256sum uname expr seq sleep id'.split(
    ' ',
  );

/**
 * A small root folder for builds, made by copying programs of this machine with all libraries that they load. `node` is
 * the one that runs Suture. Made whole or not at all; a root that was made from the very same files is left as it is.
 * E0401 when neither `sh` nor one of the named tools that must exist can be found.
 */
export async function makeHostToolsRoot(folder: string, tools: readonly string[] = usualHostTools): Promise<void> {
  const programs = await programsFor(tools);
  if (await isMadeFrom(folder, programs)) return;

  const files = new Map([...programs, ...(await libraryClosure([...programs.values()]))]);
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  try {
    await layOut(fresh);
    for (const [path, source] of files) await place(source, join(fresh, path));
    await chmod(fresh, 0o755);
    if (await isMadeFrom(folder, programs)) return; // by another process, meanwhile
    await rm(`${folder}.from`, { force: true });
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
    await writeFile(`${folder}.from`, await originOf(programs, files));
    crashPoint('build root made');
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Path in the root (without leading slash) to the file of this machine that is copied there. */
type RootFiles = ReadonlyMap<string, string>;

async function programsFor(tools: readonly string[]): Promise<RootFiles> {
  const programs = new Map<string, string>();
  for (const tool of tools) {
    const program = tool === 'node' ? process.execPath : await findProgram(tool);
    if (program !== undefined) programs.set(`usr/bin/${tool}`, await realpath(program));
  }
  if (!programs.has('usr/bin/sh')) throw new Failure('E0401', 'There is no sh here to make a build root from');
  return programs;
}

/** Lines of `<folder>.from`, beside the root so that they do not count as content: programs, then every file copied. */
async function originOf(programs: RootFiles, files: RootFiles): Promise<string> {
  const lines = await Promise.all([...new Set(files.values())].map(stampOf));
  return `${[...programs].map(([path, source]) => `${path} ${source}`).join('\n')}\n\n${lines.join('\n')}`;
}

/** The same programs, and none of the files that were copied has changed since. */
async function isMadeFrom(folder: string, programs: RootFiles): Promise<boolean> {
  const [made, stamps] = (await readFile(`${folder}.from`, 'utf8').catch(() => '')).split('\n\n');
  if (made !== [...programs].map(([path, source]) => `${path} ${source}`).join('\n')) return false;
  const now = await Promise.all((stamps ?? '').split('\n').map((line) => stampOf(line.split(' ').slice(2).join(' '))));
  return now.join('\n') === stamps && (await exists(folder));
}

async function stampOf(source: string): Promise<string> {
  const found = await stat(source).catch(() => undefined);
  return `${found?.size} ${found?.mtimeMs} ${source}`;
}

/** The one layout of current distributions: everything below /usr, with the old names as links. */
async function layOut(root: string): Promise<void> {
  for (const path of [
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'usr/lib64',
    'etc',
    'proc',
    'dev',
    'tmp',
    'home/build',
    'root',
  ]) {
    await mkdir(join(root, path), { recursive: true, mode: 0o755 });
  }
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${name}`, join(root, name));
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nbuild:x:1000:1000:build:/home/build:/bin/sh\n',
  );
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nbuild:x:1000:\n');
}

async function place(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  await copyFile(source, target);
  await chmod(target, 0o755);
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
