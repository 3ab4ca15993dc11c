import { elfProgram } from './elf-program.ts';
import { machoProgram } from './macho-program.ts';
import { peProgram } from './pe-program.ts';
import type { RandomBytes } from './random-bytes.ts';

/** Where things lie in a compiled program or library. */
export interface ProgramFile {
  readonly bytes: RandomBytes;
  readonly littleEndian: boolean;
  readonly pointerBytes: 4 | 8;
  /** By name: `.go.buildinfo`. */
  readonly sections: ReadonlyMap<string, Region>;
  /** What the running program may write to: where it begins, old linkers put what has no section of its own. */
  readonly data: Region | undefined;
  /** Pieces of the file and the addresses at which the running program sees them. */
  readonly mapped: readonly MappedRegion[];
}

export interface Region {
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface MappedRegion extends Region {
  readonly address: number;
}

/** Whether a file that begins like this may be a program: ELF, PE or Mach-O for one architecture. */
export function beginsAsProgram(start: Uint8Array): boolean {
  return formatOf(start) !== undefined;
}

/**
 * The layout of an ELF, PE or Mach-O file, reading its headers alone. Undefined for any other file, and for one whose
 * headers lead out of it: then nobody can say what is where.
 */
export function programFile(bytes: RandomBytes): ProgramFile | undefined {
  try {
    switch (formatOf(bytes.slice(0, 4))) {
      case 'elf':
        return elfProgram(bytes);
      case 'pe':
        return peProgram(bytes);
      case 'macho':
        return machoProgram(bytes);
      case undefined:
        return undefined;
    }
  } catch (error) {
    // DataView says so where a header is cut off.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Where an address of the running program lies in the file. */
export function offsetOfAddress(program: ProgramFile, address: number): number | undefined {
  const region = program.mapped.find((one) => address >= one.address && address < one.address + one.sizeBytes);
  return region === undefined ? undefined : region.offset + (address - region.address);
}

function formatOf(start: Uint8Array): 'elf' | 'pe' | 'macho' | undefined {
  const [a, b, c, d] = start;
  if (a === 0x7f && b === 0x45 && c === 0x4c && d === 0x46) return 'elf';
  if (a === 0x4d && b === 0x5a) return 'pe';
  // Little-endian MH_MAGIC and MH_MAGIC_64; big-endian ones died with PowerPC.
  return (a === 0xce || a === 0xcf) && b === 0xfa && c === 0xed && d === 0xfe ? 'macho' : undefined;
}
