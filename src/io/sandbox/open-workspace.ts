import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../core/digest.ts';
import type { BuildWorkspace, StepRun } from '../../factory/build/workspace.ts';
import { git } from '../git/git.ts';
import { collectTree } from './collect-tree.ts';
import { detectIsolation } from './detect-isolation.ts';
import { runInSandbox } from './run-in-sandbox.ts';
import type { Isolation, SandboxOverlay } from './sandbox.ts';
import { writeTree } from './write-tree.ts';

export interface WorkspaceSettings {
  /** Root folder, unpacked. */
  readonly root: string;
  readonly rootDigest: Digest;
  /** Only of roots that are made of Debian packages. */
  readonly rootLock?: Uint8Array;
  readonly shlibs?: BuildWorkspace['shlibs'];
  readonly timeoutSeconds: number;
  readonly memoryBytes: number;
  /** Default: the strongest that works. */
  readonly isolation?: Isolation;
  /** Where throwaway folders are made; default the system's. */
  readonly scratchFolder?: string;
}

const HOME = '/home/build';
const OUTPUT_BYTES_MAX = 4 * 1024 ** 2;

/** A place to build one package in: folders of the host that the sandbox mounts at /home/build. */
export async function openWorkspace(settings: WorkspaceSettings): Promise<BuildWorkspace> {
  const isolation = settings.isolation ?? (await detectIsolation());
  const scratch = await mkdtemp(join(settings.scratchFolder ?? tmpdir(), 'suture-build-'));
  const home = join(scratch, 'home');
  await mkdir(home);
  const sandbox = (run: Omit<SandboxedScript, 'settings' | 'isolation'>) => runScript({ ...run, settings, isolation });
  let tests = 0;
  return {
    isolation: isolation.kind,
    rootDigest: settings.rootDigest,
    rootLock: settings.rootLock ?? null,
    shlibs: settings.shlibs ?? [],
    unpack: (entries) => writeTree(home, entries),
    applyPatch: (patch) => applyPatch(home, patch),
    runStep: (script, environment) => sandbox({ script, environment, home }),
    collect: (folder, mtime) => collectTree(home, folder, mtime),
    runTest: async (script, environment, files) => {
      tests += 1;
      const place = join(scratch, `test-${tests}`);
      const overlay = { folder: join(place, 'package'), writable: false };
      await mkdir(join(place, 'home'), { recursive: true });
      await mkdir(overlay.folder);
      await writeTree(overlay.folder, files);
      return sandbox({ script, environment, home: join(place, 'home'), overlay });
    },
    close: () => removeAll(scratch),
  };
}

interface SandboxedScript {
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly home: string;
  readonly overlay?: SandboxOverlay;
  readonly settings: WorkspaceSettings;
  readonly isolation: Isolation;
}

async function runScript({
  script,
  environment,
  home,
  overlay,
  settings,
  isolation,
}: SandboxedScript): Promise<StepRun> {
  const run = await runInSandbox(
    {
      root: settings.root,
      mounts: [{ from: home, to: HOME, writable: true }],
      command: ['/bin/sh', '-e', '-c', `exec 2>&1\numask 022\n${script}`],
      cwd: HOME,
      env: isolation.kind === 'none' ? onHost(environment, overlay) : environment,
      timeoutSeconds: settings.timeoutSeconds,
      memoryBytes: settings.memoryBytes,
      outputBytesMax: OUTPUT_BYTES_MAX,
      network: false,
      ...(overlay === undefined ? {} : { overlay }),
    },
    isolation,
  );
  return { exitCode: run.exitCode, killedBy: run.killedBy, output: run.stderr + run.stdout, seconds: run.seconds };
}

/** Without isolation there is no root to lay a package over: its programs are found through the PATH instead. */
function onHost(
  environment: Readonly<Record<string, string>>,
  overlay: SandboxOverlay | undefined,
): Readonly<Record<string, string>> {
  const own =
    overlay === undefined ? [] : ['usr/bin', 'bin', 'usr/sbin', 'sbin'].map((name) => join(overlay.folder, name));
  return { ...environment, PATH: [...own, process.env['PATH'] ?? '/usr/bin:/bin'].join(':') };
}

/**
 * `git apply` is strict (all hunks or nothing, no fuzz), refuses paths that leave the folder or lead through links, and
 * with a repository that does not exist it reads no settings of one that it might find around it.
 */
async function applyPatch(home: string, patch: Uint8Array): Promise<string | null> {
  const answer = await git({
    args: ['apply', '--whitespace=nowarn', '-p1', '-'],
    cwd: home,
    env: { GIT_DIR: join(home, '..', 'no-repository'), GIT_CEILING_DIRECTORIES: home },
    stdin: patch,
  });
  return answer.exitCode === 0 ? null : answer.trouble;
}

/** A build may leave folders that not even their owner may list. */
async function removeAll(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await openFolders(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(folder, entry.name));
  }
}
