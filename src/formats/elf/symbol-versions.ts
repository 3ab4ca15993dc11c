/** Where a section lies in its file. */
export interface Place {
  readonly offset: number;
  readonly size: number;
}

/**
 * Names a library's symbols, by index, with the version that it gives them (LSB Core, "Symbol Versioning"):
 * `memcpy@@GLIBC_2.14` is what new programs get, `memcpy@GLIBC_2.2.5` is kept for old ones, and `memcpy` where no version
 * is defined. The linker's mark for a version, a symbol of the same name, stays as it is. Throws RangeError where the
 * tables lead out of the file.
 */
export function symbolVersions(
  view: DataView,
  tables: {
    /** .gnu.version: one number for each symbol. */
    readonly numbers: Place | undefined;
    /** .gnu.version_d: which number is which version. */
    readonly definitions: Place | undefined;
    /** Of the section that the definitions link to. */
    readonly stringAt: (offset: number) => string | undefined;
  },
): (name: string, index: number) => string {
  const { numbers, definitions } = tables;
  if (numbers === undefined || definitions === undefined) return (name) => name;
  const versions = definedVersions(view, definitions, tables.stringAt);
  return (name, index) => {
    if (index * 2 + 2 > numbers.size) return name;
    const number = view.getUint16(numbers.offset + index * 2, true);
    const version = versions.get(number & ~HIDDEN);
    if (version === undefined || version === name) return name;
    return `${name}${(number & HIDDEN) === 0 ? '@@' : '@'}${version}`;
  };
}

/** Set for every version of a symbol but the default. */
const HIDDEN = 0x8000;
/** The library's own name, which is no version. */
const VER_FLG_BASE = 1;
/** Numbers have 15 bits; the largest library that we know has fewer than a hundred. */
const VERSIONS_MAX = 4096;
const DEFINITION_BYTES = 20;

function definedVersions(
  view: DataView,
  { offset, size }: Place,
  stringAt: (offset: number) => string | undefined,
): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  let at = offset;
  for (let count = 0; count < VERSIONS_MAX && at + DEFINITION_BYTES <= offset + size; count += 1) {
    const isBase = (view.getUint16(at + 2, true) & VER_FLG_BASE) !== 0;
    const first = at + view.getUint32(at + 12, true);
    const name = isBase ? undefined : stringAt(view.getUint32(first, true));
    if (name !== undefined && name !== '') names.set(view.getUint16(at + 4, true), name);
    const next = view.getUint32(at + 16, true);
    if (next === 0) break;
    at += next;
  }
  return names;
}
