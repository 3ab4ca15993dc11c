import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { digestOf } from '../../core/digest.ts';
import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import { encodeIndex } from '../../formats/advisory-index/encode-index.ts';
import { encodeEpssTable } from '../../formats/epss/epss-table.ts';
import { crashPoint } from '../crash-point.ts';
import { encodeKeptFiles, type KeptFiles } from './kept-file.ts';
import type { AboutLayer } from './open-part.ts';
import { writeRecords } from './record-store.ts';

export const PART_FILES = { index: 'index', about: 'about.json', epss: 'epss', files: 'files.json', seal: 'seal' };

export interface LayerContent {
  /** The name of its section in the index. */
  readonly source: string;
  readonly records: readonly AdvisoryRecord[];
  readonly scores: readonly AdvisoryRecord[];
  readonly kept: KeptFiles;
  readonly about: Pick<AboutLayer, 'part' | 'isBase' | 'over'>;
}

/** Keeps a layer in a folder, which is there whole or not at all. */
export async function keepLayer(folder: string, content: LayerContent): Promise<void> {
  const { source, records, scores, kept, about } = content;
  const fresh = join(dirname(folder), `${unfinished(folder)}${randomUUID()}`);
  await mkdir(fresh, { recursive: true });
  try {
    await writeFile(join(fresh, PART_FILES.index), encodeIndex([{ source, records }]));
    await writeRecords(fresh, records);
    const epss = encodeEpssTable(scores);
    await writeFile(join(fresh, PART_FILES.epss), epss);
    const { text, digest } = encodeKeptFiles(kept);
    await writeFile(join(fresh, PART_FILES.files), text);
    const layer: AboutLayer = { ...about, records: records.length, epssBytes: epss.length, filesDigest: digest };
    await writeFile(join(fresh, PART_FILES.about), JSON.stringify(layer));
    if (layer.over !== null) await writeFile(join(fresh, PART_FILES.seal), sealOf(fresh));
    await Promise.all((await readdir(fresh)).map((name) => sync(join(fresh, name))));
    await sync(fresh);
    crashPoint('part of a feed indexed');
    await rename(fresh, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another process made it meanwhile
    });
    await sync(dirname(folder));
    crashPoint('part of a feed in its place');
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** How names of folders begin that are to become this one, or the same part as it was at another time. */
export function unfinished(folder: string): string {
  const [key = ''] = basename(folder).split('-');
  return `.${key}-`;
}

/** Whether every file in it is, byte for byte, what was written. */
export function isSealed(folder: string): boolean {
  return readFileSync(join(folder, PART_FILES.seal), 'utf8') === sealOf(folder);
}

function sealOf(folder: string): string {
  const names = readdirSync(folder).filter((name) => name !== PART_FILES.seal);
  return digestOf(
    names
      .toSorted()
      .map((name) => `${name} ${digestOf(readFileSync(join(folder, name)))}`)
      .join('\n'),
  );
}

async function sync(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}
