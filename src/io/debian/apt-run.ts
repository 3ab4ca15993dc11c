import { Failure } from '../../core/failure.ts';
import { runBounded } from '../process/run-bounded.ts';
import { findProgram } from '../sandbox/find-program.ts';

export interface AptCall {
  readonly program: 'apt-get' | 'apt-helper' | 'apt-config';
  readonly args: readonly string[];
  /** The configuration that comes before all others; null for the user's own. */
  readonly configFile: string | null;
  readonly timeoutSeconds: number;
  /** No file that it writes grows beyond this, where util-linux's prlimit is there. */
  readonly fileBytesMax: number;
}

export interface AptAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const OUTPUT_BYTES_MAX = 16 * 1024 ** 2;

/**
 * Runs a program of apt without a shell; any exit code is an answer. E0203 when apt is not installed or exceeds its
 * time, E0205 when it says more than its bound.
 */
export async function runApt(call: AptCall): Promise<AptAnswer> {
  const program = call.program === 'apt-helper' ? APT_HELPER : call.program;
  const limit = await findProgram('prlimit');
  const limits = limit === undefined ? [] : [limit, `--fsize=${call.fileBytesMax}`, '--core=0', '--'];
  if ((await findProgram('apt-get')) === undefined) throw aptIsMissing();
  const outcome = await runBounded({
    command: [...limits, program, ...call.args],
    cwd: '/',
    env: { ...environment(), ...(call.configFile === null ? {} : { APT_CONFIG: call.configFile }) },
    timeoutSeconds: call.timeoutSeconds,
    outputBytesMax: OUTPUT_BYTES_MAX,
    onOverflow: 'kill',
  }).catch((cause: unknown) => {
    throw aptIsMissing(cause);
  });
  if (outcome.killedBy === 'output') throw new Failure('E0205', `${call.program} said more than its bound`);
  if (outcome.killedBy === 'timeout') {
    throw new Failure('E0203', `${call.program} did not end within ${call.timeoutSeconds} s`, { retryable: true });
  }
  const text = new TextDecoder();
  return {
    exitCode: outcome.exitCode ?? 128,
    stdout: text.decode(outcome.stdout),
    stderr: text.decode(outcome.stderr),
  };
}

/** Where Debian's own scripts call it; it is on no PATH. */
const APT_HELPER = '/usr/lib/apt/apt-helper';

function aptIsMissing(cause?: unknown): Failure {
  return new Failure('E0203', 'apt cannot be started: packages of Debian cannot be fetched', {
    cause,
    hint: 'run where apt is installed (Debian and its descendants)',
  });
}

/** How to reach the outside, and the user's own first configuration file (apt.conf(5)). */
const PASSED_ON = 'HOME TMPDIR http_proxy https_proxy ftp_proxy all_proxy no_proxy APT_CONFIG'.split(' ');

function environment(): Record<string, string> {
  const found: Record<string, string> = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
