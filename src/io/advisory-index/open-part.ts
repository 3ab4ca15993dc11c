import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Digest } from '../../core/digest.ts';
import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import type { RecordSource } from '../../core/scan/record-source.ts';
import type { AdvisoryIndex } from '../../formats/advisory-index/open-index.ts';
import { openEpssTable } from '../../formats/epss/epss-table.ts';
import { type LaidOver, mergedPlaces } from './laid-over.ts';
import { isSealed, PART_FILES } from './part-folder.ts';
import { readIndex } from './read-index.ts';
import { openRecords, type RecordStore } from './record-store.ts';

/** What a part of a feed was found to hold; kept beside its index. */
export interface AboutPart {
  readonly records: number;
  /** How many items or records cannot be used, and the first of them in words. */
  readonly broken: number;
  readonly problems: readonly string[];
  readonly newestModified: string | null;
  readonly ecosystems: readonly string[];
  /** What others state about their products is not an advisory: documents that were passed over. */
  readonly statements: number;
  readonly passedOver: PassedOver;
}

/** What is there and can say nothing of any version. */
export interface PassedOver {
  /** Links within the feed, which are not followed. */
  readonly links: number;
  /** Entries of OSV records that name no version and no range of any, as those that tell of commits alone. */
  readonly versionless: number;
}

/** `about.json` of a layer. */
export interface AboutLayer {
  /** Of the part as a whole, with what this layer lies over. */
  readonly part: AboutPart;
  /** In this layer. */
  readonly records: number;
  /** Size of the table of probabilities: cut off, it would give wrong ones. */
  readonly epssBytes: number;
  /** Of the list of files that this layer was made of. */
  readonly filesDigest: Digest;
  /** Whether a change may be laid over it: each thing in it is known to be of one file. */
  readonly isBase: boolean;
  readonly over: LaidOver | null;
}

/** A folder that buildPart() or layOver() made. */
export interface Layer {
  readonly folder: string;
  readonly about: AboutLayer;
  readonly index: AdvisoryIndex;
  readonly store: RecordStore;
}

export interface OpenPart extends Pick<RecordSource, 'on' | 'about' | 'named' | 'epss'> {
  readonly path: string;
  readonly holds: AboutPart;
  readonly close: () => void;
}

/** A part as it is kept. Throws, whatever is wrong, when it is not there whole. */
export function openPart(path: string, folder: string): OpenPart {
  const top = openLayer(folder);
  const { over } = top.about;
  const layers = over === null ? [top] : [openBase(top, over), top];
  const epss = readFileSync(join(folder, PART_FILES.epss));
  if (epss.length !== top.about.epssBytes) throw new Error(`${folder}/epss has another size than it had`);
  /** In the order in which one layer of all files would have them. */
  const merged = (ask: (layer: Layer) => readonly number[]): readonly AdvisoryRecord[] => {
    const places = layers.map((layer) => ask(layer));
    if (over === null) return (places[0] ?? []).map((place) => top.store.at(place));
    const ordered = mergedPlaces({ base: places[0] ?? [], over: places[1] ?? [] }, over);
    return ordered.flatMap(({ layer, place }) => layers[layer]?.store.at(place) ?? []);
  };
  return {
    path,
    holds: top.about.part,
    on: ({ upstream, stream, version }) =>
      merged(({ index }) => index.lookup({ package: upstream, stream, version }).map(({ position }) => position)),
    about: ({ upstream, stream }) =>
      merged(({ index }) =>
        index
          .about({ package: upstream, stream })
          .flat()
          .toSorted((a, b) => a - b),
      ),
    named: (id) => merged(({ store }) => store.placesOf(id)),
    epss: openEpssTable(epss),
    close: () => {
      for (const { store } of layers) store.close();
    },
  };
}

/** One layer alone. What lies over another is small, and all of it is compared with what was written. */
export function openLayer(folder: string): Layer {
  const about = JSON.parse(readFileSync(join(folder, PART_FILES.about), 'utf8')) as AboutLayer; // written by keepLayer()
  if (about.over !== null && !isSealed(folder)) throw new Error(`${folder} is not as it was written`);
  const index = readIndex(join(folder, PART_FILES.index));
  return { folder, about, index, store: openRecords(folder, about.records) };
}

function openBase(top: Layer, { base, indexDigest }: LaidOver): Layer {
  try {
    const layer = openLayer(join(dirname(top.folder), basename(base)));
    if (layer.about.over === null && layer.index.digest === indexDigest) return layer;
    layer.store.close();
    throw new Error(`${base} is another than it was laid over`);
  } catch (error) {
    top.store.close();
    throw error;
  }
}
