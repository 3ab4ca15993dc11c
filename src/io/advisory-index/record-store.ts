import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { AdvisoryRecord } from '../../core/match/advisory.ts';

/** Records by their place, and places by id: of hundreds of thousands the few that are asked for are read. */
export interface RecordStore {
  readonly at: (position: number) => AdvisoryRecord;
  /** Places of all that bear this id or give it as another name. */
  readonly placesOf: (id: string) => readonly number[];
  readonly close: () => void;
}

const FILES = { records: 'records.jsonl', offsets: 'offsets', ids: 'ids' };

/** Into a folder that nobody reads yet. */
export async function writeRecords(folder: string, records: readonly AdvisoryRecord[]): Promise<void> {
  const lines = records.map((record) => Buffer.from(`${JSON.stringify(record)}\n`));
  const offsets = new Float64Array(records.length + 1);
  for (const [position, line] of lines.entries()) offsets[position + 1] = (offsets[position] ?? 0) + line.length;
  const names = records.flatMap(({ id, aliases }, position) =>
    [id, ...aliases].map((name) => [hashOf(name), position] as const),
  );
  names.sort(([a, x], [b, y]) => a - b || x - y);
  const ids = new Uint32Array(names.flat());
  await writeFile(join(folder, FILES.records), Buffer.concat(lines));
  await writeFile(join(folder, FILES.offsets), Buffer.from(offsets.buffer));
  await writeFile(join(folder, FILES.ids), Buffer.from(ids.buffer));
}

/** Keeps one file open. E0803 where the files do not hold so many records, and when one is read that is not as it was written. */
export function openRecords(folder: string, count: number): RecordStore {
  const offsets = numbersIn(folder, FILES.offsets, (buffer) => new Float64Array(buffer));
  const ids = numbersIn(folder, FILES.ids, (buffer) => new Uint32Array(buffer));
  if (offsets.length !== count + 1 || ids.length < count * 2)
    throw damaged(folder, `it holds other than ${count} records`);
  const file = openSync(join(folder, FILES.records), 'r');
  const { size } = fstatSync(file);
  if (offsets[count] !== size) {
    closeSync(file);
    throw damaged(folder, `${FILES.records} has another size than it had`);
  }
  const known = new Map<number, AdvisoryRecord>();
  const read = (position: number): AdvisoryRecord => {
    const [from = NaN, to = NaN] = offsets.subarray(position, position + 2);
    const isPlace = Number.isInteger(from) && Number.isInteger(to) && from >= 0;
    if (!(isPlace && from < to && to <= size && to - from <= RECORD_BYTES_MAX))
      throw damaged(folder, `no record ${position}`);
    const bytes = Buffer.allocUnsafe(to - from);
    readSync(file, bytes, 0, bytes.length, from);
    const record = recordIn(bytes);
    if (record === undefined) throw damaged(folder, `record ${position} is damaged`);
    return record;
  };
  const at = (position: number): AdvisoryRecord => {
    const record = known.get(position) ?? read(position);
    known.set(position, record);
    return record;
  };
  return {
    at,
    placesOf: (id) =>
      positionsOf(ids, hashOf(id)).filter((place) => {
        const record = at(place);
        return record.id === id || record.aliases.includes(id);
      }),
    close: () => closeSync(file),
  };
}

/** Written by writeRecords(); of what became of it since, only that it has the names by which it is found is looked at. */
function recordIn(bytes: Buffer): AdvisoryRecord | undefined {
  try {
    const record = JSON.parse(bytes.toString('utf8')) as Partial<AdvisoryRecord> | null;
    return typeof record?.id === 'string' && Array.isArray(record.aliases) ? (record as AdvisoryRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** The largest, a notice about the kernel, has a few megabytes. */
const RECORD_BYTES_MAX = 64 * 2 ** 20;

function positionsOf(ids: Uint32Array, hash: number): readonly number[] {
  let [low, high] = [0, ids.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle * 2] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  const positions: number[] = [];
  for (; ids[low * 2] === hash; low += 1) positions.push(ids[low * 2 + 1] ?? 0);
  return [...new Set(positions)];
}

/** FNV-1a over code units: names are compared again when their record is read. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function numbersIn<T>(folder: string, name: string, view: (buffer: ArrayBuffer) => T): T {
  const bytes = readFileSync(join(folder, name));
  if (bytes.length % 8 !== 0) throw damaged(folder, `${name} does not hold whole numbers`);
  return view(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
}

function damaged(folder: string, why: string, cause?: unknown): Failure {
  return new Failure('E0803', 'The kept advisories cannot be read', {
    at: folder,
    why,
    hint: `rm -r ${folder}`,
    cause,
  });
}
