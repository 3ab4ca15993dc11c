/** The words of the sandbox: what is run, where, and what came of it. */

export type IsolationKind = 'bubblewrap' | 'unshare' | 'none';

/** How commands can be isolated on this machine, and which limits hold. */
export interface Isolation {
  readonly kind: IsolationKind;
  /** One sentence for `doctor` and provenance. */
  readonly detail: string;
  readonly limits: SandboxLimits;
}

export interface SandboxLimits {
  /** `cgroup`: all processes together; `per-process`: each one (RLIMIT_DATA); `none`: not bounded. */
  readonly memory: 'cgroup' | 'per-process' | 'none';
  /** `cgroup`: of this run; `per-user`: with whatever else the user runs (RLIMIT_NPROC). */
  readonly processes: 'cgroup' | 'per-user' | 'none';
  /** The time limit kills the whole tree (`tree`), or its process group (`group`, a process may leave it). */
  readonly time: 'tree' | 'group';
}

export interface SandboxRun {
  /** Folder that becomes `/`, read-only. Mount points that it lacks are made in it as empty folders. */
  readonly root: string;
  readonly mounts: readonly SandboxMount[];
  readonly command: readonly string[];
  /** Path inside. */
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryBytes: number;
  /** Of stdout and stderr each; the end is kept. */
  readonly outputBytesMax: number;
  /** There is no way to ask for one. */
  readonly network: false;
  readonly overlay?: SandboxOverlay;
  /** Default 512. */
  readonly processesMax?: number;
  /** Default 1000:1000. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface SandboxMount {
  /** Folder on the host. */
  readonly from: string;
  /** Absolute path inside. */
  readonly to: string;
  readonly writable: boolean;
}

/** The run sees the root with this folder's files laid over it; the root itself stays as it is. */
export interface SandboxOverlay {
  readonly folder: string;
  /** Whether the command may write to the result (which is thrown away afterwards). */
  readonly writable: boolean;
}

export interface SandboxResult {
  /** Null when it was killed. */
  readonly exitCode: number | null;
  /** The end of what it wrote, as text. */
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes of output that were not kept. */
  readonly droppedBytes: number;
  readonly killedBy: 'timeout' | 'memory' | 'signal' | null;
  readonly seconds: number;
  readonly isolation: IsolationKind;
}
