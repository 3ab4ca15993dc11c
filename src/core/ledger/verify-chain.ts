import type { Fact } from '../fact.ts';
import { beforeFirst, chainHash, entryFromFact, type ChainEntry } from './envelope.ts';
import { payloadDigest } from './fact-id.ts';
import type { ChainFinding } from './chain-finding.ts';
import { hashShelf } from './hash-shelf.ts';
import type { ChainHead, JudgeHead } from './head-signing.ts';
import { seenIds } from './seen-ids.ts';
import { type SignedCount, signedHeads } from './signed-heads.ts';
import { withheldWatch } from './withheld.ts';

export interface ChainVerdict {
  readonly findings: readonly ChainFinding[];
  readonly signed: SignedCount;
  /** Facts whose payload the chain says is sealed or erased. */
  readonly withheld: { readonly sealed: number; readonly erased: number };
  /** Where a later verification can go on. */
  readonly end: ChainPosition;
}

/** A place in the chain that is trusted: everything up to it was verified before. */
export interface ChainPosition extends ChainHead {
  /** RFC 3339; null before the first fact. */
  readonly recordedAt: string | null;
}

export const chainStart: ChainPosition = { seq: 0, hash: beforeFirst, recordedAt: null };

/** What a verification stands on. */
export interface ChainTrust {
  readonly from?: ChainPosition;
  /** Ends of the chain as somebody kept them elsewhere: the only way to notice one cut short or written anew. */
  readonly heads?: readonly ChainHead[];
  /** Judges the signatures of heads; without it they are only compared with the chain. */
  readonly judge?: JudgeHead;
  /** A finding when no head is signed by a trusted key: a chain made anew without the key has none. */
  readonly mustBeSigned?: boolean;
  /** A finding when more facts at the end are signed by nobody: they can be made anew without the key. Absent: any number may. */
  readonly unsignedMax?: number | undefined;
}

/** Findings kept: the first ones tell what happened, and a wrong ledger of millions must not fill the memory. */
const FINDINGS_MAX = 1000;

/** Facts in the order of the ledger, from its start or after `trust.from`. Expected: no findings. */
export function verifyChain(facts: Iterable<Fact>, trust: ChainTrust = {}): ChainVerdict {
  const verifier = chainVerifier(trust);
  for (const fact of facts) verifier.add(entryFromFact(fact));
  return verifier.verdict();
}

export interface ChainVerifier {
  /** The next entry. */
  add(entry: ChainEntry): void;
  /** What is known already not to hold, before the last entry. */
  first(): ChainFinding | undefined;
  verdict(): ChainVerdict;
}

/**
 * The same for a ledger too long to hold: entries one after the other. Each is judged against what is stored of the
 * one before, so a single change is named where it was made, not at everything that follows.
 */
export function chainVerifier(trust: ChainTrust = {}): ChainVerifier {
  const { from = chainStart, heads = [] } = trust;
  const findings: ChainFinding[] = [];
  const note = (finding: ChainFinding | undefined): void => {
    if (finding !== undefined && findings.length < FINDINGS_MAX) findings.push(finding);
  };
  const ids = seenIds();
  const hashes = hashShelf();
  const signed = signedHeads(hashes, { after: from.seq, judge: trust.judge });
  const withheld = withheldWatch();
  const headsAt = Map.groupBy(heads, (head) => head.seq);
  let previous: ChainPosition = from;

  return {
    add(entry) {
      note(placeFinding(entry, previous));
      note(hashFinding(entry));
      note(timeFinding(entry, previous));
      note(payloadFinding(entry));
      note(duplicateFinding(entry, ids.see(entry.id, entry.seq)));
      for (const head of headsAt.get(entry.seq) ?? []) note(headFinding(entry, head));
      note(signed.add(entry));
      hashes.keep(entry.seq, entry.hash);
      withheld.add(entry);
      previous = entry;
    },
    first: () => findings[0],
    verdict() {
      const { seq, hash, recordedAt } = previous;
      const cut = heads.filter((head) => head.seq > seq).map((head) => cutFinding(seq, head));
      const { findings: absent, sealed, erased } = withheld.verdict();
      const count = signed.count(seq);
      return {
        findings: [...findings, ...absent, ...cut, ...unsignedFindings(seq, count, trust)],
        signed: count,
        withheld: { sealed, erased },
        end: { seq, hash, recordedAt },
      };
    },
  };
}

