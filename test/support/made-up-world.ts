import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Fact } from '../../src/core/fact.ts';
import { chainVerifier } from '../../src/core/ledger/verify-chain.ts';
import type { Obligation } from '../../src/core/promise/standing.ts';
import { listenRegistry } from '../../src/io/registry/listen.ts';
import { openStore } from '../../src/io/store/open-store.ts';
import { placesOf } from '../../src/wire/places.ts';

/** The command as people run it, and what it leaves in a folder. */

export const checkout = join(import.meta.dirname, '../..');
const evening = Temporal.Instant.from('2026-03-02T18:00:00Z');

export interface Ran {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Program and arguments in front of the command: `unshare -n`. */
  readonly through?: readonly string[];
  /** Called with everything that was said so far, and the process, whenever it says more. */
  readonly onSaid?: (err: string, kill: (signal: NodeJS.Signals) => void) => void;
  readonly killAfterMs?: number;
  /** Two minutes by default. */
  readonly timeoutMs?: number;
}

/** Runs `bin/suture` as a process of its own without a terminal. */
export function suture(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [program = 'sh', ...rest] = [...(options.through ?? []), 'sh', join(checkout, 'bin/suture'), ...args];
  const child = spawn(program, rest, {
    cwd: '/',
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? 120_000,
  });
  const said = { out: '', err: '' };
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
  const timer = options.killAfterMs === undefined ? undefined : setTimeout(() => kill('SIGKILL'), options.killAfterMs);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
    options.onSaid?.(said.err, kill);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer);
      resolve({ exitCode, signal, ...said });
    });
  });
}

/** Where a played world ended. */
export interface WorldEnd {
  readonly facts: readonly Fact[];
  /** What the chain's verifier finds wrong; nothing. */
  readonly trouble: readonly string[];
  readonly obligations: readonly Obligation[];
  /** Index digest by tag. */
  readonly images: ReadonlyMap<string, string>;
  readonly attached: readonly Attached[];
  /** How many signatures each digest has. */
  readonly signatures: ReadonlyMap<string, number>;
  /** Paths that a finished run leaves empty or does not leave at all. */
  readonly leftovers: readonly string[];
}

export interface Attached {
  readonly subject: string;
  readonly predicateType: string;
  readonly statement: string;
}

/** Reads ledger, projection and registry of a world that nobody plays at the moment. */
export async function readWorld(folder: string): Promise<WorldEnd> {
  const places = placesOf(join(folder, 'catalog'), {});
  const clock = { now: () => evening };
  const store = await openStore({ url: places.store, clock });
  const registry = await listenRegistry({ folder: places.registry, clock: clock.now, port: 0 });
  try {
    const facts: Fact[] = [];
    for await (const fact of store.facts.facts()) facts.push(fact);
    const verifier = chainVerifier();
    for await (const page of store.chain()) for (const entry of page) verifier.add(entry);
    const obligations: Obligation[] = [];
    for (const line of ['hello:1', 'hello:kiosk'])
      obligations.push(...(await store.obligations.obligations({ line }, null)));
    return {
      facts,
      trouble: verifier.verdict().findings.map(({ message }) => message),
      obligations,
      ...(await readRegistry(registry.host)),
      leftovers: await leftoversIn(folder, places),
    };
  } finally {
    await registry.close();
    await store.close();
  }
}

interface ManifestJson {
  readonly manifests?: readonly {
    readonly digest: string;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
  readonly layers?: readonly unknown[];
}

async function readRegistry(host: string): Promise<Pick<WorldEnd, 'images' | 'attached' | 'signatures'>> {
  const ask = (path: string) => fetch(`http://${host}/v2/hello/${path}`, { headers: { accept: '*/*' } });
  const { tags } = (await (await ask('tags/list')).json()) as { readonly tags: readonly string[] };
  const images = new Map<string, string>();
  const signatures = new Map<string, number>();
  const attached: Attached[] = [];
  for (const tag of tags) {
    const answer = await ask(`manifests/${tag}`);
    const manifest = (await answer.json()) as ManifestJson;
    const digest = answer.headers.get('docker-content-digest') ?? '';
    if (tag.startsWith('sha256-')) signatures.set(tag, manifest.layers?.length ?? 0);
    else images.set(tag, digest);
    for (const subject of [digest, ...(manifest.manifests ?? []).map((each) => each.digest)]) {
      const referrers = (await (await ask(`referrers/${subject}`)).json()) as ManifestJson;
      for (const { annotations = {} } of referrers.manifests ?? []) {
        attached.push({
          subject,
          predicateType: annotations['dev.sigstore.bundle.predicateType'] ?? '',
          statement: annotations['suture.statement'] ?? '',
        });
      }
    }
  }
  return { images, signatures, attached };
}

async function leftoversIn(folder: string, places: ReturnType<typeof placesOf>): Promise<readonly string[]> {
  const uploads = join(places.registry, 'uploads');
  const found = existsSync(uploads) ? (await readdir(uploads)).map((name) => join('uploads', name)) : [];
  const beside = (await readdir(folder)).filter((name) => name.startsWith('.'));
  const locks = (await readdir(join(places.catalog, '.git'))).filter((name) => name.endsWith('.lock'));
  return [...found, ...beside, ...locks];
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'suture-world-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A world in which only the build root is there: its files are shared with the original, for it is never written to. */
export async function copyOfRoot(from: string, to: string): Promise<void> {
  rmSync(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  cpSync(join(from, 'root.from'), join(to, 'root.from'));
  await new Promise<void>((resolve, reject) => {
    spawn('cp', ['-al', join(from, 'root'), join(to, 'root')], { stdio: 'ignore' })
      .once('error', reject)
      .once('close', (code) => (code === 0 ? resolve() : reject(new Error(`cp ended with ${code}`))));
  });
}

export function isPublished(fact: Fact): fact is Extract<Fact, { type: 'image-published' }> {
  return fact.type === 'image-published';
}
