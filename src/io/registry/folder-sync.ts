import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

export interface FolderSync {
  readonly sync: (folder: string) => Promise<void>;
  /** Resolves when every rename so far is durable: at once when nothing is under way. */
  readonly settled: (folder: string) => Promise<void>;
}

/**
 * Makes renames durable by syncing their folder. Callers that arrive while a sync runs share the next one: it begins
 * after their rename, so it covers it, and a hundred pushes cost a few syncs instead of a hundred.
 */
export function folderSync(): FolderSync {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();

  return {
    sync(folder) {
      const waiting = next.get(folder);
      if (waiting !== undefined) return waiting;
      const current = running.get(folder);
      if (current === undefined) return start(folder);
      const queued = current
        .catch(() => undefined)
        .then(() => {
          next.delete(folder);
          return start(folder);
        });
      next.set(folder, queued);
      return queued;
    },
    settled: (folder) => next.get(folder) ?? running.get(folder) ?? Promise.resolve(),
  };

  function start(folder: string): Promise<void> {
    const sync = syncFolder(folder).finally(() => {
      if (running.get(folder) === sync) running.delete(folder);
    });
    running.set(folder, sync);
    return sync;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = openSync(folder, 'r');
  try {
    await synced(handle);
  } finally {
    closeSync(handle);
  }
}

const synced = promisify(fsync);
