import { sha256 } from '../../core/ledger/sha256.ts';
import { evidenceLine, type EvidenceBlocks } from './evidence.ts';

/** Where the facts of a report end. */
interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** Names what is signed, so that the signature cannot be passed off as one over something else. */
export const statementType = 'application/vnd.suture.report+json';

/**
 * What the maker of a report signs: the head of its facts, and by digest every byte of the question, the facts and the inventories
 * inside. It covers the facts after the newest signed head, the question, and that nothing else was left out.
 */
export function statementText({ question, facts, inventories }: EvidenceBlocks, { seq, hash }: Head): string {
  const digests = { facts: sha256(facts), inventories: sha256(inventories), question: sha256(question) };
  return JSON.stringify({
    facts: digests.facts,
    head: { hash, seq },
    inventories: digests.inventories,
    question: digests.question,
  });
}

/** The bytes that are signed, as text: DSSE 1.0, protocol.md, PAE. Type and statement are ASCII, so characters are bytes. */
export function statementSigned(text: string): string {
  return `DSSEv1 ${statementType.length} ${statementType} ${text.length} ${text}`;
}

/** The block: a DSSE envelope, JSON form, around a signature in base64. */
export function signatureBlock(text: string, signature: string): string {
  return evidenceLine({ payload: btoa(text), payloadType: statementType, signatures: [{ keyid: '', sig: signature }] });
}

export interface SignedStatement {
  readonly text: string;
  /** DER, base64. */
  readonly signature: string;
}

/** What such a block signs; null where nobody signed. A finding when it is not about this report, byte for byte. */
export function statementIn(blocks: EvidenceBlocks, head: Head, findings: string[]): SignedStatement | null {
  if (blocks.signature === '') return null;
  const text = statementText(blocks, head);
  const signature = /"sig":"([A-Za-z0-9+/=]{1,200})"/.exec(blocks.signature)?.[1];
  if (signature !== undefined && signatureBlock(text, signature) === blocks.signature) return { text, signature };
  findings.push('What is signed is another report: its question, its facts or their head are not those inside');
  return null;
}
