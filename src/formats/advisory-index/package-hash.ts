import { GROUPS_MAX } from './layout.ts';

/** FNV-1a over bytes, 32 bits; begins anew or goes on from an earlier result. */
export function hashBytes(bytes: Uint8Array, from = 0x811c9dc5): number {
  let hash = from;
  for (let at = 0; at < bytes.length; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash >>> 0;
}

/** Of what is said about a package in one stream, given the package's hash. */
export function hashStream(packageHash: number, stream: Uint8Array): number {
  return hashBytes(stream, Math.imul(packageHash, 0x01000193));
}

/** A group's number and a part of its hash, so that most strangers are told apart without a look at the group. */
export function slotOf(group: number, hash: number): number {
  return group + 1 + (hash >>> 24) * GROUPS_MAX;
}

export function groupIn(slot: number, hash: number): number | undefined {
  return slot >>> 24 === hash >>> 24 ? (slot % GROUPS_MAX) - 1 : undefined;
}
