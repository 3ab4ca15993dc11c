import type { CompareDeps } from './compare.ts';
import type { ConfigDeps } from './config.ts';
import type { DemoDeps } from './demo.ts';
import type { DiffDeps } from './diff.ts';
import type { DoctorDeps } from './doctor.ts';
import type { ExplainDeps } from './explain.ts';
import type { FeedCommandDeps } from './feed.ts';
import type { InitDeps } from './init.ts';
import type { LedgerDeps } from './ledger-deps.ts';
import type { PlanDeps } from './plan.ts';
import type { ReplayDeps } from './replay.ts';
import type { CommandEntry } from './run-cli.ts';
import type { ReportCommandDeps } from './report.ts';
import type { RunDeps } from './run.ts';
import type { ScanDeps } from './scan.ts';
import type { ServeDeps } from './serve.ts';
import type { Open } from './session.ts';
import type { StatusDeps } from './status.ts';
import type { VerifyDeps } from './verify.ts';

/** How each command gets what it needs; what is not here is not a command. */
export interface Opens {
  readonly demo: Open<DemoDeps>;
  readonly init: Open<InitDeps>;
  readonly doctor: Open<DoctorDeps>;
  readonly run: Open<RunDeps>;
  readonly status: Open<StatusDeps>;
  readonly plan: Open<PlanDeps>;
  readonly explain: Open<ExplainDeps>;
  readonly diff: Open<DiffDeps>;
  readonly verify: Open<VerifyDeps>;
  readonly report: Open<ReportCommandDeps>;
  readonly scan: Open<ScanDeps>;
  readonly feed: Open<FeedCommandDeps>;
  readonly compare: Open<CompareDeps>;
  readonly replay: Open<ReplayDeps>;
  readonly serve: Open<ServeDeps>;
  readonly config: Open<ConfigDeps>;
  readonly ledger: Open<LedgerDeps>;
}

/** The tree of commands, in the order in which a newcomer meets them. Code is loaded when a command is called. */
export function commandTree(opens: Partial<Opens>): readonly CommandEntry[] {
  return [
    entry('demo', 'the whole story on this machine, no network', opens.demo, async (cli, open) =>
      (await import('./demo.ts')).demoCommand(cli, open),
    ),
    entry(
      'init',
      'write a catalog to start from',
      opens.init,
      async (cli, open) => (await import('./init.ts')).initCommand(cli, open),
      ['dry-run'],
    ),
    entry('doctor', 'what works on this machine, and a fix for what does not', opens.doctor, async (cli, open) =>
      (await import('./doctor.ts')).doctorCommand(cli, open),
    ),
    entry('run', 'do what is to be done, then stop', opens.run, async (cli, open) =>
      (await import('./run.ts')).runCommand(cli, open),
    ),
    entry(
      'status',
      'the deadline board',
      opens.status,
      async (cli, open) => (await import('./status.ts')).statusCommand(cli, open),
      ['as-of'],
    ),
    entry('plan', 'what would be done, why and by when', opens.plan, async (cli, open) =>
      (await import('./plan.ts')).planCommand(cli, open),
    ),
    entry(
      'explain',
      'why: a vulnerability, line, digest or error code',
      opens.explain,
      async (cli, open) => (await import('./explain.ts')).explainCommand(cli, open),
      ['as-of'],
    ),
    entry(
      'diff',
      'what changed between two published images',
      opens.diff,
      async (cli, open) => (await import('./diff.ts')).diffCommand(cli, open),
      ['as-of'],
    ),
    entry('verify', 'for people who pull: may I trust this image?', opens.verify, async (cli, open) =>
      (await import('./verify.ts')).verifyCommand(cli, open),
    ),
    entry(
      'report',
      'how the promise was kept in a period, with its proof',
      opens.report,
      async (cli, open) => (await import('./report.ts')).reportCommand(cli, open),
      ['as-of'],
    ),
    entry('scan', 'known vulnerabilities in an SBOM, an image or a folder', opens.scan, async (cli, open) =>
      (await import('./scan.ts')).scanCommand(cli, open),
    ),
    entry(
      'feed',
      'feeds for scanners: OSV, secdb, OpenVEX',
      opens.feed,
      async (cli, open) => (await import('./feed.ts')).feedCommand(cli, open),
      ['as-of', 'dry-run'],
    ),
    entry('compare', 'which of two versions is lower, in any ecosystem', opens.compare, async (cli, open) =>
      (await import('./compare.ts')).compareCommand(cli, open),
    ),
    entry('replay', 'how fast fixes would have been here, over a recorded history', opens.replay, async (cli, open) =>
      (await import('./replay.ts')).replayCommand(cli, open),
    ),
    entry('serve', 'the daemon, with its pages', opens.serve, async (cli, open) =>
      (await import('./serve.ts')).serveCommand(cli, open),
    ),
    entry('config', 'check and show the catalog, and its schemas', opens.config, async (cli, open) =>
      (await import('./config.ts')).configCommand(cli, open),
    ),
    entry(
      'ledger',
      'list the facts, and check that none was changed',
      opens.ledger,
      async (cli, open) => (await import('./ledger.ts')).ledgerCommand(cli, open),
      ['as-of'],
    ),
  ].flat();
}

function entry<Deps>(
  name: string,
  summary: string,
  open: Open<Deps> | undefined,
  load: (cli: Parameters<CommandEntry['load']>[0], open: Open<Deps>) => ReturnType<CommandEntry['load']>,
  honours: NonNullable<CommandEntry['honours']> = [],
): readonly CommandEntry[] {
  return open === undefined ? [] : [{ name, summary, honours, load: (cli) => load(cli, open) }];
}
