import { resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import { hasHistory, readHistory, writeHistory } from '../io/replay/history-folder.ts';
import type { ReplayDeps } from '../serve/cli/replay.ts';

/** `suture replay`: histories are folders of this machine, and so are the clones that they are made of. */
export function openReplay(cwd: string): ReplayDeps {
  return {
    read: async (folder) => await readHistory(resolve(cwd, folder)),
    async make(named, { clones, ...wanted }) {
      const folder = resolve(cwd, named);
      if (hasHistory(folder)) {
        throw new Failure('E0902', `${named} holds a history already`, {
          kept: 'it stays as it is',
          hint: 'replay it without --from-git, or name another folder',
        });
      }
      const { importHistory } = await import('../io/replay/import-history.ts');
      const gitFolders = new Map([...clones].map(([source, clone]) => [source, resolve(cwd, clone)] as const));
      return await writeHistory(folder, importHistory({ gitFolders, ...wanted }));
    },
  };
}
