import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { osvRecordsIn, writeOsvScannerData } from '../../test/support/peer-records.ts';

interface Peer {
  readonly name: string;
  readonly args: (sbom: string, output: string) => readonly string[];
  /** Where its database lies: a folder of SUTURE_BENCH_PEER_DATA, or made of our feeds. Undefined: it has none. */
  readonly variables: (place: Place) => Readonly<Record<string, string>> | undefined;
  readonly findings: (answer: string) => number;
}

interface Place {
  readonly feed: string;
  readonly folder: string;
  readonly given: string | undefined;
}

const PEERS: readonly Peer[] = [
  {
    name: 'osv-scanner',
    args: (sbom, output) => ['scan', 'source', '--offline', '--format', 'json', '--output-file', output, '-L', sbom],
    variables: ({ feed, folder }) => {
      writeOsvScannerData(osvRecordsIn(feed), folder);
      return { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: folder };
    },
    findings: (answer) => {
      const { results } = JSON.parse(answer) as { results: { packages: { groups: unknown[] }[] }[] };
      return results.flatMap(({ packages }) => packages.flatMap(({ groups }) => groups)).length;
    },
  },
  {
    name: 'trivy',
    args: (sbom, output) => ['sbom', '--quiet', '--offline-scan', '--format', 'json', '--output', output, sbom],
    variables: (place) => {
      const cache = givenFolder('trivy', place);
      const still = { TRIVY_SKIP_DB_UPDATE: 'true', TRIVY_SKIP_VERSION_CHECK: 'true' };
      return cache === undefined ? undefined : { TRIVY_CACHE_DIR: cache, ...still };
    },
    findings: (answer) => answer.match(/"VulnerabilityID":/g)?.length ?? 0,
  },
  {
    name: 'grype',
    args: (sbom, output) => [`sbom:${sbom}`, '-q', '-o', 'json', '--file', output],
    variables: (place) => {
      const cache = givenFolder('grype', place);
      const still = {
        GRYPE_DB_AUTO_UPDATE: 'false',
        GRYPE_DB_VALIDATE_AGE: 'false',
        GRYPE_CHECK_FOR_APP_UPDATE: 'false',
      };
      return cache === undefined ? undefined : { GRYPE_DB_CACHE_DIR: cache, ...still };
    },
    findings: (answer) => (JSON.parse(answer) as { readonly matches: readonly unknown[] }).matches.length,
  },
];

/** Wall time, most memory and findings of other scanners on the same document, of those that are installed and have data. */
export async function measuredPeers(
  sbom: string,
  { feed, folder, turns }: { readonly feed: string; readonly folder: string; readonly turns: number },
): Promise<Readonly<Record<string, number>>> {
  const figures: Record<string, number> = {};
  const given = process.env['SUTURE_BENCH_PEER_DATA'];
  for (const { name, args, variables, findings } of PEERS) {
    const program = programNamed(name);
    const own = program === undefined ? undefined : variables({ feed, folder, given });
    if (program === undefined || own === undefined) continue;
    const output = join(folder, `${name}.json`);
    const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), ...own };
    const runs: Run[] = [];
    for (let turn = 0; turn < turns; turn += 1) runs.push(await measured([program, ...args(sbom, output)], env));
    const [fastest] = runs.toSorted((a, b) => a.wallMs - b.wallMs);
    if (fastest === undefined || !existsSync(output)) continue;
    figures[`${name}WallMs`] = Math.round(fastest.wallMs);
    figures[`${name}RssMb`] = Math.round(fastest.rssMb);
    figures[`${name}Findings`] = findings(readFileSync(output, 'utf8'));
  }
  return figures;
}

interface Run {
  readonly wallMs: number;
  readonly rssMb: number;
}

/** The kernel keeps the most memory that a process had (`VmHWM`, proc_pid_status(5)): the last look before its end counts. */
async function measured(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> {
  const [program = '', ...args] = command;
  const start = performance.now();
  const child = spawn(program, args, { env, stdio: 'ignore' });
  let rssMb = 0;
  const look = setInterval(() => {
    rssMb = Math.max(rssMb, peakMb(child.pid));
  }, 20);
  await once(child, 'exit');
  clearInterval(look);
  return { wallMs: performance.now() - start, rssMb };
}

function peakMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+([0-9]+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function givenFolder(name: string, { given }: Place): string | undefined {
  const path = given === undefined ? undefined : join(given, name);
  return path !== undefined && existsSync(path) ? path : undefined;
}

function programNamed(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
