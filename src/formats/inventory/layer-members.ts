import { Failure } from '../../core/failure.ts';
import { beginsAsProgram } from '../program/program-file.ts';
import { bytesInMemory, type RandomBytes } from '../program/random-bytes.ts';
import { malformed } from '../tar/malformed.ts';
import { parsePaxRecords } from '../tar/pax-records.ts';
import { ChunkReader } from './chunk-reader.ts';
import { evidenceAt } from './layer-evidence.ts';
import { memberHeader, type MemberHeader } from './member-header.ts';
import type { TreeEntry } from './tree-entry.ts';

/**
 * The members of an uncompressed layer as they stream by, with the bytes of those that may be evidence and of no other: a
 * layer of gigabytes needs no more memory than its largest program. E0404 where the archive is malformed.
 */
export async function* layerMembers(chunks: AsyncIterable<Uint8Array>, archive: string): AsyncGenerator<TreeEntry> {
  const reader = new ChunkReader(chunks);
  let named: Named = {};
  for (let count = 0; ; ) {
    const where = { archive, offset: reader.offset };
    const block = await reader.take(512);
    // Archives without an end mark are made too. What follows one is nobody's, but it is read: it counts for the digest.
    if (block.every((byte) => byte === 0)) {
      await reader.skip(Number.MAX_SAFE_INTEGER);
      return;
    }
    if (block.length < 512) throw malformed('ends in the middle of a header', where);
    const header = memberHeader(block, where);
    const sizeBytes = 'xgLK'.includes(header.type) ? header.sizeBytes : (named.sizeBytes ?? header.sizeBytes);
    const end = reader.offset + Math.ceil(sizeBytes / 512) * 512;
    if ('xgLK'.includes(header.type)) named = { ...named, ...(await metadata(reader, header, where)) };
    else {
      count += 1;
      if (count > MEMBERS_MAX) throw malformed(`has more than ${MEMBERS_MAX} members`, where);
      const path = plainPath(named.name ?? header.name, where);
      if (path !== '') yield await entryOf(reader, { path, type: header.type, sizeBytes }, where);
      named = {};
    }
    const missing = end - reader.offset;
    if ((await reader.skip(missing)) < missing) throw malformed('ends in the middle of a member', where);
  }
}

const MEMBERS_MAX = 2_000_000;
const METADATA_BYTES_MAX = 2 ** 20;
/** Programs of half a gigabyte exist; beyond that one is named as unread. */
const CONTENT_BYTES_MAX = 512 * 2 ** 20;

/** What the headers before a member say of it. */
interface Named {
  readonly name?: string;
  readonly sizeBytes?: number;
}

interface Where {
  readonly archive: string;
  readonly offset: number;
}

async function metadata(reader: ChunkReader, { type, sizeBytes }: MemberHeader, where: Where): Promise<Named> {
  if (sizeBytes > METADATA_BYTES_MAX) throw malformed('has an oversized extended header', where);
  const content = await reader.take(sizeBytes);
  if (type === 'L') return { name: Buffer.from(content).toString().replace(/\0.*$/s, '') };
  if (type !== 'x') return {};
  const records = parsePaxRecords(content);
  if (records === undefined) throw malformed('has a broken PAX header', where);
  const [path, size] = [records.get('path'), records.get('size')];
  if (size !== undefined && !/^[0-9]{1,15}$/.test(size))
    throw malformed('has a PAX header with an unusable size', where);
  return { ...(path === undefined ? {} : { name: path }), ...(size === undefined ? {} : { sizeBytes: Number(size) }) };
}

/** Empty for the root. */
function plainPath(name: string, where: Where): string {
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) throw malformed('has a member whose path climbs out with ".."', { ...where, name });
  return segments.join('/');
}

async function entryOf(
  reader: ChunkReader,
  { path, type, sizeBytes }: { readonly path: string; readonly type: string; readonly sizeBytes: number },
  where: Where,
): Promise<TreeEntry> {
  if (type === '5') return { path, kind: 'directory' };
  if (type === '2') return { path, kind: 'symlink' };
  if (type === '1') return { path, kind: 'hardlink' };
  if (type === 'S') throw malformed('has a sparse file', { ...where, name: path });
  if (!'0\x007'.includes(type)) return { path, kind: 'other' };
  const bytes = await contentOf(reader, path, sizeBytes);
  return bytes === undefined ? { path, kind: 'file' } : { path, kind: 'file', bytes };
}

async function contentOf(reader: ChunkReader, path: string, sizeBytes: number): Promise<RandomBytes | undefined> {
  const evidence = evidenceAt(path);
  if (evidence === undefined) return undefined;
  const start = await reader.take(Math.min(sizeBytes, 4));
  if (evidence === 'program' && !beginsAsProgram(start)) return undefined;
  if (sizeBytes > CONTENT_BYTES_MAX) return tooLarge(path, sizeBytes);
  return bytesInMemory(await reader.take(sizeBytes - start.length, start));
}

function tooLarge(at: string, sizeBytes: number): RandomBytes {
  const slice = (): Uint8Array => {
    throw new Failure('E0205', `The file ${at} is larger than ${CONTENT_BYTES_MAX} bytes`, { at });
  };
  return { sizeBytes, slice };
}
