import { malformed } from './malformed.ts';
import { climbsOut, pathProblem } from './member-path.ts';
import { PathRegister } from './path-register.ts';
import { parsePaxRecords, utf8 } from './pax-records.ts';
import { blockIsZero, parseHeader } from './parse-header.ts';
import type { TarEntry } from './entry.ts';
import type { Header } from './parse-header.ts';

/** Bounds and expectations for an archive that somebody else wrote. */
export interface TarLimits {
  /** What the archive is, for messages: `hello-1.0.1-r0.apk data`. */
  readonly archive: string;
  readonly entriesMax: number;
  /** Of all file contents together. */
  readonly contentBytesMax: number;
  /** Of one PAX header or GNU long name. */
  readonly metadataBytesMax: number;
  /** Whether two closing zero blocks must be there, or must not (signature and control members of an apk). */
  readonly end: 'required' | 'absent';
  /**
   * `in-tree`: relative and never above the root (a source tree that host programs will read). `in-root`: absolute
   * ones too, as in an image, where `/` is the image's own root. `any`: also those that a root would clamp.
   */
  readonly symlinks: 'in-tree' | 'in-root' | 'any';
  /** Hard links to members of other archives (layers below) are let through; otherwise their target must come first. */
  readonly outsideHardlinks: boolean;
}

export const defaultTarLimits: TarLimits = {
  archive: 'the archive',
  entriesMax: 200_000,
  contentBytesMax: 2 ** 31,
  metadataBytesMax: 2 ** 20,
  end: 'required',
  symlinks: 'in-root',
  outsideHardlinks: false,
};

/**
 * The members of a tar archive (ustar, PAX, GNU long names) from bytes that nobody vouches for; contents are views into
 * `bytes`. Anything that two readers could understand differently, or that would write outside of its tree, is E0404
 * with the byte offset and the member's name: bad checksums, truncation, absolute or climbing paths, paths through links
 * or files, doubled paths, devices, sparse files, negative or overflowing numbers, data after the end.
 */
export function readTar(bytes: Uint8Array, limits: Partial<TarLimits> = {}): TarEntry[] {
  const bounds = { ...defaultTarLimits, ...limits };
  const members = new Members(bounds);
  let offset = 0;
  let pending: Pending = {};
  for (;;) {
    if (offset === bytes.length && bounds.end === 'absent') break;
    if (offset + 512 > bytes.length) throw malformed('ends in the middle of a header', at(bounds, offset));
    const block = bytes.subarray(offset, offset + 512);
    if (blockIsZero(block)) {
      expectEnd(bytes, offset, bounds);
      break;
    }
    const header = parseHeader(block, at(bounds, offset));
    const size = sizeOf(header, pending, at(bounds, offset));
    const contentEnd = offset + 512 + size;
    if (contentEnd > bytes.length) throw malformed('ends in the middle of a member', at(bounds, offset, header.name));
    const content = bytes.subarray(offset + 512, contentEnd);
    if (isMetadata(header.type))
      pending = withMetadata(pending, header, content, at(bounds, offset, header.name), bounds);
    else {
      members.add(header, pending, content, offset);
      pending = {};
    }
    offset = contentEnd + ((512 - (size % 512)) % 512);
    if (offset > bytes.length) throw malformed('ends in the middle of a block', at(bounds, contentEnd));
  }
  if (Object.keys(pending).length > 0)
    throw malformed('ends after a header that belongs to no member', at(bounds, offset));
  return members.entries;
}

/** What `x`, `L` and `K` headers say about the member that follows. */
interface Pending {
  readonly pax?: ReadonlyMap<string, string>;
  readonly longName?: string;
  readonly longLink?: string;
}

type Where = { readonly archive: string; readonly offset: number; readonly name?: string };

function at(bounds: TarLimits, offset: number, name?: string): Where {
  return name === undefined ? { archive: bounds.archive, offset } : { archive: bounds.archive, offset, name };
}

function expectEnd(bytes: Uint8Array, offset: number, bounds: TarLimits): void {
  if (bounds.end === 'absent') throw malformed('has an end mark where none belongs', at(bounds, offset));
  if (offset + 1024 > bytes.length) throw malformed('has only half an end mark', at(bounds, offset));
  for (let i = offset; i < bytes.length; i += 1) {
    if (bytes[i] !== 0) throw malformed('goes on after its end mark', at(bounds, i));
  }
}

function sizeOf(header: Header, pending: Pending, where: Where): number {
  const stated = pending.pax?.get('size');
  if (stated === undefined || isMetadata(header.type)) return header.size;
  const size = paxNumber(stated);
  // Two sizes are two readings of everything that follows.
  if (size === undefined || (header.size !== 0 && header.size !== size)) {
    throw malformed('states two sizes for one member', { ...where, name: header.name });
  }
  return size;
}

function isMetadata(type: string): boolean {
  return type === 'x' || type === 'g' || type === 'L' || type === 'K';
}

