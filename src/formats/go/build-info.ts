import { offsetOfAddress, type ProgramFile } from '../program/program-file.ts';
import { parseModuleInfo } from './module-info.ts';
import type { ModuleInfo } from './module-info.ts';

/** What the Go linker writes into every program (Go's `debug/buildinfo`). */
export interface GoBuildInfo extends ModuleInfo {
  /** As `runtime.Version` has it: `go1.25.3 X:boringcrypto`. */
  readonly goVersion: string;
}

/** Undefined for programs of other languages, and where the record is damaged or was wiped out. */
export function goBuildInfo(program: ProgramFile): GoBuildInfo | undefined {
  const headerAt = findHeader(program);
  if (headerAt === undefined) return undefined;
  const header = program.bytes.slice(headerAt, HEADER_BYTES);
  if (header.length < HEADER_BYTES) return undefined;
  const flags = header[15] ?? 0;
  const texts =
    (flags & INLINE) !== 0 ? inlineTexts(program, headerAt + HEADER_BYTES) : pointedTexts(program, header, flags);
  const [goVersion, info] = texts ?? [];
  if (goVersion === undefined || !/^[\x20-\x7e]{1,300}$/.test(goVersion)) return undefined;
  return { goVersion, ...parseModuleInfo(withoutSentinels(info)) };
}

/** `\xff Go buildinf:` */
const MAGIC = Buffer.from('ff20476f206275696c64696e663a', 'hex');
const HEADER_BYTES = 32;
const ALIGNMENT = 16;
const BIG_ENDIAN = 1;
/** Since Go 1.18 the texts follow the header; before, it points at them. */
const INLINE = 2;
const SEARCH_BYTES_MAX = 65_536;
const VERSION_BYTES_MAX = 300;
const INFO_BYTES_MAX = 16 * 2 ** 20;

function findHeader({ bytes, sections, data }: ProgramFile): number | undefined {
  const region = sections.get('.go.buildinfo') ?? sections.get('__go_buildinfo') ?? data;
  if (region === undefined) return undefined;
  const piece = asBuffer(bytes.slice(region.offset, Math.min(region.sizeBytes, SEARCH_BYTES_MAX)));
  for (let at = piece.indexOf(MAGIC); at >= 0; at = piece.indexOf(MAGIC, at + 1)) {
    if (at % ALIGNMENT === 0) return region.offset + at;
  }
  return undefined;
}

type Texts = readonly [version: string, info: Uint8Array];

function inlineTexts({ bytes }: ProgramFile, at: number): Texts | undefined {
  const version = lengthAt(bytes.slice(at, 10), VERSION_BYTES_MAX);
  if (version === undefined) return undefined;
  const infoAt = at + version.prefixBytes + version.lengthBytes;
  const info = lengthAt(bytes.slice(infoAt, 10), INFO_BYTES_MAX);
  return [
    asBuffer(bytes.slice(at + version.prefixBytes, version.lengthBytes)).toString(),
    info === undefined ? new Uint8Array(0) : bytes.slice(infoAt + info.prefixBytes, info.lengthBytes),
  ];
}

/** An unsigned LEB128 number, as Go's `binary.Uvarint` reads it. */
function lengthAt(
  bytes: Uint8Array,
  max: number,
): { readonly lengthBytes: number; readonly prefixBytes: number } | undefined {
  let value = 0;
  for (const [i, byte] of bytes.entries()) {
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (value > max) return undefined;
    if (byte < 0x80) return { lengthBytes: value, prefixBytes: i + 1 };
  }
  return undefined;
}

/** Two addresses of Go strings, which are an address and a length each. */
function pointedTexts(program: ProgramFile, header: Uint8Array, flags: number): Texts | undefined {
  const pointerBytes = header[14] === 4 ? 4 : 8;
  const littleEndian = (flags & BIG_ENDIAN) === 0;
  const pointers = asBuffer(header.subarray(16));
  const textAt = (index: number, max: number): Uint8Array | undefined => {
    const stringAt = offsetOfAddress(program, numberIn(pointers, index * pointerBytes, { pointerBytes, littleEndian }));
    if (stringAt === undefined) return undefined;
    const string = asBuffer(program.bytes.slice(stringAt, 2 * pointerBytes));
    if (string.length < 2 * pointerBytes) return undefined;
    const start = offsetOfAddress(program, numberIn(string, 0, { pointerBytes, littleEndian }));
    const lengthBytes = numberIn(string, pointerBytes, { pointerBytes, littleEndian });
    return start === undefined || lengthBytes > max ? undefined : program.bytes.slice(start, lengthBytes);
  };
  const version = textAt(0, VERSION_BYTES_MAX);
  if (version === undefined) return undefined;
  return [asBuffer(version).toString(), textAt(1, INFO_BYTES_MAX) ?? new Uint8Array(0)];
}

function numberIn(
  bytes: Buffer,
  at: number,
  { pointerBytes, littleEndian }: { readonly pointerBytes: 4 | 8; readonly littleEndian: boolean },
): number {
  if (pointerBytes === 4) return littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  return Number(littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
}

/** Sixteen bytes on both sides, by which tools find the text in a running program. */
function withoutSentinels(info: Uint8Array | undefined): string {
  if (info === undefined || info.length < 33 || info[info.length - 17] !== 0x0a) return '';
  return asBuffer(info.subarray(16, info.length - 16)).toString();
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
