import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../src/core/invariant.ts';
import type { VersionScheme } from '../src/core/match/advisory.ts';
import { compareVersions } from '../src/core/version/compare.ts';
import type { Measured } from './main.ts';
import { changeFiles } from './support/change-files.ts';
import { someAdvisories } from './support/advisory-rows.ts';
import { measuredPeers } from './support/peer-scanners.ts';

const COMPONENTS = 500;
const TURNS = 5;
const FIXTURES = process.env['SUTURE_FIXTURES'] ?? join(import.meta.dirname, '../../shared/fixtures');
const FEEDS = ['govulndb-osv', 'pypa', 'rustsec', 'rubysec'];

/** `suture scan` of a bill of materials with 500 components as a process of its own: feeds indexed before, and not. */
export async function run(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'suture-bench-'));
  try {
    const named = process.env['SUTURE_BENCH_FEED'];
    const feed = named ?? unpackedFeeds(join(folder, 'feed'));
    const sbom = join(folder, 'bom.cdx.json');
    writeFileSync(sbom, JSON.stringify(billOfMaterials()));
    const environment = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
    const scan = () => timed(sutureScan(sbom, feed), { cwd: folder, environment });
    const cold = scan();
    const warm = Array.from({ length: TURNS }, scan).toSorted((a, b) => a.wallMs - b.wallMs)[0];
    // Somebody's own feed is not ours to change.
    const afterChange = named === undefined ? [afterChangeMs(feed, scan)] : [];
    const bare = Math.min(
      ...Array.from({ length: TURNS }, () => timed(NODE_ALONE, { cwd: folder, environment }).wallMs),
    );
    invariant(warm !== undefined, 'it was measured');
    const report = JSON.parse(warm.out) as Report;
    invariant(report.summary.findings > 0, 'something is found');
    const peers = await measuredPeers(sbom, { feed, folder, turns: TURNS });
    return {
      figures: {
        wallMs: Math.round(warm.wallMs),
        rssMb: Math.round(warm.rssMb),
        overNodeMs: Math.round(warm.wallMs - bare),
        feedsReadAnewMs: Math.round(cold.wallMs),
        ...Object.fromEntries(afterChange.map((ms) => ['afterChangeMs', Math.round(ms)])),
        components: report.summary.components,
        findings: report.summary.findings,
        ...(Object.keys(peers).length === 0 ? {} : { findingsGoAndPython: inGoAndPython(report), ...peers }),
      },
      ratio: ratioOf({ cold: cold.wallMs, warm: warm.wallMs, peers }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The quietest of several turns, each after another change of as many files. */
function afterChangeMs(feed: string, scan: () => { readonly wallMs: number }): number {
  const turns = Array.from({ length: TURNS }, () => {
    changeFiles(feed, FILES_CHANGED);
    return scan().wallMs;
  });
  return Math.min(...turns);
}

const FILES_CHANGED = 20;

interface Report {
  readonly summary: { readonly findings: number; readonly components: number };
  readonly items: readonly { readonly purl: string }[];
}

/** What the peers have data of: two of the four feeds are in OSV's form. */
function inGoAndPython({ items }: Report): number {
  return items.filter(({ purl }) => /^pkg:(?:golang|pypi)\//.test(purl)).length;
}

/** Against the fastest of the other scanners, or against ourselves where there is none. */
function ratioOf({
  cold,
  warm,
  peers,
}: {
  readonly cold: number;
  readonly warm: number;
  readonly peers: Readonly<Record<string, number>>;
}): Measured['ratio'] {
  const times = Object.entries(peers).filter(([name]) => name.endsWith('WallMs'));
  const [fastest] = times.toSorted(([, a], [, b]) => a - b);
  const [name, wallMs] = fastest ?? ['reading the feeds each time', cold];
  return { against: name.replace(/WallMs$/, ''), value: Number((wallMs / warm).toPrecision(3)) };
}

const SUTURE = join(import.meta.dirname, '../bin/suture');
const NODE_ALONE = ['sh', join(import.meta.dirname, '../bin/node'), '-e', '0'];

function sutureScan(sbom: string, feed: string): readonly string[] {
  return ['sh', SUTURE, 'scan', sbom, '--feed', feed, '--json', '--progress', 'none'];
}

/** Wall time, and the most memory that the process had: GNU time would be one more program to need, `/proc` is there. */
function timed(
  command: readonly string[],
  { cwd, environment }: { readonly cwd: string; readonly environment: NodeJS.ProcessEnv },
): { readonly wallMs: number; readonly rssMb: number; readonly out: string } {
  const [program = '', ...args] = command;
  const report = join(cwd, 'rss');
  const env = { ...environment, NODE_OPTIONS: `--import=${rssReporter(cwd)}`, SUTURE_BENCH_RSS: report };
  const start = performance.now();
  const { stdout, status, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const wallMs = performance.now() - start;
  invariant(status === 0 || program !== 'sh', `the scan ends well: ${stderr.slice(-500)}`);
  return { wallMs, rssMb: existsSync(report) ? Number(readFileSync(report, 'utf8')) / 1024 : 0, out: stdout };
}

function rssReporter(folder: string): string {
  const file = join(folder, 'rss.mjs');
  const write = 'writeFileSync(process.env.SUTURE_BENCH_RSS, String(process.resourceUsage().maxRSS))';
  writeFileSync(file, `import { writeFileSync } from 'node:fs';\nprocess.on('exit', () => ${write});\n`);
  return file;
}

/** Real advisories where they lie beside the checkout, else made-up ones in OSV form. */
function unpackedFeeds(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const archives = FEEDS.map((name) => join(FIXTURES, 'advisories', `${name}.tar.xz`)).filter((path) =>
    existsSync(path),
  );
  for (const [index, archive] of archives.entries()) {
    const into = join(folder, FEEDS[index] ?? 'feed');
    mkdirSync(into);
    spawnSync('tar', ['-xJf', archive, '-C', into]);
  }
  if (archives.length === 0) writeFileSync(join(folder, 'made-up.json'), JSON.stringify(madeUp()));
  return folder;
}

function madeUp(): unknown {
  const events = [{ introduced: '0' }, { fixed: '2.0.0' }];
  const affected = [{ package: { ecosystem: 'npm', name: 'made-up' }, ranges: [{ type: 'SEMVER', events }] }];
  return { id: 'OSV-2026-1', modified: '2026-01-01T00:00:00Z', affected };
}

/** Packages that advisories speak of, at the newest version that mends something; each tenth at the oldest. */
function billOfMaterials(): unknown {
  const statements = someAdvisories().sources.flatMap(({ records }) => records.flatMap(({ affected }) => affected));
  const mended = statements.flatMap(({ package: name, scheme, ranges }) =>
    ranges.flatMap(({ fixed }) => (fixed === null ? [] : [{ name, scheme, fixed }])),
  );
  const packages = [...Map.groupBy(mended, ({ name }) => name)].filter(([name]) => LANGUAGES.test(name));
  const step = Math.max(1, Math.floor(packages.length / COMPONENTS));
  const chosen = packages.filter((_, index) => index % step === 0).slice(0, COMPONENTS - 1);
  const components = [['pkg:npm/made-up', '1.0.0'] as const, ...chosen.map(versioned)].map(([name, version]) => {
    const purl = `${name}@${encodeURIComponent(version)}`;
    return { type: 'library', name: name.slice(name.indexOf('/') + 1), version, purl, 'bom-ref': purl };
  });
  return { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components };
}

const LANGUAGES = /^pkg:(?:npm|pypi|golang|cargo|gem)\//;

interface Mended {
  readonly scheme: VersionScheme;
  readonly fixed: string;
}

function versioned([name, all]: readonly [string, readonly Mended[]], index: number): readonly [string, string] {
  const sorted = all.toSorted((a, b) => compareVersions(a.scheme, a.fixed, b.fixed)).map(({ fixed }) => fixed);
  return [name, sorted.at(index % 10 === 0 ? 0 : -1) ?? '1.0.0'];
}