function withMetadata(pending: Pending, header: Header, content: Uint8Array, where: Where, bounds: TarLimits): Pending {
  if (content.length > bounds.metadataBytesMax) throw malformed('has an oversized extended header', where);
  switch (header.type) {
    case 'x': {
      const pax = parsePaxRecords(content);
      if (pax === undefined || pending.pax !== undefined) throw malformed('has a broken or doubled PAX header', where);
      if ([...pax.keys()].some((key) => key.startsWith('GNU.sparse'))) throw malformed('has a sparse file', where);
      return { ...pending, pax };
    }
    case 'g': {
      const pax = parsePaxRecords(content);
      // `git archive` writes its commit as a comment; anything else would change members far away.
      if (pax === undefined || [...pax.keys()].some((key) => key !== 'comment')) {
        throw malformed('has a global PAX header that changes its members', where);
      }
      return pending;
    }
    default: {
      const end = content.indexOf(0);
      const name = utf8(end < 0 ? content : content.subarray(0, end));
      const key = header.type === 'L' ? 'longName' : 'longLink';
      if (name === undefined || pending[key] !== undefined) throw malformed('has a broken or doubled long name', where);
      return { ...pending, [key]: name };
    }
  }
}

class Members {
  readonly entries: TarEntry[] = [];
  readonly #paths = new PathRegister();
  readonly #bounds: TarLimits;
  #contentBytes = 0;

  constructor(bounds: TarLimits) {
    this.#bounds = bounds;
  }

  add(header: Header, pending: Pending, content: Uint8Array, offset: number): void {
    const name = pending.pax?.get('path') ?? pending.longName ?? header.name;
    const where = at(this.#bounds, offset, name);
    const kind = kindOf(header.type, where);
    const path = plainPath(name, kind, where);
    if (path === undefined) return;
    this.#contentBytes += content.length;
    if (this.entries.length >= this.#bounds.entriesMax)
      throw malformed(`has more than ${this.#bounds.entriesMax} members`, where);
    if (this.#contentBytes > this.#bounds.contentBytesMax) {
      throw malformed(`holds more than ${this.#bounds.contentBytesMax} bytes`, where);
    }
    if (kind !== 'file' && content.length > 0) throw malformed('has content in a member that is no file', where);
    const base = { path, kind, mode: header.mode & 0o7777, ...ownership(header, pending, where) };
    const entry: TarEntry = {
      ...base,
      ...(kind === 'file' ? { content } : {}),
      ...(kind === 'symlink' || kind === 'hardlink'
        ? { linkTarget: this.#target(path, kind, header, pending, where) }
        : {}),
      ...unknownRecords(pending),
    };
    const problem = this.#paths.add(entry, this.#bounds.outsideHardlinks);
    if (problem === 'repeated directory') return;
    if (problem !== undefined) throw malformed(problem, where);
    this.entries.push(entry);
  }

  #target(path: string, kind: 'symlink' | 'hardlink', header: Header, pending: Pending, where: Where): string {
    const stated = pending.pax?.get('linkpath') ?? pending.longLink ?? header.linkName;
    if (stated === '' || stated.includes('\0')) throw malformed('has a link without a usable target', where);
    if (kind === 'hardlink') {
      const target = withoutDotSlash(stated);
      if (pathProblem(target) !== undefined) throw malformed('has a hard link that leads out of it', where);
      return target;
    }
    const { symlinks } = this.#bounds;
    if (symlinks === 'in-tree' && stated.startsWith('/'))
      throw malformed('has a symbolic link with an absolute target', where);
    if (symlinks !== 'any' && climbsOut(path, stated))
      throw malformed('has a symbolic link that leads out of it', where);
    return stated;
  }
}

function kindOf(type: string, where: Where): TarEntry['kind'] {
  switch (type) {
    case '0':
    case '\0':
      return 'file';
    case '1':
      return 'hardlink';
    case '2':
      return 'symlink';
    case '5':
      return 'directory';
    case '3':
    case '4':
      throw malformed('has a device node', where);
    case '6':
      throw malformed('has a named pipe', where);
    default:
      throw malformed(`has a member of the unknown type ${JSON.stringify(type)}`, where);
  }
}

/** Undefined for the root directory itself, `./`. */
function plainPath(name: string, kind: TarEntry['kind'], where: Where): string | undefined {
  const relative = withoutDotSlash(name);
  const isRoot = relative === '' || relative === '.';
  if (isRoot && kind === 'directory' && name !== '') return undefined;
  const path = kind === 'directory' && relative.endsWith('/') ? relative.slice(0, -1) : relative;
  const problem = pathProblem(path);
  if (problem !== undefined) throw malformed(problem, where);
  return path;
}

function withoutDotSlash(name: string): string {
  return name.startsWith('./') ? name.slice(2) : name;
}

function ownership(header: Header, pending: Pending, where: Where): { uid: number; gid: number; mtime: number } {
  return {
    uid: numberOf('uid', header.uid, pending, where),
    gid: numberOf('gid', header.gid, pending, where),
    mtime: numberOf('mtime', header.mtime, pending, where),
  };
}

function numberOf(key: 'uid' | 'gid' | 'mtime', fallback: number, pending: Pending, where: Where): number {
  const stated = pending.pax?.get(key);
  if (stated === undefined) return fallback;
  const value = paxNumber(key === 'mtime' ? stated.replace(/\.[0-9]*$/, '') : stated);
  if (value === undefined) throw malformed(`has a PAX header with an unusable ${key}`, where);
  return value;
}

function paxNumber(text: string): number | undefined {
  if (!/^[0-9]{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

const understood = new Set([
  'path',
  'linkpath',
  'size',
  'uid',
  'gid',
  'mtime',
  'atime',
  'ctime',
  'uname',
  'gname',
  'comment',
]);

function unknownRecords(pending: Pending): { readonly pax?: Readonly<Record<string, string>> } {
  const others = [...(pending.pax ?? [])].filter(([key]) => !understood.has(key));
  return others.length === 0 ? {} : { pax: Object.fromEntries(others) };
}
