import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { memoryCache } from '../factory/image/cache.ts';
import type { Registry } from '../factory/image/image.ts';
import { readReference } from '../factory/image/read-reference.ts';
import { verifierOf } from '../formats/dsse/signing-key.ts';
import type { LayerFacts } from '../formats/oci/read-layer.ts';
import { folderBlobs } from '../io/blobs/folder-blobs.ts';
import { machineClock } from '../io/clock.ts';
import { registryClient } from '../io/registry/client.ts';
import { dockerCredentials } from '../io/registry/docker-config.ts';
import { publicKeyFile } from '../io/signing/keys.ts';
import type { VerifyDeps } from '../serve/cli/verify.ts';
import { verifyReference } from '../views/verify-reference.ts';
import { askLedger } from './ask-ledger.ts';
import { catalogInForce } from './catalog-in-force.ts';
import { placesFrom } from './places-from.ts';
import type { Places } from './places.ts';
import { reachRegistry } from './reach-registry.ts';
import { worldTime } from './world.ts';

const LAYERS_KEPT = 1000;

/**
 * `suture verify`: pulls from any registry and judges by the key that is named. Within a catalog its registry may be left
 * out of the reference, and its own key is the default; elsewhere nothing but the reference and the key is needed.
 */
export async function openVerify(cwd: string): Promise<VerifyDeps> {
  const places = await catalogPlaces(cwd);
  const { clock, notice } = places === undefined ? { clock: machineClock, notice: null } : await worldTime(places);
  const opened: { close(): Promise<void> }[] = [];
  return {
    notice,
    async verify(text, { keyFile }) {
      const source = (await ofCatalog(text, places, { clock, opened })) ?? elsewhere(text);
      const key = verifierOf(await publicKey(keyFile, places));
      const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
      const material = await readReference(
        { repository: source.repository, reference: source.reference, architecture },
        { registry: source.client, pulledLayers: memoryCache<LayerFacts>(LAYERS_KEPT) },
      ).catch((error: unknown) => {
        throw unjudged(error);
      });
      if (material !== undefined) {
        const { ledgerAt } = source;
        const digest = material.index ?? material.image;
        const ledger = ledgerAt === null ? undefined : await askLedger(digest, { places: ledgerAt, clock });
        return verifyReference(material, { key, now: clock.now(), ...(ledger === undefined ? {} : { ledger }) });
      }
      throw new Failure('E0401', `${source.host} has no ${source.repository} ${source.reference} for ${architecture}`, {
        at: text,
        why: 'the registry answered, and knows no such tag or digest',
        hint: source.hint,
      });
    },
    close: async () => {
      for (const each of opened) await each.close();
    },
  };
}

/** Not to be mistaken for an answer, and for whoever pulls not a passing trouble of ours: exit code 69. */
function unjudged(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== 'E0601') return error;
  return new Failure('E0601', error.message, {
    ...error.detail,
    retryable: false,
    kept: 'nothing was judged: this says neither yes nor no',
    hint: 'look whether the registry runs, and whether its name is spelt right',
  });
}

interface Source {
  readonly host: string;
  readonly client: Registry;
  readonly repository: string;
  readonly reference: string;
  readonly hint: string;
  /** Where the ledger lies that knows of it: it is asked as well. Null for a registry that is not the catalog's. */
  readonly ledgerAt: Places | null;
}

async function catalogPlaces(cwd: string): Promise<Places | undefined> {
  return placesFrom(cwd).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'E0103') return undefined;
    throw error;
  });
}

/** Undefined outside a catalog, and for a reference that names another registry than the catalog's. */
async function ofCatalog(
  text: string,
  places: Places | undefined,
  { clock, opened }: { readonly clock: typeof machineClock; readonly opened: { close(): Promise<void> }[] },
): Promise<Source | undefined> {
  if (places === undefined) return undefined;
  const loaded = await catalogInForce(places);
  if (loaded.kind === 'problems') {
    if (hostIn(text) !== undefined) return undefined;
    throw loaded.problems[0] ?? new Failure('E0101', 'The catalog is not valid');
  }
  const registry = await reachRegistry(loaded.catalog.registry, places, { clock, blobs: folderBlobs(places.blobs) });
  opened.push(registry);
  const names = [registry.publicName(''), `${registry.host}/`];
  const named = names.find((name) => text.startsWith(name));
  if (named === undefined && hostIn(text) !== undefined) return undefined;
  const path = text.slice(named?.length ?? 0);
  const { host, client } = registry;
  return { host, client, hint: 'suture status', ledgerAt: places, ...parseImage(path, text) };
}

/** A registry that no catalog names: plain http on this machine alone, and the login that docker has, if there is one. */
function elsewhere(text: string): Source {
  const host = hostIn(text);
  if (host === undefined) {
    throw new Failure('E0902', `${text} names no registry`, {
      why: 'there is no catalog here whose registry could be meant',
      hint: 'suture verify --key signing-key.pub registry.example/nginx:1.28',
    });
  }
  const client = registryClient({
    host,
    plainHttp: /^(?:localhost|127\.0\.0\.1|\[::1\])(?::|$)/.test(host),
    blobs: { get: () => Promise.resolve(undefined) },
    auth: dockerCredentials(join(process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'config.json')),
  });
  const hint = 'look at the tags that the registry has';
  return { host, client, hint, ledgerAt: null, ...parseImage(text.slice(host.length + 1), text) };
}

/** As docker tells a registry from the first part of a repository: by a dot, a port, or being this machine. */
function hostIn(text: string): string | undefined {
  const host = /^([^/@]+)\//.exec(text)?.[1];
  return host !== undefined && /[.:]|^localhost$/.test(host) ? host : undefined;
}

/** `hello:1` or `hello@sha256:…`, without the registry in front. */
function parseImage(path: string, text: string): { readonly repository: string; readonly reference: string } {
  const [, repository, tag, digest] =
    /^([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(path) ?? [];
  if (repository !== undefined) return { repository, reference: digest ?? tag ?? 'latest' };
  throw new Failure('E0902', `${text} is not a reference to an image`, { hint: 'suture verify hello:1' });
}

async function publicKey(keyFile: string | null, places: Places | undefined): Promise<string> {
  if (keyFile === null && places === undefined) {
    throw new Failure('E0902', 'There is no public key to verify with', {
      why: 'there is no catalog here whose key could be meant',
      hint: "name the publisher's with --key signing-key.pub",
    });
  }
  const path = keyFile ?? join(places?.keys ?? '', publicKeyFile);
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure('E0303', 'There is no public key to verify with', {
      at: path,
      why:
        keyFile === null ? 'nothing was published from this catalog yet' : 'the file that --key names cannot be read',
      hint: keyFile === null ? 'suture run' : 'ask the publisher for the file signing-key.pub',
      cause,
    });
  });
}
