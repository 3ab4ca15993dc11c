import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunImage, RunResult } from '../../factory/image/verify-image.ts';
import { detectIsolation } from './detect-isolation.ts';
import { ensureMountPoints } from './mount-points.ts';
import { runInSandbox } from './run-in-sandbox.ts';
import { runsHere } from './runs-here.ts';
import type { Isolation } from './sandbox.ts';
import { writeTree } from './write-tree.ts';

export interface ImageRunSettings {
  readonly timeoutSeconds: number;
  readonly memoryBytes: number;
  readonly isolation?: Isolation;
}

/** Starts an image's program in nothing but its own files. Without isolation it is not run at all. */
export function imageRunner(settings: ImageRunSettings): RunImage {
  return async (request): Promise<RunResult> => {
    if (!runsHere(request.architecture)) {
      return { kind: 'not-run', reason: `${request.architecture} programs do not run here` };
    }
    const isolation = settings.isolation ?? (await detectIsolation());
    if (isolation.kind === 'none') return { kind: 'not-run', reason: 'nothing here can isolate a run' };
    const scratch = await mkdtemp(join(tmpdir(), 'suture-image-'));
    try {
      await writeTree(scratch, await request.files());
      await ensureMountPoints(scratch, [{ from: '', to: request.workDir, writable: false }]);
      const run = await runInSandbox(
        {
          root: scratch,
          mounts: [],
          command: request.argv,
          cwd: request.workDir,
          env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...request.environment },
          timeoutSeconds: settings.timeoutSeconds,
          memoryBytes: settings.memoryBytes,
          outputBytesMax: 65_536,
          network: false,
          user: request.user,
        },
        isolation,
      );
      const output = run.stdout + run.stderr;
      if (run.killedBy === 'timeout') return { kind: 'still-running', output };
      return { kind: 'exited', exitCode: run.exitCode ?? 137, output };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
}
