import type { ChainFinding } from './chain-finding.ts';
import type { ChainEntry } from './envelope.ts';
import type { HashShelf } from './hash-shelf.ts';
import { type JudgeHead, parseSignedHead, type SignedHead } from './head-signing.ts';
import { readJson } from './withheld.ts';

export interface SignedHeads {
  /** An entry before its own hash is kept: a head can only speak of what stands before it. */
  add(entry: ChainEntry): ChainFinding | undefined;
  count(): { readonly heads: number; readonly upTo: number };
}

/** Holds each `head-signed` fact against the chain before it and against the keys that are trusted. */
export function signedHeads(
  hashes: HashShelf,
  { after, judge }: { readonly after: number; readonly judge: JudgeHead | undefined },
): SignedHeads {
  let heads = 0;
  let upTo = 0;
  return {
    add(entry) {
      if (entry.type !== 'head-signed' || entry.payloadText === null) return undefined;
      const head = parseSignedHead(readJson(entry.payloadText));
      heads += 1;
      const trouble = head === undefined ? 'is no signed head' : troubleWith(head, entry.seq, { hashes, after, judge });
      if (trouble === undefined) {
        if (judge !== undefined) upTo = Math.max(upTo, head?.seq ?? 0);
        return undefined;
      }
      const at = head === undefined ? '' : ` of fact ${head.seq}`;
      return { seq: entry.seq, kind: 'signature', message: `The head${at} that fact ${entry.seq} signs ${trouble}` };
    },
    count: () => ({ heads, upTo }),
  };
}

function troubleWith(
  head: SignedHead,
  seq: number,
  {
    hashes,
    after,
    judge,
  }: { readonly hashes: HashShelf; readonly after: number; readonly judge: JudgeHead | undefined },
): string | undefined {
  if (head.seq >= seq) return 'stands after it';
  // Before the place where this verification began there are no hashes to compare with.
  if (head.seq > after && hashes.at(head.seq) !== head.hash) return `was ${head.hash}: the chain was written anew`;
  switch (judge?.(head)) {
    case 'wrong':
      return 'has a signature that is not of this head';
    case 'stranger':
      return `is signed by the key ${head.keyId}, which is not among the trusted ones`;
    case 'good':
    case undefined:
      return undefined;
  }
}
