import { headPayload, type JudgeHead } from '../../core/ledger/head-signing.ts';
import { verifierOf } from '../dsse/signing-key.ts';

/** Judges signed heads by public keys in PEM form. E0303 when one of them is no P-256 key. */
export function judgeHeads(publicKeys: readonly string[]): JudgeHead {
  const verifiers = new Map(publicKeys.map((pem) => verifierOf(pem)).map((each) => [each.keyId, each]));
  return (head) => {
    const verifier = verifiers.get(head.keyId);
    if (verifier === undefined) return 'stranger';
    const bytes = new TextEncoder().encode(headPayload(head));
    return verifier.verifies(bytes, Buffer.from(head.signature, 'base64')) && isOneSpelling(head.signature)
      ? 'good'
      : 'wrong';
  };
}

/** Base64 has many spellings of the same bytes; ours is the only one that is taken (RFC 4648 section 3.5). */
function isOneSpelling(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}
