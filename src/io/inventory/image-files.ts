import { createReadStream, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { memberHeader } from '../../formats/inventory/member-header.ts';
import { parsePaxRecords } from '../../formats/tar/pax-records.ts';
import { openBytes, type OpenBytes } from './open-bytes.ts';

/** The files that make up an image at rest, by name: those of a folder, or the members of a tar. */
export interface ImageFiles {
  readonly file: (name: string) => ImageFile | undefined;
  /** What it is, for messages. */
  readonly at: string;
}

/** A piece of a file on disk. */
export interface ImageFile {
  readonly path: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** E0902 where there is neither a folder nor a file, E0404 where a file is no tar. */
export function imageFiles(path: string): ImageFiles {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new Failure('E0902', `There is no image at ${path}`, { at: path });
  if (stat.isDirectory()) return { at: path, file: (name) => fileIn(path, name) };
  const members = membersOf(path);
  return { at: path, file: (name) => resolved(members, name) };
}

/** A small file as a whole: E0205 beyond 4 MiB. */
export function wholeFile({ path, offset, sizeBytes }: ImageFile): Uint8Array {
  if (sizeBytes > DOCUMENT_BYTES_MAX) {
    throw new Failure('E0205', `The document ${path} is larger than ${DOCUMENT_BYTES_MAX} bytes`, { at: path });
  }
  const bytes = opened(path);
  try {
    return bytes.slice(offset, sizeBytes);
  } finally {
    bytes.close();
  }
}

export function fileChunks({ path, offset, sizeBytes }: ImageFile): AsyncIterable<Uint8Array> {
  if (sizeBytes === 0) return (async function* () {})();
  return createReadStream(path, { start: offset, end: offset + sizeBytes - 1, highWaterMark: 2 ** 18 });
}

/** As registries bound manifests. */
const DOCUMENT_BYTES_MAX = 4 * 2 ** 20;
const MEMBERS_MAX = 2_000_000;
const METADATA_BYTES_MAX = 2 ** 20;
const LINKS_MAX = 10;

interface Member extends ImageFile {
  readonly link: string | null;
}

function fileIn(folder: string, name: string): ImageFile | undefined {
  const path = join(folder, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true ? { path, offset: 0, sizeBytes: stat.size } : undefined;
}

/** Where the members of a tar lie; only their headers are read. */
function membersOf(path: string): ReadonlyMap<string, Member> {
  const bytes = opened(path);
  try {
    const members = new Map<string, Member>();
    let longName: string | undefined;
    for (let offset = 0; offset < bytes.sizeBytes; ) {
      const block = bytes.slice(offset, 512);
      if (block.length < 512) throw cutOff(path);
      if (block.every((byte) => byte === 0)) break;
      const { name, sizeBytes, type, linkName } = memberHeader(block, { archive: path, offset });
      const contentAt = offset + 512;
      if (contentAt + sizeBytes > bytes.sizeBytes || members.size >= MEMBERS_MAX) throw cutOff(path);
      if (type === 'x' || type === 'L')
        longName = longNameIn(bytes, { type, offset: contentAt, sizeBytes }) ?? longName;
      else if (type !== 'g') {
        const isLink = type === '1' || type === '2';
        const member = { path, offset: contentAt, sizeBytes, link: isLink ? linkTarget(name, linkName, type) : null };
        members.set(posix.normalize(longName ?? name), member);
        longName = undefined;
      }
      offset = contentAt + Math.ceil(sizeBytes / 512) * 512;
    }
    return members;
  } finally {
    bytes.close();
  }
}

function longNameIn(
  bytes: OpenBytes,
  { type, offset, sizeBytes }: { readonly type: string; readonly offset: number; readonly sizeBytes: number },
): string | undefined {
  const content = bytes.slice(offset, Math.min(sizeBytes, METADATA_BYTES_MAX));
  return type === 'x' ? parsePaxRecords(content)?.get('path') : Buffer.from(content).toString().replace(/\0.*$/s, '');
}

/** Older archives of Docker hold a layer that several images share once, and links to it. */
function linkTarget(name: string, target: string, type: string): string {
  return posix.normalize(type === '1' ? target : posix.join(posix.dirname(name), target));
}

function resolved(members: ReadonlyMap<string, Member>, name: string): ImageFile | undefined {
  let member = members.get(posix.normalize(name));
  for (let links = 0; member?.link !== null && links < LINKS_MAX; links += 1) member = members.get(member?.link ?? '');
  return member?.link === null ? member : undefined;
}

function opened(path: string): OpenBytes {
  const bytes = openBytes(path);
  if (bytes === undefined) throw new Failure('E0902', `The file ${path} cannot be read`, { at: path });
  return bytes;
}

function cutOff(path: string): Failure {
  return new Failure('E0404', `${path} ends in the middle of a member, or has too many`, { at: path });
}
