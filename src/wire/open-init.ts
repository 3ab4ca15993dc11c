import { access } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { starterFiles, starterName } from '../formats/catalog/starter.ts';
import type { ClockDeps } from '../factory/deps.ts';
import { writeSchemas } from '../io/catalog/write-schemas.ts';
import { writeFileDurably } from '../io/files/write-file-durably.ts';
import { startRepository } from '../io/git/start-repository.ts';
import { isInRepository } from '../io/git/is-in-repository.ts';
import { makeHostToolsRoot } from '../io/sandbox/build-root.ts';
import type { InitDeps } from '../serve/cli/init.ts';

/** `suture init`: a catalog that passes its own check, as a git repository of its own unless it lies in one. */
export function openInit(cwd: string, clock: ClockDeps): InitDeps {
  return {
    async init({ folder: named, dryRun }) {
      const folder = resolve(cwd, named);
      const files = starterFiles({ name: starterName(basename(folder)) });
      const written: string[] = [];
      const kept: string[] = [];
      for (const path of files.keys()) ((await exists(join(folder, path))) ? kept : written).push(path);
      if (dryRun) return { folder, written, kept };
      for (const path of written) await writeFileDurably(join(folder, path), files.get(path) ?? '');
      await writeSchemas(folder);
      await makeHostToolsRoot(join(folder, '.suture', 'root'));
      // In somebody's repository the first commit is theirs to make.
      if (!(await isInRepository(folder)))
        await startRepository(folder, { files, message: 'A catalog to start from', at: clock.now() });
      return { folder, written, kept };
    },
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
