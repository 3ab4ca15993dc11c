import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { digestOf } from '../../src/core/digest.ts';
import { Failure } from '../../src/core/failure.ts';
import { combinePools } from '../../src/core/resolve/combine-pools.ts';
import { packagesIndex } from '../../src/formats/deb/packages-index.ts';
import { openAptSpace } from '../../src/io/debian/apt-space.ts';
import { debianRoot } from '../../src/io/debian/debian-root.ts';
import { toolPath } from './tool.ts';

const run = promisify(execFile);

/** The first stable Debian that has all of them. */
const SUITE = 'trixie';
const TOOLS = ['cosign', 'docker-registry', 'oras', 'skopeo', 'umoci'] as const;

export type ConformanceTool = (typeof TOOLS)[number];

/**
 * Starts a program of others: the machine's own where it is installed, else Debian's out of a root that we make, so that
 * nothing is installed. There it sees the given folders and the network of this machine. Without it the test is marked as
 * skipped, or fails where SUTURE_REQUIRE names it, `apt` or `bwrap`.
 */
export async function conformanceTool(
  t: TestContext,
  name: ConformanceTool,
  folders: readonly string[] = [],
): Promise<Tool | undefined> {
  const own = onPath(name);
  if (own !== undefined) return toolOf([own]);
  if (isRequired(name)) return assert.fail(`SUTURE_REQUIRE asks for ${name}`);
  const apt = toolPath(t, 'apt');
  const bwrap = apt === undefined ? undefined : toolPath(t, 'bwrap');
  const root = bwrap === undefined ? undefined : await rootOrSkip(t);
  if (bwrap === undefined || root === undefined) return undefined;
  return toolOf(inRoot(bwrap, root, [`/usr/bin/${name}`], folders));
}

export interface Tool {
  /** What starts it, to be followed by its arguments. */
  readonly words: readonly string[];
  /** What it writes; rejects when it does not end well. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
}

const LIMITS = { timeout: 60_000, maxBuffer: 16 * 1024 ** 2 };

function toolOf(words: readonly [string, ...(readonly string[])]): Tool {
  const [program, ...rest] = words;
  return {
    words,
    run: async (args, env) =>
      (await run(program, [...rest, ...args], { ...LIMITS, env: { ...process.env, ...env } })).stdout,
  };
}

function onPath(name: string): string | undefined {
  const paths = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, name));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isRequired(name: string): boolean {
  return (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes(name);
}

let made: Promise<string> | undefined;

async function rootOrSkip(t: TestContext): Promise<string | undefined> {
  made ??= toolsRoot();
  try {
    return await made;
  } catch (error) {
    if (!(error instanceof Failure) || isRequired('apt')) throw error;
    t.skip(`skipped: no root of ${SUITE} can be made here: ${error.message}`);
    return undefined;
  }
}

/** Made once for this machine's user, by the same code that makes build roots; to have newer tools, remove the folder. */
async function toolsRoot(): Promise<string> {
  const cache = join(cacheFolder(), 'suture-test-tools');
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const chosen = join(cache, `${digestOf([SUITE, architecture, ...TOOLS].join(' ')).slice(-16)}.root`);
  const known = join(cache, (await readFile(chosen, 'utf8').catch(() => 'none')).trim());
  if (existsSync(known)) return known;
  await mkdir(cache, { recursive: true });
  const place = await mkdtemp(join(cache, '.apt-'));
  try {
    const space = await openAptSpace({ folder: place, suites: [SUITE], architecture });
    await space.update();
    const indexes = await space.indexes();
    const pools = indexes.flatMap(({ suite, packages }) =>
      packages.map(async (path) => packagesIndex(await readFile(path), { suite, at: path })),
    );
    const deps = { pool: combinePools(await Promise.all(pools)), space, folder: cache };
    const { folder } = await debianRoot({ suites: [SUITE], packages: TOOLS }, architecture, deps);
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'etc/resolv.conf'), ''); // umoci asks how it is mounted
    await writeFile(`${chosen}.${process.pid}`, basename(folder));
    await rename(`${chosen}.${process.pid}`, chosen);
    return folder;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Root's own is one that others can read, for root becomes an ordinary user in some tests. */
function cacheFolder(): string {
  return process.env['XDG_CACHE_HOME'] ?? (process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache'));
}

/** Nothing of the root is written to, so `/` is memory, with what is needed of the root in it. */
function inRoot(
  bwrap: string,
  root: string,
  command: readonly string[],
  folders: readonly string[],
): readonly [string, ...(readonly string[])] {
  const system = ['--ro-bind', join(root, 'usr'), '/usr', '--ro-bind', join(root, 'etc'), '/etc'];
  const links = ['bin', 'lib', 'lib64', 'sbin'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]);
  const files = ['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/var/tmp'];
  const chosen = folders.flatMap((folder) => ['--bind', folder, folder]);
  return [bwrap, '--die-with-parent', '--unshare-pid', ...system, ...links, ...files, ...chosen, '--', ...command];
}
