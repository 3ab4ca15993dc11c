import { bigNumber, fieldText, headerView } from './header-view.ts';
import type { MappedRegion, ProgramFile, Region } from './program-file.ts';
import type { RandomBytes } from './random-bytes.ts';

/** A program of macOS for one architecture, 64-bit (mach-o/loader.h); 32-bit ones have not run for years. */
export function machoProgram(bytes: RandomBytes): ProgramFile | undefined {
  const head = headerView(bytes, 0, 32);
  if (head.getUint32(0, true) !== MH_MAGIC_64) return undefined;
  const count = Math.min(head.getUint32(16, true), COMMANDS_MAX);
  const commands = headerView(bytes, 32, Math.min(head.getUint32(20, true), COMMAND_BYTES_MAX));
  const sections = new Map<string, Region>();
  const segments: (MappedRegion & { readonly writable: boolean })[] = [];
  for (let i = 0, at = 0; i < count; i += 1) {
    const sizeBytes = commands.getUint32(at + 4, true);
    if (sizeBytes < 8) return undefined;
    if (commands.getUint32(at, true) === LC_SEGMENT_64) {
      segments.push(segmentAt(commands, at));
      for (const [name, region] of sectionsAt(commands, at)) sections.set(name, region);
    }
    at += sizeBytes;
  }
  const data = segments.find((one) => one.writable && one.sizeBytes > 0);
  return { bytes, littleEndian: true, pointerBytes: 8, sections, data, mapped: segments };
}

const MH_MAGIC_64 = 0xfeedfacf;
const LC_SEGMENT_64 = 0x19;
const COMMANDS_MAX = 1000;
const COMMAND_BYTES_MAX = 2 ** 20;
const SECTIONS_MAX = 256;
/** VM_PROT_READ and VM_PROT_WRITE, not to be run. */
const READ_WRITE = 3;

function segmentAt(commands: DataView, at: number) {
  return {
    address: bigNumber(commands, at + 24, true),
    offset: bigNumber(commands, at + 40, true),
    sizeBytes: bigNumber(commands, at + 48, true),
    writable: commands.getUint32(at + 60, true) === READ_WRITE,
  };
}

function sectionsAt(commands: DataView, segment: number): readonly (readonly [string, Region])[] {
  const count = Math.min(commands.getUint32(segment + 64, true), SECTIONS_MAX);
  return Array.from({ length: count }, (_, i) => {
    const at = segment + 72 + i * 80;
    const sizeBytes = bigNumber(commands, at + 40, true);
    const name = fieldText(new Uint8Array(commands.buffer, commands.byteOffset + at, 16));
    return [name, { offset: commands.getUint32(at + 48, true), sizeBytes }];
  });
}
