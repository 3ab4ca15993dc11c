import { Command, Option } from 'commander';
import { Failure } from '../../core/failure.ts';
import type { SeverityLevel } from '../../core/match/advisory.ts';
import { dataAge } from '../../core/scan/data-age.ts';
import { defaultPolicy } from '../../core/promise/policy.ts';
import type { ScanRow, ScanView } from '../../views/scan.ts';
import { LEVELS } from '../../views/scan.ts';
import { heedAge } from './max-age.ts';
import type { Cli, Open, Session } from './session.ts';
import { action } from './session.ts';

export interface ScanDeps {
  scan(target: string, request: ScanRequest): Promise<ScanView>;
}

export interface ScanRequest {
  /** Folders, zips and files; empty: those that the catalog names. */
  readonly feeds: readonly string[];
  readonly vex: readonly string[];
  /** Which image, where several lie together. */
  readonly tag?: string;
  readonly architecture?: string;
  /** Who rates, first that does; absent: as the policy has it. */
  readonly severitySources?: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress: (words: string) => void;
}

interface Options {
  readonly feed: readonly string[];
  readonly vex: readonly string[];
  readonly tag?: string;
  readonly architecture?: string;
  readonly severitySource?: readonly string[];
  readonly failOn?: SeverityLevel;
  readonly maxAge?: string;
  readonly onlyFixed?: boolean;
  readonly showSuppressed?: boolean;
  readonly why?: string;
}

export function scanCommand(cli: Cli, open: Open<ScanDeps>): Command {
  return new Command('scan')
    .description('Known vulnerabilities in a bill of materials, an image or a folder, and why each is one.')
    .argument('<target>', 'bom.json, - for one on stdin, image.tar, an OCI layout, host/nginx:1.28, a folder')
    .addOption(
      new Option('--feed <path>', 'advisories: a folder, zip or file; may be repeated').default([]).argParser(added),
    )
    .addOption(
      new Option('--vex <file>', 'OpenVEX document or a folder of them; may be repeated').default([]).argParser(added),
    )
    .addOption(
      new Option(
        '--fail-on <level>',
        'exit 2 when one of that severity or worse is open, 3 when nothing could be assessed',
      ).choices(LEVELS),
    )
    .addOption(
      new Option('--severity-source <names>', `who rates, the first that does: ${SOURCES.join(',')}`).argParser(
        sourcesIn,
      ),
    )
    .option('--max-age <time>', 'exit 69 when the newest record is older: 24h, 7d')
    .option('--only-fixed', 'show only what has a fix, and how many are not shown')
    .option('--show-suppressed', 'show also what somebody says is not affected')
    .option('--why <id>', 'all about one vulnerability: records, ranges, ratings')
    .option('--tag <tag>', 'which image of an archive that holds several')
    .option('--architecture <name>', 'which architecture of an image: amd64, arm64')
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, target: string, options: Options) => {
        const { tag, architecture, severitySource } = options;
        const deps = await open(session.globals);
        const view = await deps.scan(target, {
          feeds: options.feed,
          vex: options.vex,
          ...(tag === undefined ? {} : { tag }),
          ...(architecture === undefined ? {} : { architecture }),
          ...(severitySource === undefined ? {} : { severitySources: severitySource }),
          signal: session.signal,
          onProgress: (words) => session.progress.on({ step: 'feeds', state: 'running', words }),
        });
        await heedAge(view.feeds, options.maxAge, session);
        if (options.why !== undefined) await answerWhy(view, { id: options.why, target }, session);
        else await answerAll(view, options, { session, version: cli.version(), again: again(target, options) });
        return exitCode(view, options);
      }),
    );
}

const EXAMPLE = `
Feeds may be any mixture of what OSV, GitHub, Go, RustSec, RubySec, PyPA, Alpine, Debian, NVD, CISA and FIRST publish. Without
--feed those of the catalog in this folder are used.

Examples:
  $ suture scan bom.cdx.json --feed feeds/
  $ suture scan registry.example/nginx:1.28 --feed feeds/ --fail-on high
  $ suture scan ./rootfs --feed osv-all.zip --vex nginx.openvex.json --format sarif
  $ suture scan bom.cdx.json --feed feeds/ --why CVE-2026-1234`;

