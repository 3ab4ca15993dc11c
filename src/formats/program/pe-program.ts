import { bigNumber, fieldText, headerView } from './header-view.ts';
import type { ProgramFile } from './program-file.ts';
import type { RandomBytes } from './random-bytes.ts';

/** A Windows program (Microsoft PE format, "COFF File Header", "Section Table"). */
export function peProgram(bytes: RandomBytes): ProgramFile | undefined {
  const start = headerView(bytes, 0, 64).getUint32(60, true);
  const head = headerView(bytes, start, 24);
  if (head.getUint32(0, false) !== SIGNATURE) return undefined;
  const count = Math.min(head.getUint16(6, true), SECTIONS_MAX);
  const optionalBytes = head.getUint16(20, true);
  const optional = headerView(bytes, start + 24, optionalBytes);
  const is64 = optional.getUint16(0, true) === PE32_PLUS;
  const base = is64 ? bigNumber(optional, 24, true) : optional.getUint32(28, true);
  const tableAt = start + 24 + optionalBytes;
  const sections = Array.from({ length: count }, (_, i) => sectionAt(bytes, tableAt + i * SECTION_BYTES, base));
  return {
    bytes,
    littleEndian: true,
    pointerBytes: is64 ? 8 : 4,
    sections: new Map(sections.map((one) => [one.name, one])),
    data: sections.find((one) => one.address !== base && (one.flags & DATA_MASK) >>> 0 === READ_WRITE_DATA),
    mapped: sections,
  };
}

/** `PE\0\0` */
const SIGNATURE = 0x50450000;
const PE32_PLUS = 0x20b;
const SECTION_BYTES = 40;
const SECTIONS_MAX = 96;
/** Initialized data that may be read and written, and is not run or dropped. */
const READ_WRITE_DATA = 0xc0000040;
const DATA_MASK = 0xe2000040;

function sectionAt(bytes: RandomBytes, at: number, base: number) {
  const view = headerView(bytes, at, SECTION_BYTES);
  return {
    name: fieldText(bytes.slice(at, 8)),
    address: base + view.getUint32(12, true),
    sizeBytes: view.getUint32(16, true),
    offset: view.getUint32(20, true),
    flags: view.getUint32(36, true),
  };
}
