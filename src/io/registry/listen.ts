import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { registryServer, type RegistryServerOptions } from './server.ts';

export interface ListeningRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** The embedded registry on loopback; port 0 takes a free one. */
export async function listenRegistry(
  options: RegistryServerOptions & { readonly port: number },
): Promise<ListeningRegistry> {
  const server = createServer({ keepAliveTimeout: 60_000 }, await registryServer(options));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}