function added(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

const SOURCES: readonly string[] = defaultPolicy.severity.sources;

/** `ghsa,nvd`: those that are not named count for nothing. */
function sourcesIn(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !SOURCES.includes(name));
  if (unknown === undefined) return [...new Set(names)];
  throw new Failure('E0902', `--severity-source knows no ${unknown === '' ? 'empty name' : unknown}`, {
    at: text,
    hint: `name some of ${SOURCES.join(', ')}, in the order in which they count`,
  });
}

function again(target: string, { feed, vex, tag, architecture, severitySource }: Options): readonly string[] {
  return [
    target,
    ...feed.flatMap((path) => ['--feed', path]),
    ...vex.flatMap((path) => ['--vex', path]),
    ...(tag === undefined ? [] : ['--tag', tag]),
    ...(architecture === undefined ? [] : ['--architecture', architecture]),
    ...(severitySource === undefined ? [] : ['--severity-source', severitySource.join(',')]),
  ];
}

async function answerAll(
  view: ScanView,
  options: Options,
  {
    session,
    version,
    again: words,
  }: { readonly session: Session; readonly version: string; readonly again: readonly string[] },
): Promise<void> {
  const { scanText } = await import('./scan-text.ts');
  const { encodeSarif } = await import('../../formats/sarif/encode-sarif.ts');
  const shown = { onlyFixed: options.onlyFixed === true, showSuppressed: options.showSuppressed === true };
  const { target, feeds, summary, findings, undetermined, suppressed, notAssessed } = view;
  const items = shown.onlyFixed ? findings.filter(({ fixedIn }) => fixedIn !== null) : findings;
  session.answer({
    json: () => ({
      schema: 'suture/scan/1',
      generatedAt: session.now(),
      dataAsOf: feeds.newestModified,
      dataIsOld: dataAge(feeds.newestModified, session.now()).isOld,
      summary: { ...summary, findings: findings.length, shown: items.length },
      target,
      feeds,
      items,
      undetermined,
      suppressed,
      notAssessed,
      next: null,
    }),
    table: () => scanText(view, { ...shown, again: words }, session),
    rows: () => items.map(flat),
    sarif: () =>
      encodeSarif(
        [
          ...items.map((row) => ({ ...row, score: row.rating.score, suppressedBecause: null })),
          ...suppressed.map((row) => ({ ...row, score: row.rating.score, suppressedBecause: row.because })),
        ],
        { target: target.name, version },
      ),
  });
}

async function answerWhy(
  view: ScanView,
  { id, target }: { readonly id: string; readonly target: string },
  session: Session,
): Promise<void> {
  const named = (rows: readonly ScanRow[], state: string) =>
    rows
      .filter(({ vulnerability, aliases }) => vulnerability === id || aliases.includes(id))
      .map((row) => ({ ...row, state }));
  const rows = [
    ...named(view.findings, 'affected'),
    ...named(view.undetermined, 'to be looked at'),
    ...named(view.suppressed, 'suppressed'),
  ];
  if (rows.length === 0) {
    throw new Failure('E0902', `${id} was not found in ${view.target.name}`, {
      why: 'no record here that bears this name covers anything in it',
      hint: `suture scan ${target} lists what was found, and what was not assessed`,
    });
  }
  const { whyText } = await import('./scan-text.ts');
  session.answer({
    json: () => ({ schema: 'suture/scan-why/1', generatedAt: session.now(), id, items: rows }),
    table: () => whyText(rows, session),
    rows: () => rows.map(flat),
  });
}

function flat({ aliases, rating, records, layer, ...row }: ScanRow): Readonly<Record<string, unknown>> {
  return {
    ...row,
    aliases: aliases.join(' '),
    ratedBy: rating.by,
    layer: layer?.digest ?? layer?.index ?? null,
    records: records.map(({ id }) => id).join(' '),
  };
}

/** Where nothing could be assessed and nothing is stated there is no answer: neither yes nor no, a person must look. */
function exitCode({ findings, summary }: ScanView, { failOn }: Options): number {
  if (failOn === undefined) return 0;
  const bad = LEVELS.slice(0, LEVELS.indexOf(failOn) + 1);
  if (findings.some(({ level }) => bad.includes(level))) return 2;
  return summary.components > 0 && summary.assessed === 0 ? 3 : 0;
}
