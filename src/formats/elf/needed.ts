import { Failure } from '../../core/failure.ts';

/** What the dynamic loader is told by a program or library (System V gABI chapter 5, "Dynamic Section"). */
export interface ElfNeeds {
  /** `e_machine`: 62 = x86-64, 183 = AArch64. */
  readonly machine: number;
  /** The loader it asks for (PT_INTERP); null for libraries and static programs. */
  readonly interpreter: string | null;
  /** Names of libraries, in order (DT_NEEDED). */
  readonly needed: readonly string[];
  /** Folders to look in first, `$ORIGIN` not expanded (DT_RUNPATH, else DT_RPATH). */
  readonly searchPath: readonly string[];
}

const HEADERS_MAX = 256;
const DYNAMIC_ENTRIES_MAX = 4096;
const TEXT_BYTES_MAX = 4096;

/**
 * Reads the needs of a 64-bit little-endian ELF file; undefined when it is none. Every offset is checked against the
 * file: E0404 when one leads out of it.
 */
export function readElfNeeds(bytes: Uint8Array, name: string): ElfNeeds | undefined {
  if (!isElf64(bytes)) return undefined;
  const file = new ElfFile(bytes, name);
  const headers = file.programHeaders();
  const interpreter = headers.find((header) => header.type === PT_INTERP);
  const dynamic = headers.find((header) => header.type === PT_DYNAMIC);
  const entries = dynamic === undefined ? [] : file.dynamicEntries(dynamic);
  const stringsAt = entries.find((entry) => entry.tag === DT_STRTAB)?.value;
  const text = (value: number) => file.text(file.offsetOf(stringsAt ?? 0, headers) + value);
  const all = (tag: number) => entries.filter((entry) => entry.tag === tag).map((entry) => text(entry.value));
  const runPath = all(DT_RUNPATH);
  return {
    machine: file.u16(18),
    interpreter: interpreter === undefined ? null : file.text(interpreter.offset),
    needed: all(DT_NEEDED),
    searchPath: (runPath.length > 0 ? runPath : all(DT_RPATH))
      .flatMap((each) => each.split(':'))
      .filter((each) => each !== ''),
  };
}

const [PT_LOAD, PT_DYNAMIC, PT_INTERP] = [1, 2, 3];
const [DT_NULL, DT_NEEDED, DT_STRTAB, DT_RPATH, DT_RUNPATH] = [0, 1, 5, 15, 29];

interface ProgramHeader {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly sizeBytes: number;
}

/** Magic, class 2 (64-bit), data 1 (little-endian). */
function isElf64(bytes: Uint8Array): boolean {
  return bytes.length >= 64 && Buffer.from(bytes.subarray(0, 6)).equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]));
}

/** Reads fields, refusing every offset outside of the file. */
class ElfFile {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
  }

  programHeaders(): readonly ProgramHeader[] {
    const [start, size, count] = [this.u64(32), this.u16(54), this.u16(56)];
    if (count > HEADERS_MAX || (count > 0 && size < 56)) throw this.#malformed('has unusable program headers');
    return Array.from({ length: count }, (_, i) => {
      const at = start + i * size;
      return { type: this.u32(at), offset: this.u64(at + 8), address: this.u64(at + 16), sizeBytes: this.u64(at + 32) };
    });
  }

  dynamicEntries(header: ProgramHeader): readonly { readonly tag: number; readonly value: number }[] {
    const entries: { tag: number; value: number }[] = [];
    const count = Math.min(Math.floor(header.sizeBytes / 16), DYNAMIC_ENTRIES_MAX);
    for (let i = 0; i < count; i += 1) {
      const at = header.offset + i * 16;
      const entry = { tag: this.u64(at), value: this.u64(at + 8) };
      if (entry.tag === DT_NULL) break;
      entries.push(entry);
    }
    return entries;
  }

  /** Where an address of the running program lies in the file. */
  offsetOf(address: number, headers: readonly ProgramHeader[]): number {
    for (const { type, offset, address: start, sizeBytes } of headers) {
      if (type === PT_LOAD && address >= start && address < start + sizeBytes) return offset + (address - start);
    }
    throw this.#malformed('names an address that is in no segment');
  }

  text(at: number): string {
    const end = this.#bytes.indexOf(0, this.#checked(at, 1));
    if (end === -1 || end - at > TEXT_BYTES_MAX) throw this.#malformed('has a text without end');
    return new TextDecoder().decode(this.#bytes.subarray(at, end));
  }

  u16(at: number): number {
    return this.#view.getUint16(this.#checked(at, 2), true);
  }

  u32(at: number): number {
    return this.#view.getUint32(this.#checked(at, 4), true);
  }

  /** Values beyond 2^53 are no offsets; they become Infinity and fail the next check. */
  u64(at: number): number {
    const value = this.#view.getBigUint64(this.#checked(at, 8), true);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(value);
  }

  #checked(at: number, size: number): number {
    if (!(at >= 0 && at + size <= this.#bytes.length)) throw this.#malformed('points outside of itself');
    return at;
  }

  #malformed(what: string): Failure {
    return new Failure('E0404', `The program ${this.#name} ${what}`, { at: this.#name });
  }
}
