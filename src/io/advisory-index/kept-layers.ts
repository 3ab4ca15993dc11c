import { statSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import { type KeptFile, type KeptFiles, parseKeptFiles } from './kept-file.ts';
import type { PartFile } from './look-at-part.ts';
import { type Layer, openLayer } from './open-part.ts';
import { PART_FILES, unfinished } from './part-folder.ts';

/** A layer with the files that it was made of. */
export interface KeptLayer extends Layer {
  readonly kept: KeptFiles;
  /** Where its records begin, and the file itself. */
  readonly files: ReadonlyMap<string, PlacedFile>;
}

export interface PlacedFile {
  readonly file: KeptFile;
  readonly from: number;
}

/** What is kept of a part as it was: all of it, and what was last laid over that. Undefined when nothing is, or it is damaged. */
export async function keptLayers(
  folder: string,
): Promise<{ readonly base: KeptLayer; readonly last: KeptLayer | undefined } | undefined> {
  const layers: KeptLayer[] = [];
  for (const name of await sameParts(folder)) {
    const layer = await keptLayer(join(dirname(folder), name));
    if (layer !== undefined) layers.push(layer);
  }
  const base = layers.find(({ about }) => about.isBase);
  const last = layers.find(({ about }) => about.over !== null && about.over.indexDigest === base?.index.digest);
  for (const layer of layers) if (layer !== base && layer !== last) layer.store.close();
  if (base !== undefined) return { base, last };
  last?.store.close();
  return undefined;
}

/** All that a layer holds of a file. */
export function recordsIn({ files, store }: KeptLayer, name: string): readonly AdvisoryRecord[] {
  const placed = files.get(name);
  if (placed === undefined) return [];
  return Array.from({ length: placed.file.records }, (_, at) => store.at(placed.from + at));
}

/** What it holds of a file that has not changed since. */
export function unchangedIn({ files }: KeptLayer, { name, mark }: PartFile): KeptFile | undefined {
  const placed = files.get(name);
  return placed?.file.mark === mark ? placed.file : undefined;
}

/** Who has one open keeps what it was. One that was being written an hour ago belongs to a process that is no more. */
export async function removeOlder(folder: string, base: string | undefined): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    const path = join(dirname(folder), name);
    if (name.startsWith(unfinished(folder)) && ageMs(path) > ABANDONED_MS)
      await rm(path, { recursive: true, force: true });
  }
  for (const name of await sameParts(folder)) {
    if (name !== base) await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

const ABANDONED_MS = 3_600_000;

function ageMs(path: string): number {
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return written === undefined ? 0 : Temporal.Now.instant().epochMilliseconds - written;
}

/** Other folders of the same part, as it was at another time. */
async function sameParts(folder: string): Promise<readonly string[]> {
  const [key = ''] = basename(folder).split('-');
  const names = await readdir(dirname(folder));
  return names.filter((name) => name.startsWith(`${key}-`) && name !== basename(folder)).toSorted();
}

async function keptLayer(folder: string): Promise<KeptLayer | undefined> {
  let layer: Layer | undefined;
  try {
    layer = openLayer(folder);
    const kept = parseKeptFiles(await readFile(join(folder, PART_FILES.files), 'utf8'), layer.about.filesDigest);
    if (kept !== undefined) return { ...layer, kept, files: placed(kept.files) };
  } catch {
    // Not there whole, damaged, or of another form: nothing can be made of it.
  }
  layer?.store.close();
  return undefined;
}

function placed(files: readonly KeptFile[]): ReadonlyMap<string, PlacedFile> {
  let from = 0;
  return new Map(
    files.map((file) => {
      const entry = [file.name, { file, from }] as const;
      from += file.records;
      return entry;
    }),
  );
}
