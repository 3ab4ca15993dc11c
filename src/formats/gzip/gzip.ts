import { gzipSync } from 'node:zlib';

/**
 * One gzip member (RFC 1952) that depends on the bytes and on the compressor alone: no name, no time, the operating
 * system byte fixed to "Unix". The same zlib gives the same bytes; another one may not, so promises are made about
 * uncompressed digests.
 */
export function gzip(bytes: Uint8Array, level = 6): Uint8Array {
  const member = gzipSync(bytes, { level });
  member.fill(0, 4, 8);
  member[9] = 3;
  return member;
}
