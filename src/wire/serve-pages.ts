import { Failure } from '../core/failure.ts';
import { listen } from '../serve/http/listen.ts';
import { feedServer } from '../serve/http/feeds.ts';
import { feedDeps } from './open-feed.ts';
import { pages } from '../serve/http/pages.ts';
import type { Health } from '../views/health.ts';
import { openReading } from './open-reading.ts';
import { reportSource } from './open-report.ts';

export interface ServedPages {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the pages of a catalog's store, over a connection of their own. */
export async function servePages(options: {
  readonly cwd: string;
  readonly host: string;
  readonly port: number;
  readonly health: () => Omit<Health, 'store'>;
  readonly onFault: (error: unknown) => void;
}): Promise<ServedPages> {
  const read = await openReading(options.cwd);
  const app = pages({
    ...read,
    feed: feedServer({ ...(await feedDeps(options.cwd, read)), head: () => read.head() }),
    reports: await reportSource(options.cwd, read),
    health: async () => ({ store: read.storeName, ...options.health() }),
    onFault: options.onFault,
  });
  try {
    const listening = await listen(app, { host: options.host, port: options.port, beyondLoopback: false });
    return {
      url: listening.url,
      async close() {
        await listening.close();
        await read.close();
      },
    };
  } catch (error) {
    await read.close();
    throw error;
  }
}

const PORTS_TRIED = 20;

/** The same on the next free port when the wanted one is taken: a demonstration must not fail for that. */
export async function servePagesNear(options: Parameters<typeof servePages>[0]): Promise<ServedPages> {
  for (let port = options.port; ; port += 1) {
    try {
      return await servePages({ ...options, port });
    } catch (error) {
      const isTaken = error instanceof Failure && error.code === 'E0803';
      if (!isTaken || options.port === 0 || port + 1 >= options.port + PORTS_TRIED) throw error;
    }
  }
}

/** Resolves when the signal is aborted. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
