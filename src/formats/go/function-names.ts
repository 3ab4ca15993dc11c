import type { ProgramFile, Region } from '../program/program-file.ts';

/**
 * Names of all functions in a Go program, those that exist only inlined among them: the linker leaves them out where
 * nothing calls them, and keeps the rest in stripped programs too, because stack traces need them (Go's `runtime/symtab.go`,
 * "pcHeader"). Undefined where there is no such table (other languages, programs before Go 1.16, packed ones), and where
 * an obfuscator gave the functions other names.
 */
export function goFunctionNames(program: ProgramFile): readonly string[] | undefined {
  const area = SECTIONS.flatMap((name) => namesIn(program, program.sections.get(name)) ?? [])[0] ?? searched(program);
  if (area === undefined || area.sizeBytes > NAMES_BYTES_MAX) return undefined;
  const text = Buffer.from(program.bytes.slice(area.offset, area.sizeBytes)).toString('utf8');
  const names = text.split('\0').filter((name) => name !== '');
  return names.includes('runtime.main') && names.includes('main.main') ? names : undefined;
}

/** As the linkers for ELF and Mach-O call it; position-independent programs had another name before Go 1.26. */
const SECTIONS = ['.gopclntab', '.data.rel.ro.gopclntab', '__gopclntab'];
/** Twenty times what the largest programs have. */
const NAMES_BYTES_MAX = 128 * 2 ** 20;
const SEARCH_PIECE_BYTES = 4 * 2 ** 20;
const SEARCH_BYTES_MAX = 2 ** 30;
/** The last byte of the magic number tells how many words stand before the offset of the names. */
const WORDS_BEFORE_NAMES: ReadonlyMap<number, number> = new Map([
  [0xfffffffa, 2], // 1.16, 1.17
  [0xfffffff0, 3], // 1.18, 1.19
  [0xfffffff1, 3], // since 1.20
]);

/** The names in a table that begins at this region; undefined where none does. */
function namesIn(program: ProgramFile, region: Region | undefined): Region | undefined {
  if (region === undefined) return undefined;
  const { littleEndian, pointerBytes } = program;
  const bytes = program.bytes.slice(region.offset, 8 + 8 * 8);
  if (bytes.length < 8 + pointerBytes * 8) return undefined;
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const before = WORDS_BEFORE_NAMES.get(head.getUint32(0, littleEndian));
  const isHeader = head.getUint16(4) === 0 && [1, 2, 4].includes(head.getUint8(6)) && head.getUint8(7) === pointerBytes;
  if (before === undefined || !isHeader) return undefined;
  const word = (number: number): number => {
    const at = 8 + number * pointerBytes;
    // Beyond any file a number may lose its last digits: it is no offset all the same.
    return pointerBytes === 8 ? Number(head.getBigUint64(at, littleEndian)) : head.getUint32(at, littleEndian);
  };
  const [functions, from, to] = [word(0), word(before), word(before + 1)];
  const isInside = from < to && region.offset + to <= program.bytes.sizeBytes;
  return functions > 0 && isInside ? { offset: region.offset + from, sizeBytes: to - from } : undefined;
}

/** Other linkers than Go's own, and the one for Windows, give the table no name. */
function searched(program: ProgramFile): Region | undefined {
  const { bytes, littleEndian } = program;
  const magics = [...WORDS_BEFORE_NAMES.keys()].map((magic) => {
    const wanted = Buffer.alloc(6);
    if (littleEndian) wanted.writeUInt32LE(magic);
    else wanted.writeUInt32BE(magic);
    return wanted;
  });
  const end = Math.min(bytes.sizeBytes, SEARCH_BYTES_MAX);
  for (let start = 0; start < end; start += SEARCH_PIECE_BYTES) {
    const piece = Buffer.from(bytes.slice(start, SEARCH_PIECE_BYTES + 8));
    for (const magic of magics) {
      for (let at = piece.indexOf(magic); at >= 0; at = piece.indexOf(magic, at + 1)) {
        const names = namesIn(program, { offset: start + at, sizeBytes: 0 });
        if (names !== undefined) return names;
      }
    }
  }
  return undefined;
}
