import type { ChainFinding } from './chain-finding.ts';
import type { ChainEntry } from './envelope.ts';
import type { HashShelf } from './hash-shelf.ts';
import { type JudgeHead, parseSignedHead, type SignedHead } from './head-signing.ts';
import { readJson } from './withheld.ts';

export interface SignedHeads {
  /** An entry before its own hash is kept: a head can only speak of what stands before it. */
  add(entry: ChainEntry): ChainFinding | undefined;
  count(end: number): SignedCount;
}

/** How far signatures of trusted keys reach. */
export interface SignedCount {
  /** `head-signed` facts in the chain. */
  readonly heads: number;
  /** The last fact under a good signature of a trusted key; 0 = none is. */
  readonly upTo: number;
  /** Facts after it that nobody signed. What only holds a signature of what stands before it does no harm, and is not counted. */
  readonly unsigned: number;
}

/** Holds each `head-signed` fact against the chain before it and against the keys that are trusted. */
export function signedHeads(
  hashes: HashShelf,
  { after, judge }: { readonly after: number; readonly judge: JudgeHead | undefined },
): SignedHeads {
  const holding: number[] = [];
  let upTo = 0;
  return {
    add(entry) {
      if (entry.type !== 'head-signed' || entry.payloadText === null) return undefined;
      const head = parseSignedHead(readJson(entry.payloadText));
      holding.push(entry.seq);
      const trouble = head === undefined ? 'is no signed head' : troubleWith(head, entry.seq, { hashes, after, judge });
      if (trouble === undefined) {
        if (judge !== undefined) upTo = Math.max(upTo, head?.seq ?? 0);
        return undefined;
      }
      const at = head === undefined ? '' : ` of fact ${head.seq}`;
      return { seq: entry.seq, kind: 'signature', message: `The head${at} that fact ${entry.seq} signs ${trouble}` };
    },
    count(end) {
      const held = holding.filter((seq) => seq > upTo).length;
      return { heads: holding.length, upTo, unsigned: end - upTo - held };
    },
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
