import type { Digest } from '../../core/digest.ts';
import { sizeOf, type Disk } from './disk.ts';
import { empty, refusal, type Reply } from './reply.ts';

/** `GET|HEAD /v2/<name>/blobs/<digest>` with one Range (distribution-spec "Pulling blobs"; RFC 9110 section 14). */
export async function readBlob(disk: Disk, digest: Digest, range: string | undefined): Promise<Reply> {
  const path = disk.blobPath(digest);
  const sizeBytes = await sizeOf(path);
  if (sizeBytes === undefined) return refusal(404, 'BLOB_UNKNOWN', `No blob ${digest}`);
  const common = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    etag: `"${digest}"`,
    'accept-ranges': 'bytes',
  };
  const part = rangeOf(range, sizeBytes);
  switch (part.kind) {
    case 'whole':
      return whole(path, sizeBytes, common);
    case 'unsatisfiable':
      return empty(416, { 'content-range': `bytes */${sizeBytes}` });
    case 'part':
      return {
        status: 206,
        headers: {
          ...common,
          'content-range': `bytes ${part.start}-${part.end}/${sizeBytes}`,
          'content-length': String(part.end - part.start + 1),
        },
        body: { path, start: part.start, end: part.end },
      };
  }
}

function whole(path: string, sizeBytes: number, common: Readonly<Record<string, string>>): Reply {
  const headers = { ...common, 'content-length': String(sizeBytes) };
  return sizeBytes === 0
    ? { status: 200, headers }
    : { status: 200, headers, body: { path, start: 0, end: sizeBytes - 1 } };
}

export type Part =
  | { readonly kind: 'whole' }
  | { readonly kind: 'unsatisfiable' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number };

/** One range is honoured; several, or what is not understood, get the whole (RFC 9110: a server may ignore Range). */
export function rangeOf(header: string | undefined, sizeBytes: number): Part {
  const match = header === undefined ? null : /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return { kind: 'whole' };

  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (first !== '' && last !== '' && Number(last) < start) return { kind: 'whole' };
  return start > end ? { kind: 'unsatisfiable' } : { kind: 'part', start, end };
}
