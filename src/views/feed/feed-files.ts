import { type FeedFile, feedSchema, indexEntry, indexPath, jsonFile } from './feed-file.ts';
import type { FeedWorld } from './feed-facts.ts';
import { judgedVulnerabilities } from './own-verdicts.ts';
import { osvFiles } from './osv-files.ts';
import { secdbFiles } from './secdb-files.ts';
import { vexFiles } from './vex-files.ts';

/**
 * Every file of the feeds, in the order of their paths; the same ledger gives the same bytes. The folder's own list comes
 * last.
 */
export function feedFiles(world: FeedWorld): readonly FeedFile[] {
  const judged = judgedVulnerabilities(world);
  const files = [...osvFiles(judged, world), ...secdbFiles(judged, world), ...vexFiles(world)].toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  const index = {
    schema: feedSchema,
    publisher: world.publisher,
    dataAsOf: world.at.toString(),
    ledger: world.ledger,
    files: files.map(indexEntry),
  };
  return [...files, jsonFile(indexPath, index)];
}