function placeFinding({ seq, prev }: ChainEntry, before: ChainPosition): ChainFinding | undefined {
  if (seq <= before.seq) {
    return { seq, kind: 'order', message: `Fact ${seq} stands after fact ${before.seq}: the order was changed` };
  }
  if (seq > before.seq + 1) {
    const missing = seq === before.seq + 2 ? `Fact ${seq - 1} is` : `Facts ${before.seq + 1} to ${seq - 1} are`;
    return { seq, kind: 'gap', message: `${missing} missing before fact ${seq}` };
  }
  if (prev === before.hash) return undefined;
  const message = `Fact ${seq} does not follow fact ${before.seq}: it names another hash as the one before it`;
  return { seq, kind: 'prev', message };
}

function hashFinding(entry: ChainEntry): ChainFinding | undefined {
  if (chainHash(entry.prev, entry) === entry.hash) return undefined;
  return { seq: entry.seq, kind: 'hash', message: `Fact ${entry.seq} was changed: its bytes do not give its hash` };
}

function timeFinding({ seq, recordedAt }: ChainEntry, before: ChainPosition): ChainFinding | undefined {
  if (before.recordedAt === null || before.recordedAt === recordedAt) return undefined;
  const [now, then] = [instantOf(recordedAt), instantOf(before.recordedAt)];
  if (now !== undefined && then !== undefined && Temporal.Instant.compare(now, then) >= 0) return undefined;
  const message = `Fact ${seq} was recorded at ${recordedAt}, before fact ${before.seq} at ${before.recordedAt}`;
  return { seq, kind: 'recorded-at', message };
}

function instantOf(text: string): Temporal.Instant | undefined {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return undefined;
  }
}

/** A payload that is sealed or erased is no finding: the envelope still says by digest which one it was. */
function payloadFinding({ seq, payloadText, payloadDigest: digest }: ChainEntry): ChainFinding | undefined {
  if (payloadText === null || payloadDigest(payloadText) === digest) return undefined;
  return { seq, kind: 'payload', message: `The payload of fact ${seq} was changed: it does not give ${digest}` };
}

function duplicateFinding({ seq, id }: ChainEntry, twin: number): ChainFinding | undefined {
  if (twin === 0) return undefined;
  return { seq, kind: 'duplicate', message: `Fact ${seq} is fact ${twin} once more: both have the id ${id}` };
}

function headFinding({ seq, hash }: ChainEntry, head: ChainHead): ChainFinding | undefined {
  if (hash === head.hash) return undefined;
  return { seq, kind: 'head', message: `The chain was written anew: fact ${seq} was known as ${head.hash}` };
}

function cutFinding(seq: number, head: ChainHead): ChainFinding {
  return { seq, kind: 'head', message: `The chain was cut short: it ends at fact ${seq}, fact ${head.seq} was known` };
}

function unsignedFindings(
  seq: number,
  { upTo, unsigned }: SignedCount,
  { mustBeSigned = false, unsignedMax = Number.POSITIVE_INFINITY }: ChainTrust,
): readonly ChainFinding[] {
  if (mustBeSigned && upTo === 0) return [strangeFinding(seq)];
  return unsigned > unsignedMax ? [tailFinding(seq, { upTo, unsigned })] : [];
}

function tailFinding(end: number, { upTo, unsigned }: Pick<SignedCount, 'upTo' | 'unsigned'>): ChainFinding {
  const facts = `${unsigned} ${unsigned === 1 ? 'fact' : 'facts'} after it ${unsigned === 1 ? 'is' : 'are'}`;
  const message = `Signed up to fact ${upTo} of ${end}; ${facts} signed by nobody: figures that rest on them are not proven`;
  return { seq: upTo + 1, kind: 'unsigned', message };
}

function strangeFinding(seq: number): ChainFinding {
  return { seq, kind: 'signature', message: `None of the ${seq} facts is under a head signed by a key that you trust` };
}
