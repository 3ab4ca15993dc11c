import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { Failure } from '../../core/failure.ts';

export interface Listening {
  readonly url: string;
  /** Refuses new connections and resolves when the open ones are over. */
  close(): Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Serves an app. There is no login, so an address other than loopback must be allowed in so many words.
 * Throws E0801 when it is not, E0803 when the port is taken.
 */
export async function listen(
  app: Hono,
  options: { readonly host: string; readonly port: number; readonly beyondLoopback: boolean },
): Promise<Listening> {
  const { host, port } = options;
  if (!LOOPBACK.has(host) && !options.beyondLoopback) {
    throw new Failure('E0801', `the pages are not served on ${host}`, {
      why: 'they have no login, so only this machine may reach them',
      hint: 'put a proxy with a login in front of 127.0.0.1',
    });
  }
  return await new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info) => {
      const shown = info.family === 'IPv6' ? `[${info.address}]` : info.address;
      resolve({
        url: `http://${shown}:${info.port}/`,
        close: () => new Promise((done) => server.close(() => done())),
      });
    });
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'something else listens there' : cause.message;
      reject(new Failure('E0803', `cannot listen on ${host}:${port}`, { why, hint: 'suture serve --port 0', cause }));
    });
  });
}
