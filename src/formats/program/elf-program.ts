import { bigNumber, fieldText, headerView } from './header-view.ts';
import type { MappedRegion, ProgramFile, Region } from './program-file.ts';
import type { RandomBytes } from './random-bytes.ts';

/** ELF of both classes and byte orders (System V gABI chapters 4 and 5). */
export function elfProgram(bytes: RandomBytes): ProgramFile | undefined {
  const head = headerView(bytes, 0, 64);
  const is64 = head.getUint8(4) === 2;
  const shape: Shape = { bytes, head, is64, littleEndian: head.getUint8(5) !== 2 };
  const segments = segmentsOf(shape);
  const loaded = segments.filter((one) => one.type === PT_LOAD);
  return {
    bytes,
    littleEndian: shape.littleEndian,
    pointerBytes: is64 ? 8 : 4,
    sections: sectionsOf(shape),
    // Writable and not executable, as the linkers of all ages leave it.
    data: loaded.find((one) => (one.flags & (PF_X | PF_W)) === PF_W),
    mapped: loaded,
  };
}

interface Shape {
  readonly bytes: RandomBytes;
  readonly head: DataView;
  readonly is64: boolean;
  readonly littleEndian: boolean;
}

interface Segment extends MappedRegion {
  readonly type: number;
  readonly flags: number;
}

const PT_LOAD = 1;
const [PF_X, PF_W] = [1, 2];
const SEGMENTS_MAX = 256;
/** Programs have some forty; thousands are in object files, which are none. */
const SECTIONS_MAX = 4096;
const NAMES_BYTES_MAX = 2 ** 20;
const SHT_NOBITS = 8;

function segmentsOf({ bytes, head, is64, littleEndian }: Shape): readonly Segment[] {
  const count = Math.min(head.getUint16(is64 ? 56 : 44, littleEndian), SEGMENTS_MAX);
  const size = head.getUint16(is64 ? 54 : 42, littleEndian);
  if (count === 0 || size < (is64 ? 56 : 32)) return [];
  const table = headerView(bytes, word(head, is64 ? 32 : 28, is64, littleEndian), count * size);
  return Array.from({ length: count }, (_, i) => {
    const at = i * size;
    return {
      type: table.getUint32(at, littleEndian),
      flags: table.getUint32(at + (is64 ? 4 : 24), littleEndian),
      offset: word(table, at + (is64 ? 8 : 4), is64, littleEndian),
      address: word(table, at + (is64 ? 16 : 8), is64, littleEndian),
      sizeBytes: word(table, at + (is64 ? 32 : 16), is64, littleEndian),
    };
  });
}

function sectionsOf({ bytes, head, is64, littleEndian }: Shape): ReadonlyMap<string, Region> {
  const start = word(head, is64 ? 40 : 32, is64, littleEndian);
  const size = head.getUint16(is64 ? 58 : 46, littleEndian);
  const count = head.getUint16(is64 ? 60 : 48, littleEndian);
  if (start === 0 || count === 0 || count > SECTIONS_MAX || size < (is64 ? 64 : 40)) return new Map();
  const table = headerView(bytes, start, count * size);
  const regionAt = (i: number): Region => ({
    offset: word(table, i * size + (is64 ? 24 : 16), is64, littleEndian),
    sizeBytes: word(table, i * size + (is64 ? 32 : 20), is64, littleEndian),
  });
  const strings = regionAt(head.getUint16(is64 ? 62 : 50, littleEndian));
  const names = bytes.slice(strings.offset, Math.min(strings.sizeBytes, NAMES_BYTES_MAX));
  const sections = new Map<string, Region>();
  for (let i = 0; i < count; i += 1) {
    const nameAt = table.getUint32(i * size, littleEndian);
    const isInFile = table.getUint32(i * size + 4, littleEndian) !== SHT_NOBITS;
    if (nameAt < names.length && isInFile) sections.set(fieldText(names.subarray(nameAt, nameAt + 256)), regionAt(i));
  }
  return sections;
}

function word(view: DataView, at: number, is64: boolean, littleEndian: boolean): number {
  return is64 ? bigNumber(view, at, littleEndian) : view.getUint32(at, littleEndian);
}
