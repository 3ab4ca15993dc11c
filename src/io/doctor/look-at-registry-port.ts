import { createServer } from 'node:net';
import { fails, works } from './check.ts';
import type { Finding } from './check.ts';

/** The embedded registry's port is free, or a registry (ours, most likely) answers there already. */
export async function lookAtRegistryPort(port: number): Promise<Finding> {
  const trouble = await tryToListen(port);
  if (trouble === null) return works(`port ${port} is free`);
  if (trouble === 'EADDRINUSE' && (await isRegistry(port))) return works(`a registry answers on port ${port}`);
  const words = trouble === 'EADDRINUSE' ? `port ${port} is taken by something else` : `port ${port}: ${trouble}`;
  return fails(words, 'set another registry.port in suture.yaml');
}

function tryToListen(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(null)));
  });
}

/** OCI distribution-spec, "Determining Support": GET /v2/ answers 200, or 401 where it wants to know who asks. */
async function isRegistry(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`, {
      signal: AbortSignal.timeout(3000),
      redirect: 'error',
    });
    await answer.body?.cancel();
    return answer.status === 200 || answer.status === 401;
  } catch {
    return false;
  }
}
