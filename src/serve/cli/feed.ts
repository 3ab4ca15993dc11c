import { Command } from 'commander';
import { resolve } from 'node:path';
import type { FeedCheck } from '../../views/feed/check-feed.ts';
import type { FeedFile } from '../../views/feed/feed-file.ts';
import { feedFiles } from '../../views/feed/feed-files.ts';
import type { FeedWorld } from '../../views/feed/feed-facts.ts';
import { clean } from './layout.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';

export interface FeedCommandDeps {
  /** What the feeds tell, from the store beside the catalog. */
  world(cwd: string, asOf: Temporal.Instant | null): Promise<FeedWorld>;
  /** Replaces the folder whole. */
  write(folder: string, files: readonly FeedFile[]): Promise<void>;
  check(folder: string): Promise<FeedCheck>;
}

export function feedCommand(cli: Cli, open: Open<FeedCommandDeps>): Command {
  const feed = new Command('feed').description('Feeds for scanners: OSV, secdb and OpenVEX, written and checked.');
  feed.addHelpText('after', EXAMPLE);
  feed
    .command('write')
    .description('Writes what the ledger says about our own images into a folder, which is replaced whole.')
    .option('--output <folder>', 'where to', 'feeds')
    .addHelpText('after', '\nExample:\n  $ suture feed write --output public/feeds')
    .action(
      action(cli, async (session, { output }: { output: string }) => {
        const { cwd, asOf, dryRun } = session.globals;
        const deps = await open(session.globals);
        const world = await deps.world(cwd, asOf);
        const files = feedFiles(world);
        const folder = resolve(cwd, output);
        if (!dryRun) await deps.write(folder, files);
        const summary = { files: files.length, lines: world.lines.length, bytes: sizeOf(files) };
        session.answer({
          json: () => ({
            schema: 'suture/feed-write/1',
            generatedAt: session.now(),
            dataAsOf: world.at,
            folder: output,
            written: !dryRun,
            summary,
            items: files.map(({ path, bytes }) => ({ path, sizeBytes: bytes.length })),
          }),
          table: () =>
            ` ${dryRun ? 'would write' : '✔'} ${summary.files} files about ${summary.lines} ${summary.lines === 1 ? 'line' : 'lines'}${dryRun ? ' to' : ' in'} ${clean(output)}\n   as of fact ${world.ledger.seq}, ${world.at.toString({ smallestUnit: 'second' })}\nnext: suture feed check ${clean(output)}`,
          rows: () => files.map(({ path, bytes }) => ({ path, sizeBytes: bytes.length })),
        });
        return 0;
      }),
    );
  feed
    .command('check')
    .description('Reads a folder of feeds as scanners do, and names what is wrong. Exits 2 when anything is.')
    .argument('<folder>', 'one that `suture feed write` wrote, or any other')
    .addHelpText('after', '\nExample:\n  $ suture feed check public/feeds')
    .action(
      action(cli, async (session, folder: string) => {
        const deps = await open(session.globals);
        const { files, records, problems } = await deps.check(resolve(session.globals.cwd, folder));
        const answer = problems.length === 0 ? 'yes' : 'no';
        session.answer({
          json: () => ({
            schema: 'suture/feed-check/1',
            generatedAt: session.now(),
            folder,
            answer,
            summary: { files, records, problems: problems.length },
            items: problems,
          }),
          table: () =>
            [
              ...problems.map(({ file, why }) => ` ✖ ${clean(file)}\n   ${clean(why)}`),
              ` ${answer === 'yes' ? '✔' : '✖'} ${files} files, ${records} records, ${problems.length} problems`,
            ].join('\n'),
          rows: () => problems.map((each) => ({ ...each })),
        });
        return answer === 'yes' ? 0 : 2;
      }),
    );
  return feed;
}

const EXAMPLE = `
Examples:
  $ suture feed write --output public/feeds
  $ suture feed check public/feeds`;

function sizeOf(files: readonly FeedFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
