import { Failure } from '../../core/failure.ts';
import type { FailureCode, FailureDetail } from '../../core/failure.ts';
import { runBounded } from '../process/run-bounded.ts';

export interface GitCall {
  readonly args: readonly string[];
  /** Folder that it runs in; default `/`, where no repository is found by accident. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array;
  /** Default 60. */
  readonly timeoutSeconds?: number;
  /** Default 16 MiB; more is E0205. */
  readonly outputBytesMax?: number;
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  /** The last line that git wrote about trouble, without its `fatal: `. */
  readonly trouble: string;
}

/** Ways to a repository: a folder of this machine, https, ssh with the user's own keys. */
export type GitProtocol = 'file' | 'https' | 'ssh';

/**
 * Runs git without a shell, prompts, hooks, helpers, or any configuration of the machine or user; any exit code is an
 * answer. E0804 when git is missing or exceeds its time, E0205 when it says more than the bound.
 */
export async function git(call: GitCall): Promise<GitAnswer> {
  const outcome = await runBounded({
    command: ['git', ...ALWAYS, ...call.args],
    cwd: call.cwd ?? '/',
    env: { ...environment(), ...call.env },
    ...(call.stdin === undefined ? {} : { stdin: call.stdin }),
    timeoutSeconds: call.timeoutSeconds ?? 60,
    outputBytesMax: call.outputBytesMax ?? 16 * 1024 ** 2,
    onOverflow: 'kill',
  }).catch((cause: unknown) => {
    throw new Failure('E0804', 'git cannot be started', { cause, hint: 'install git' });
  });
  const command = `git ${call.args[0] ?? ''}`;
  if (outcome.killedBy === 'output') throw new Failure('E0205', `${command} said more than its bound`);
  if (outcome.killedBy === 'timeout') {
    throw new Failure('E0804', `${command} did not end within ${call.timeoutSeconds ?? 60} s`, { retryable: true });
  }
  const said = new TextDecoder().decode(outcome.stderr).trim();
  return { exitCode: outcome.exitCode ?? 128, stdout: outcome.stdout, trouble: lastTrouble(said) };
}

/** The same, for calls that must succeed: otherwise a failure with the given code and the start of its sentence. */
export async function gitOrFail(
  call: GitCall,
  code: FailureCode,
  what: string,
  detail: FailureDetail = {},
): Promise<Uint8Array> {
  const answer = await git(call);
  if (answer.exitCode === 0) return answer.stdout;
  throw new Failure(code, `${what}: ${answer.trouble}`, { retryable: code === 'E0203', ...detail });
}

export async function gitText(...asked: Parameters<typeof gitOrFail>): Promise<string> {
  return new TextDecoder().decode(await gitOrFail(...asked)).trim();
}

/** Settings of a repository itself could run programs: these are switched off for every call. */
const ALWAYS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.version=2',
  'commit.gpgSign=false',
  'core.fsync=committed,reference',
].flatMap((setting) => ['-c', setting]);

function environment(): Record<string, string> {
  const passedOn: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) passedOn[name] = value;
  }
  return {
    PATH: '/usr/bin:/bin',
    ...passedOn,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=20',
    GIT_ALLOW_PROTOCOL: 'file:https',
    GIT_OPTIONAL_LOCKS: '0',
    // Repositories of ours need no samples of hooks.
    GIT_TEMPLATE_DIR: '',
  };
}

/** How to reach the outside, and (HOME) the user's ssh keys. */
const PASSED_ON =
  'PATH HOME SSH_AUTH_SOCK SSL_CERT_FILE SSL_CERT_DIR https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY'.split(
    ' ',
  );

function lastTrouble(said: string): string {
  // Said after every failed fetch, and the line before it says why.
  const lines = said
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith('Could not read from remote repository.'));
  const line = lines.findLast((each) => /^(fatal|error): /.test(each)) ?? lines.at(-1) ?? 'git gave no reason';
  return line.replace(/^(fatal|error): /, '').slice(0, 500);
}
