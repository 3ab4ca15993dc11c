import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chainVerifier } from '../../src/core/ledger/verify-chain.ts';
import { gitOrFail } from '../../src/io/git/git.ts';
import { listTags } from '../../src/io/git/list-tags.ts';
import { startRepository } from '../../src/io/git/start-repository.ts';
import { writeHistory } from '../../src/io/git/write-history.ts';
import { openStore } from '../../src/io/store/open-store.ts';
import { helloRecipe } from '../../src/serve/demo/world/hello/recipe.ts';
import { makeUpstreamRepository } from '../../src/serve/demo/world/hello/history.ts';
import { placesOf } from '../../src/wire/places.ts';
import { noteWorldTime } from '../../src/wire/world.ts';
import { hostToolsRoot } from './isolation.ts';

const begins = Temporal.Instant.from('2026-03-02T08:00:00Z');
/** When the cases happen: looks at feeds and upstreams are due again. */
const later = begins.add({ hours: 1 });

/** As recipes and lines call it. */
export const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

/** A catalog with its upstream and feed; its image `hello:1` is published and confirmed. */
export interface World {
  /** `catalog`, `feeds` and, in the first one, `upstream` lie in it. */
  readonly folder: string;
  readonly catalog: string;
  /** Shared by all copies. */
  readonly upstream: string;
}

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Makes a world by the real command line; one image for this machine's architecture, so that it takes seconds. */
export async function playWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-world-'));
  const world = { folder, catalog: join(folder, 'catalog'), upstream: join(folder, 'upstream', 'hello.git') };
  await makeUpstreamRepository(
    world.upstream,
    [{ at: begins, happens: { kind: 'release', version: '1.0.0' } }],
    writeHistory,
  );
  const repository = pathToFileURL(world.upstream).href;
  const [tag] = (await listTags(repository)).tags;
  await put(join(folder, 'feeds', 'osv', 'CVE-2099-0001.json'), advisory());
  await startRepository(world.catalog, {
    files: new Map([
      ['suture.yaml', sutureYaml(await hostToolsRoot())],
      ['recipes/hello.yaml', recipeFor(repository, tag?.commit ?? '')],
      ['lines/hello.yaml', lineYaml],
      ['.gitignore', '.suture/\n'],
    ]),
    message: 'A small catalog',
    at: begins,
  });
  const places = placesOf(world.catalog, {});
  await noteWorldTime(places, { now: begins, notice: 'A made-up world.' });
  const played = await runSuture(world, ['run']);
  if (played.exitCode !== 0) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`the world cannot be played: ${played.out}${played.err}`);
  }
  await noteWorldTime(places, { now: later, notice: 'A made-up world.' });
  return world;
}

/** A world of its own beside it, with the same upstream. */
export async function copyOf(world: World, name: string): Promise<World> {
  const folder = join(world.folder, 'copies', name);
  await rm(folder, { recursive: true, force: true });
  for (const part of ['catalog', 'feeds'])
    await cp(join(world.folder, part), join(folder, part), { recursive: true, preserveTimestamps: true });
  return { ...world, folder, catalog: join(folder, 'catalog') };
}

/** Runs the command as people do, as another process; one that does not end is ended after two minutes. */
export function runSuture(
  world: Pick<World, 'catalog'>,
  argv: readonly string[],
  prefix: readonly string[] = [],
): Promise<Ran> {
  const program = join(import.meta.dirname, '../../bin/suture');
  const [command = '', ...args] = [...prefix, 'sh', program, '--cwd', world.catalog, ...argv];
  const { DATABASE_URL: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...env, CI: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (said.err += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? 128, ...said }));
  });
}

/** Changes a file of the catalog, and commits it: only what is on main counts. */
export async function edit(world: World, path: string, change: (text: string) => string): Promise<void> {
  const file = join(world.catalog, path);
  const before = await readFile(file, 'utf8').catch(() => '');
  const after = change(before);
  if (after === before) throw new Error(`${path} is as it was`);
  await put(file, after);
  await inGit(world.catalog, ['add', '--all']);
  await inGit(world.catalog, ['commit', '--quiet', '--no-verify', '-m', `Change ${path}`]);
}

/** A new revision: something to build and to publish. */
export function bump(world: World): Promise<void> {
  return edit(world, 'recipes/hello.yaml', (text) => text.replace('epoch: 0', 'epoch: 1'));
}

export async function inGit(folder: string, args: readonly string[]): Promise<void> {
  await gitOrFail({ args: [...args], cwd: folder, env: author }, 'E0804', `git ${args[0]} failed`);
}

const author = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap((who) => [
    [`GIT_${who}_NAME`, 'Ada'],
    [`GIT_${who}_EMAIL`, 'ada@example.org'],
    [`GIT_${who}_DATE`, '1772440000 +0000'],
  ]),
);

export async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** What must never be lost, and what must not be published: ids of facts, findings of the chain, tags with digests. */
export interface Kept {
  readonly facts: readonly string[];
  readonly published: number;
  readonly findings: readonly string[];
  readonly tags: readonly string[];
}

export async function keptIn(world: World): Promise<Kept> {
  const places = placesOf(world.catalog, {});
  const store = await openStore({ url: places.store, clock: { now: () => later } });
  try {
    const verifier = chainVerifier();
    const facts: string[] = [];
    for await (const page of store.chain()) {
      for (const entry of page) {
        verifier.add(entry);
        facts.push(`${entry.type} ${entry.id}`);
      }
    }
    return {
      facts,
      published: facts.filter((each) => each.startsWith('image-published ')).length,
      findings: verifier.verdict().findings.map(({ message }) => message),
      tags: await tagsIn(join(places.registry, 'repositories', 'hello', '_tags')),
    };
  } finally {
    await store.close();
  }
}

async function tagsIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => `${name} ${await readFile(join(folder, name), 'utf8')}`));
}

function sutureYaml(root: string): string {
  return `name: small

registry:
  embedded:
    port: 0

feeds:
  - osv: ../feeds/osv

build:
  root: ${root}
  timeout: 1m
  memory: 1GiB
`;
}

function recipeFor(repository: string, commit: string): string {
  return helloRecipe({ repository, version: '1.0.0', expectedCommit: commit, testLongNames: false }).replace(
    '  epoch: 0\n',
    `  epoch: 0\n  target-architecture: [${architecture}]\n`,
  );
}

const lineYaml = `contents:
  packages:
    - hello

entrypoint:
  command: /usr/bin/hello

accounts:
  users:
    - username: nonroot
      uid: 65532
  run-as: nonroot

archs:
  - ${architecture}

suture:
  line: hello:1
  test:
    expect: "hello, world!"
`;

export function advisory(change: Readonly<Record<string, unknown>> = {}): string {
  const record = {
    schema_version: '1.7.0',
    id: 'CVE-2099-0001',
    published: '2026-03-02T07:00:00Z',
    modified: '2026-03-02T07:00:00Z',
    summary: 'hello writes past the end of its buffer when the name is long',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [
      {
        package: { ecosystem: 'OSS-Fuzz', name: 'hello', purl: 'pkg:generic/hello' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
      },
    ],
    ...change,
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}
