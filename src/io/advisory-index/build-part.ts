import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import { aboutFiles } from './about-files.ts';
import { expandZips } from './expand-zips.ts';
import type { FeedSourcePart } from './feed-sources.ts';
import { keptFile, newer } from './kept-file.ts';
import type { FullLook } from './look-at-part.ts';
import { keepLayer } from './part-folder.ts';
import { emptyRead, readFiles } from './read-files.ts';

/** Reads all of a part and keeps what it says in a folder. */
export async function buildPart(
  part: FeedSourcePart,
  folder: string,
  { look, now }: { readonly look: FullLook; readonly now: Temporal.Instant },
): Promise<void> {
  const { files, zips, problems: unlisted } = await expandZips(part, look);
  const { read, problems: unread } = await readFiles(files, zips, now);
  const problems = [...unlisted, ...unread];
  const records: AdvisoryRecord[] = [];
  const scores: AdvisoryRecord[] = [];
  const kept = files.map((file) => {
    const found = read.get(file.name) ?? emptyRead();
    for (const record of found.records) records.push(record);
    for (const score of found.scores) scores.push(score);
    return keptFile(file, found, now);
  });
  const about = aboutFiles(kept, { problems, links: look.links });
  await keepLayer(folder, {
    source: part.path,
    records,
    scores,
    kept: { zips, files: kept },
    about: {
      part: records.length === 0 ? { ...about, newestModified: newestScore(scores, now) } : about,
      isBase: problems.length === 0 && scores.length === 0,
      over: null,
    },
  });
}

function newestScore(scores: readonly AdvisoryRecord[], now: Temporal.Instant): string | null {
  const undated = now.toString();
  let newest: string | null = null;
  for (const { modified } of scores) if (modified !== undated) newest = newer(newest, modified);
  return newest;
}
