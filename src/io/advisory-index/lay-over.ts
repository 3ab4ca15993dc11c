import { basename } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import { aboutFiles } from './about-files.ts';
import { type ChangedFiles, changedFiles, fileAtPlace, filesBeside, isSmall } from './changed-files.ts';
import { expandZips, type PartItems } from './expand-zips.ts';
import type { FeedSourcePart } from './feed-sources.ts';
import { type KeptFile, keptFile } from './kept-file.ts';
import { type KeptLayer, keptLayers, recordsIn, unchangedIn } from './kept-layers.ts';
import type { LaidOver } from './laid-over.ts';
import type { FullLook, PartFile } from './look-at-part.ts';
import { keepLayer } from './part-folder.ts';
import { emptyRead, readFiles } from './read-files.ts';

/**
 * Reads only what changed of a part since it was read as a whole, and keeps it in a folder as a layer over that; answers the
 * name of the folder that it lies over. Undefined when all of it has to be read anew: nothing is kept, too much changed, or
 * what changed is not of one file each.
 */
export async function layOver(
  part: FeedSourcePart,
  folder: string,
  { look, now }: { readonly look: FullLook; readonly now: Temporal.Instant },
): Promise<string | undefined> {
  const layers = await keptLayers(folder);
  if (layers === undefined) return undefined;
  const { base, last } = layers;
  try {
    const items = await expandZips(part, look, membersIn(base));
    if (items.problems.length > 0) return undefined;
    const changed = changedFiles(items.files, base);
    const found = await readChanged(changed, { base, last, items, now });
    if (found === undefined) return undefined;
    const above = items.files.flatMap(({ name }) => found.get(name) ?? []);
    const files = items.files.flatMap((file) => found.get(file.name)?.kept ?? base.files.get(file.name)?.file ?? []);
    await keepLayer(folder, {
      source: part.path,
      records: above.flatMap(({ records }) => records),
      scores: [],
      kept: { zips: items.zips, files: above.map(({ kept }) => kept) },
      about: {
        part: aboutFiles(files, { problems: [], links: look.links }),
        isBase: false,
        over: laidOver(base, changed, above),
      },
    });
    return basename(base.folder);
  } catch (error) {
    // The base is damaged in a place that nobody had asked for: then all of it is read anew.
    if (error instanceof Failure && error.code === 'E0803') return undefined;
    throw error;
  } finally {
    base.store.close();
    last?.store.close();
  }
}

/** Of a zip that is as it was when all was read. */
function membersIn({ kept }: KeptLayer): Parameters<typeof expandZips>[2] {
  const marks = new Map(kept.zips.map(({ name, mark }) => [name, mark]));
  return ({ name, mark }) =>
    marks.get(name) === mark ? kept.files.filter((file) => file.name.startsWith(`${name}!`)) : undefined;
}

interface Found {
  readonly kept: KeptFile;
  readonly records: readonly AdvisoryRecord[];
}

interface Known {
  readonly base: KeptLayer;
  readonly last: KeptLayer | undefined;
  readonly items: PartItems;
  readonly now: Temporal.Instant;
}

/**
 * What the changed files hold, by name; read, or taken over from what was kept. Adds to them, round by round, those that
 * share a record with one of them.
 */
async function readChanged(
  changed: ChangedFiles,
  { base, last, items, now }: Known,
): Promise<ReadonlyMap<string, Found> | undefined> {
  const fileAt = fileAtPlace(base);
  const found = new Map<string, Found>();
  let news: readonly PartFile[] = [...changed.there.values()];
  let before: readonly string[] = [...changed.gone, ...changed.there.keys()];
  while (before.length > 0) {
    if (!isSmall(changed, base)) return undefined;
    const kept = news.flatMap((file) => takenOver(file, last) ?? []);
    for (const each of kept) found.set(each.kept.name, each);
    const unread = news.filter(({ name }) => !found.has(name));
    const { read, problems } = await readFiles(unread, items.zips, now);
    if (problems.length > 0) return undefined;
    for (const file of unread) {
      const content = read.get(file.name) ?? emptyRead();
      if (content.scores.length > 0) return undefined;
      found.set(file.name, { kept: keptFile(file, content, now), records: content.records });
    }
    const records = [
      ...before.flatMap((name) => recordsIn(base, name)),
      ...news.flatMap(({ name }) => found.get(name)?.records ?? []),
    ];
    news = filesBeside(records, base, fileAt).filter(({ name }) => !changed.there.has(name) && !changed.gone.has(name));
    for (const file of news) changed.there.set(file.name, file);
    before = news.map(({ name }) => name);
  }
  return found;
}

/** Only from the layer above, of which every byte was compared; of the base, what it says is read again. */
function takenOver(file: PartFile, last: KeptLayer | undefined): Found | undefined {
  const kept = last === undefined ? undefined : unchangedIn(last, file);
  return last === undefined || kept === undefined ? undefined : { kept, records: recordsIn(last, file.name) };
}

function laidOver(base: KeptLayer, { there, gone }: ChangedFiles, above: readonly Found[]): LaidOver {
  const hidden: [number, number][] = [];
  for (const { file, from } of base.files.values()) {
    if (file.records > 0 && (gone.has(file.name) || there.has(file.name))) hidden.push([from, from + file.records]);
  }
  return {
    base: basename(base.folder),
    indexDigest: base.index.digest,
    hidden,
    before: beforeWhich([...base.files.values()], above),
  };
}

/** Both are in the order of names. */
function beforeWhich(below: readonly { readonly file: KeptFile; readonly from: number }[], above: readonly Found[]) {
  const before: [number, number][] = [];
  let [next, from, basePlace] = [0, 0, 0];
  for (const { kept } of above) {
    for (; next < below.length && (below[next]?.file.name ?? '') < kept.name; next += 1) {
      basePlace = (below[next]?.from ?? 0) + (below[next]?.file.records ?? 0);
    }
    before.push([from, basePlace]);
    from += kept.records;
  }
  return before;
}
