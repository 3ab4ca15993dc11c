import { utf8 } from '../tar/pax-records.ts';
import { symbolVersions } from './symbol-versions.ts';

/** What programs that are linked to a shared library rely on. */
export interface SharedLibrary {
  /** DT_SONAME: `libz.so.1`. */
  readonly soname: string;
  /** Names of the symbols that it offers, `memcpy@@GLIBC_2.14` where it defines versions, sorted, each once. */
  readonly symbols: readonly string[];
}

/**
 * Reads soname and exported symbols of a 64-bit little-endian ELF file (System V gABI, "Sections", "Symbol Table",
 * "Dynamic Section"), through its section headers, which `strip` keeps for loadable sections. Undefined for anything that
 * is no such library: programs, plug-ins without a soname, damaged files.
 */
export function sharedLibrary(bytes: Uint8Array): SharedLibrary | undefined {
  if (bytes.length < 64 || !IDENT.every((byte, i) => bytes[i] === byte)) return undefined;
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const sections = sectionsOf(view);
    const dynamic = sections.find((section) => section.type === SHT_DYNAMIC);
    const symbols = sections.find((section) => section.type === SHT_DYNSYM);
    if (dynamic === undefined || symbols === undefined) return undefined;
    const soname = sonameOf(view, dynamic, stringsOf(bytes, sections[dynamic.link]));
    return soname === undefined
      ? undefined
      : { soname, symbols: symbolsOf(view, symbols, namesOf(bytes, sections, symbols)) };
  } catch (error) {
    // An offset beyond the file: DataView says so, and a damaged file is no library.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Magic, 64 bit, little-endian. */
const IDENT = [0x7f, 0x45, 0x4c, 0x46, 2, 1];
const SHT_DYNAMIC = 6;
const SHT_DYNSYM = 11;
const SHT_GNU_VERDEF = 0x6ffffffd;
const SHT_GNU_VERSYM = 0x6fffffff;
const DT_SONAME = 14;
const SECTIONS_MAX = 1000;
const SYMBOLS_MAX = 200_000;
const SYMBOL_BYTES = 24;
const NAME_BYTES_MAX = 65_536;

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

type StringAt = (offset: number) => string | undefined;

function sectionsOf(view: DataView): readonly Section[] {
  const table = safe(view.getBigUint64(40, true));
  const entrySize = view.getUint16(58, true);
  const count = Math.min(view.getUint16(60, true), SECTIONS_MAX);
  if (entrySize < 64) return [];
  return Array.from({ length: count }, (_, i) => {
    const at = table + i * entrySize;
    return {
      type: view.getUint32(at + 4, true),
      offset: safe(view.getBigUint64(at + 24, true)),
      size: safe(view.getBigUint64(at + 32, true)),
      link: view.getUint32(at + 40, true),
    };
  });
}

function sonameOf(view: DataView, dynamic: Section, stringAt: StringAt): string | undefined {
  for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.size; at += 16) {
    const tag = view.getBigUint64(at, true);
    if (tag === 0n) return undefined;
    if (tag === BigInt(DT_SONAME)) return stringAt(safe(view.getBigUint64(at + 8, true)));
  }
  return undefined;
}

interface Names {
  readonly stringAt: StringAt;
  readonly withVersion: (name: string, index: number) => string;
}

function namesOf(bytes: Uint8Array, sections: readonly Section[], symbols: Section): Names {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const definitions = sections.find((section) => section.type === SHT_GNU_VERDEF);
  const stringAt = stringsOf(bytes, definitions === undefined ? undefined : sections[definitions.link]);
  const numbers = sections.find((section) => section.type === SHT_GNU_VERSYM);
  return {
    stringAt: stringsOf(bytes, sections[symbols.link]),
    withVersion: symbolVersions(view, { numbers, definitions, stringAt }),
  };
}

function symbolsOf(view: DataView, section: Section, { stringAt, withVersion }: Names): readonly string[] {
  const names = new Set<string>();
  const count = Math.min(Math.floor(section.size / SYMBOL_BYTES), SYMBOLS_MAX);
  for (let index = 0; index < count; index += 1) {
    const at = section.offset + index * SYMBOL_BYTES;
    if (!isOffered(view, at)) continue;
    const name = stringAt(view.getUint32(at, true));
    if (name !== undefined && name !== '') names.add(withVersion(name, index));
  }
  return [...names].toSorted();
}

/** Defined here, global or weak or unique, default or protected visibility. */
function isOffered(view: DataView, at: number): boolean {
  const binding = view.getUint8(at + 4) >> 4;
  const visibility = view.getUint8(at + 5) & 3;
  const isDefined = view.getUint16(at + 6, true) !== 0;
  return isDefined && (binding === 1 || binding === 2 || binding === 10) && (visibility === 0 || visibility === 3);
}

function stringsOf(bytes: Uint8Array, section: Section | undefined): StringAt {
  if (section === undefined) return () => undefined;
  const table = bytes.subarray(section.offset, section.offset + section.size);
  return (offset) => {
    const text = table.subarray(offset, offset + NAME_BYTES_MAX);
    const end = text.indexOf(0);
    return end < 0 ? undefined : utf8(text.subarray(0, end));
  };
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('beyond any file');
  return Number(value);
}
