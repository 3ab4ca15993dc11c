import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RegistryTarget } from '../core/catalog/catalog.ts';
import { digestOf } from '../core/digest.ts';
import { Failure } from '../core/failure.ts';
import type { BlobStore, ClockDeps } from '../factory/deps.ts';
import type { Registry } from '../factory/image/image.ts';
import { registryClient } from '../io/registry/client.ts';
import { dockerCredentials } from '../io/registry/docker-config.ts';
import { listenRegistry } from '../io/registry/listen.ts';
import { prefixed } from '../io/registry/prefixed.ts';
import type { Places } from './places.ts';
import { reopening } from './reopening.ts';

export interface ReachedRegistry {
  /** `127.0.0.1:5050`, or the one that the catalog names. */
  readonly host: string;
  readonly client: Registry;
  /**
   * How people pull a repository: `registry.example/team/hello`. Signed documents hold it, so it is the same each time:
   * an embedded registry on any free port is `localhost`, whatever port it has now.
   */
  readonly publicName: (repository: string) => string;
  close(): Promise<void>;
}

/** The registry that a catalog publishes to. The embedded one runs as long as this is open, or in another process of ours. */
export async function reachRegistry(
  target: RegistryTarget,
  places: Places,
  deps: { readonly clock: ClockDeps; readonly blobs: Pick<BlobStore, 'get'> },
): Promise<ReachedRegistry> {
  if (target.kind === 'remote') {
    const client = registryClient({
      host: target.host,
      plainHttp: target.plainHttp,
      blobs: deps.blobs,
      auth: dockerCredentials(join(process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'config.json')),
    });
    const prefix = target.repositoryPrefix === '' ? '' : `${target.repositoryPrefix}/`;
    return {
      host: target.host,
      client: prefixed(client, target.repositoryPrefix),
      publicName: (repository) => `${target.host}/${prefix}${repository}`,
      close: () => Promise.resolve(),
    };
  }
  let listening = await listenOrShare(target.port, places, deps.clock);
  const { host } = listening;
  const publicHost = target.port === 0 ? 'localhost' : host;
  const client = registryClient({ host, plainHttp: true, blobs: deps.blobs });
  return {
    host,
    client: reopening(client, async () => {
      // Ours is open: opened again it would only be shared, and nobody would close it.
      if (listening.kind === 'own') return;
      listening = await listenOrShare(Number(host.split(':')[1]), places, deps.clock);
    }),
    publicName: (repository) => `${publicHost}/${repository}`,
    close: () => listening.close(),
  };
}

interface Listening {
  /** Served by this process, or by another one of ours. */
  readonly kind: 'own' | 'shared';
  readonly host: string;
  close(): Promise<void>;
}

async function listenOrShare(port: number, places: Places, clock: ClockDeps): Promise<Listening> {
  try {
    const registry = await listenRegistry({ folder: places.registry, clock: () => clock.now(), port });
    return { kind: 'own', host: registry.host, close: () => registry.close() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const host = `127.0.0.1:${port}`;
    if (await isOurs(host, places.registry)) return { kind: 'shared', host, close: () => Promise.resolve() };
    throw new Failure('E0803', `something else listens on ${host}, where the embedded registry should`, {
      at: 'suture.yaml',
      why: 'it does not serve this catalog',
      kept: 'nothing was pushed to it',
      hint: 'choose another registry.embedded.port in suture.yaml',
    });
  }
}

/** Our registries say which folder they serve, so that images never land in somebody else's. */
async function isOurs(host: string, folder: string): Promise<boolean> {
  const answer = await fetch(`http://${host}/v2/`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.headers.get('suture-registry') === digestOf(folder);
}
