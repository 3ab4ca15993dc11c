import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'node:test';
import { toolPath } from './tool.ts';

const run = promisify(execFile);
const limits = { timeout: 120_000, maxBuffer: 256 * 2 ** 20 };

/** Exit code of apt-get for whatever it cannot do (apt-get(8)). */
const REFUSED = 100;

/** The machine's apt with its lists of Debian's own suites, on a system where nothing is installed. */
export interface PrivateApt {
  readonly architecture: string;
  readonly lists: readonly { readonly suite: string; readonly bytes: Uint8Array }[];
  /** `name=version` of what an installation of these names would bring, by name; null when apt refuses. */
  install(names: readonly string[]): Promise<readonly string[] | null>;
}

interface List {
  readonly suite: string;
  readonly path: string;
  readonly source: string;
}

/**
 * Needs no rights and changes nothing of the machine: state, caches and logs lie in a folder that goes with the test.
 * Undefined, and the test skipped, where apt or its lists are missing; a failure where SUTURE_REQUIRE names apt.
 */
export async function privateApt(t: TestContext): Promise<PrivateApt | undefined> {
  if (toolPath(t, 'apt') === undefined) return undefined;
  const architecture = await configured('APT::Architecture');
  const lists = await debianLists(architecture);
  if (lists.length === 0) {
    const required = (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('apt');
    assert.ok(!required, 'SUTURE_REQUIRE asks for apt, and it has no lists of Debian: run "apt-get update"');
    t.skip('skipped: apt has no lists of Debian');
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'suture-apt-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const opened = await openLists(lists, folder);
  const options = await emptySystem(lists, folder, architecture);
  await run('apt-cache', [...options, 'gencaches'], limits);
  return {
    architecture,
    lists: opened,
    install: async (names) => {
      const args = [...options, '--simulate', '--no-install-recommends', 'install', ...names];
      const env = { ...process.env, LC_ALL: 'C' };
      const answer = await run('apt-get', args, { ...limits, env }).catch((error: unknown) => {
        if ((error as { readonly code?: unknown }).code === REFUSED) return null;
        throw error;
      });
      return answer === null
        ? null
        : [...answer.stdout.matchAll(/^Inst (\S+) \((\S+) /gm)]
            .map(([, name, version]) => `${name}=${version}`)
            .toSorted();
    },
  };
}

async function configured(setting: string): Promise<string> {
  const { stdout } = await run('apt-config', ['shell', 'VALUE', setting], limits);
  return /'(.+)'/.exec(stdout)?.[1] ?? '';
}

async function debianLists(architecture: string): Promise<readonly List[]> {
  const fields = ['ORIGIN', 'CREATED_BY', 'CODENAME', 'FILENAME', 'REPO_URI', 'RELEASE', 'COMPONENT', 'ARCHITECTURE'];
  const format = fields.map((field) => `$(${field})`).join('\t');
  const { stdout } = await run('apt-get', ['indextargets', '--format', format], limits);
  return stdout
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([origin, createdBy]) => origin === 'Debian' && createdBy === 'Packages')
    .filter((fields) => fields.at(-1) === architecture)
    .map(([, , suite = '', path = '', uri, release, component]) => ({
      suite,
      path,
      source: `deb ${uri} ${release} ${component}\n`,
    }));
}

/** apt keeps lists compressed in a format of its own choice, and has a helper that opens them. */
async function openLists(lists: readonly List[], folder: string): Promise<PrivateApt['lists']> {
  const helper = join(await configured('Dir::Bin::methods/d'), '..', 'apt-helper');
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
  const opened: { suite: string; bytes: Uint8Array }[] = [];
  for (const { path, suite } of lists) {
    const { stdout: bytes } = await run(helper, ['cat-file', path], { ...limits, encoding: 'buffer' });
    await writeFile(join(folder, 'lists', basename(path).replace(/_Packages\..+$/, '_Packages')), bytes);
    opened.push({ suite, bytes });
    const release = basename(path).replace(/_[^_]+_binary-[^_]+_Packages.*$/, '_InRelease');
    await symlink(join(dirname(path), release), join(folder, 'lists', release)).catch(() => {}); // shared by components
  }
  return opened;
}

async function emptySystem(lists: readonly List[], folder: string, architecture: string): Promise<readonly string[]> {
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'sources.list'), lists.map(({ source }) => source).join(''));
  await mkdir(join(folder, 'cache'));
  await mkdir(join(folder, 'log'));
  const nothing = join(folder, 'nothing');
  await mkdir(nothing);
  // Debian's container images turn the cache off; without it every run reads all lists anew.
  const settings = {
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Cache::pkgcache': 'pkgcache.bin',
    'Dir::Cache::srcpkgcache': 'srcpkgcache.bin',
    'Dir::Log': join(folder, 'log'),
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': nothing,
    'Dir::Etc::preferences': join(nothing, 'preferences'),
    'Dir::Etc::preferencesparts': nothing,
    'APT::Architectures': architecture,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}
