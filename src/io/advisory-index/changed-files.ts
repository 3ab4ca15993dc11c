import type { AdvisoryRecord } from '../../core/match/advisory.ts';
import type { KeptLayer } from './kept-layers.ts';
import { unchangedIn } from './kept-layers.ts';
import type { PartFile } from './look-at-part.ts';

/** Files whose records have to be in the layer above: those that are there, and those that are gone. */
export interface ChangedFiles {
  readonly there: Map<string, PartFile>;
  readonly gone: Set<string>;
}

/** What is there now against what the base was made of. */
export function changedFiles(files: readonly PartFile[], base: KeptLayer): ChangedFiles {
  const there = new Map(
    files.filter((file) => unchangedIn(base, file) === undefined).map((file) => [file.name, file] as const),
  );
  const now = new Set(files.map(({ name }) => name));
  const gone = new Set(base.kept.files.map(({ name }) => name).filter((name) => !now.has(name)));
  return { there, gone };
}

/** More than this is read anew as a whole: an eighth of the bytes of the base. */
export function isSmall({ there, gone }: ChangedFiles, base: KeptLayer): boolean {
  const bytesOf = (name: string): number => base.files.get(name)?.file.bytes ?? 0;
  const changed = [...there.values()].map(({ name, bytes }) => Math.max(bytes, bytesOf(name)));
  return total([...changed, ...[...gone].map(bytesOf)]) <= total(base.kept.files.map(({ bytes }) => bytes)) / 8;
}

/**
 * Files of the base, not yet among these, with a record of the same id and source as one of these records: which of several
 * counts is decided within one layer.
 */
export function filesBeside(records: readonly AdvisoryRecord[], base: KeptLayer, fileAt: FileAt): readonly PartFile[] {
  const beside = new Map<string, PartFile>();
  for (const { id, source } of records) {
    for (const place of base.store.placesOf(id)) {
      const other = base.store.at(place);
      if (other.id !== id || other.source !== source) continue;
      const file = fileAt(place);
      if (file !== undefined) beside.set(file.name, file);
    }
  }
  return [...beside.values()];
}

/** The file from which a record of the base came. */
export type FileAt = (place: number) => PartFile | undefined;

export function fileAtPlace({ files }: KeptLayer): FileAt {
  const placed = [...files.values()].filter(({ file }) => file.records > 0);
  return (place) => {
    let [low, high] = [0, placed.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((placed[middle]?.from ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return placed[low - 1]?.file;
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
