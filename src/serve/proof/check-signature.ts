import { headPayload } from '../../core/ledger/head-signing.ts';
import type { Signed, SignedHead } from './reproduce.ts';
import { statementSigned } from './statement.ts';

export interface SignatureCheck {
  readonly findings: readonly string[];
  /** Signatures that verify. */
  readonly verified: number;
  /** Whose signature reaches farthest: SHA-256 hex of the public key in SPKI DER. */
  readonly keyId: string | null;
  /** Other keys that signed heads inside. */
  readonly otherKeyIds: readonly string[];
  /** The last fact that a signature covers; 0 = none does. */
  readonly upTo: number;
  /** Facts after it, but for those that only hold signatures of what is covered. */
  readonly unsigned: number;
  readonly isQuestionSigned: boolean;
}

/** Public keys in SPKI PEM. */
export interface KeysInside {
  /** Of whoever made the report. */
  readonly publicKey: string | null;
  /** That heads were signed with before: of a ledger that was taken over from elsewhere. */
  readonly earlierKeys: readonly string[];
}

/** Checks what is signed with WebCrypto: ECDSA on P-256 over SHA-256, by the keys that are inside. */
export async function checkSignatures(signed: Signed, { publicKey, earlierKeys }: KeysInside): Promise<SignatureCheck> {
  const { heads, statement, facts } = signed;
  const maker = publicKey === null ? undefined : await verifierOf(publicKey);
  const known = [...(maker === undefined ? [] : [maker]), ...(await Promise.all(earlierKeys.map(verifierOf)))];
  const byId = new Map(known.map((each) => [each.keyId, each]));
  const findings: string[] = [];
  const good: SignedHead[] = [];
  for (const head of heads) {
    const key = byId.get(head.keyId);
    if (key === undefined) findings.push(`Fact ${head.fact} holds a signature, and its public key is not inside`);
    else if (await key.verifies(headPayload({ seq: head.seq, hash: head.hash }), head.signature)) good.push(head);
    else findings.push(`The signature in fact ${head.fact} over the head at fact ${head.seq} does not verify`);
  }
  const isQuestionSigned =
    statement !== null && (await maker?.verifies(statementSigned(statement.text), statement.signature)) === true;
  if (statement !== null && !isQuestionSigned) findings.push('The signature over the report does not verify');
  const last = good.reduce<SignedHead | null>((most, head) => (head.seq > (most?.seq ?? 0) ? head : most), null);
  const keyId = isQuestionSigned ? (maker?.keyId ?? null) : (last?.keyId ?? maker?.keyId ?? null);
  return {
    findings,
    verified: good.length + (isQuestionSigned ? 1 : 0),
    keyId,
    otherKeyIds: [...new Set(good.map((head) => head.keyId))].filter((each) => each !== keyId),
    ...reach(signed, isQuestionSigned ? facts : (last?.seq ?? 0)),
    isQuestionSigned,
  };
}

function reach({ heads, facts }: Signed, upTo: number): Pick<SignatureCheck, 'upTo' | 'unsigned'> {
  const heldAfter = heads.filter(({ fact }: SignedHead) => fact > upTo).length;
  return { upTo, unsigned: facts - upTo - heldAfter };
}

async function verifierOf(publicKey: string) {
  const der = fromBase64(publicKey.replaceAll(/-----[A-Z ]+-----|\s/g, ''));
  const keyId = hexOf(await crypto.subtle.digest('SHA-256', der));
  const key = await crypto.subtle.importKey('spki', der, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  return {
    keyId,
    /** Of a text, to be taken as UTF-8, and a signature in DER as base64: its one spelling. */
    verifies: async (text: string, signature: string): Promise<boolean> => {
      const bytes = fromBase64(signature);
      const raw = rawSignature(bytes);
      if (raw === undefined || toBase64(bytes) !== signature) return false;
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
      return await crypto.subtle.verify(algorithm, key, raw, new TextEncoder().encode(text));
    },
  };
}

/** From DER (RFC 3279, section 2.2.3: a sequence of two integers) to the two numbers that WebCrypto takes. */
function rawSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const raw = new Uint8Array(64);
  let at = 2;
  for (const place of [0, 32]) {
    const length = der[at + 1] ?? 0;
    if (der[at] !== 2 || length === 0 || at + 2 + length > der.length) return undefined;
    const number = der.subarray(at + 2, at + 2 + length);
    const digits = number.subarray(Math.max(0, number.length - 32));
    raw.set(digits, place + 32 - digits.length);
    at += 2 + length;
  }
  return at === der.length ? raw : undefined;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function hexOf(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (each) => each.toString(16).padStart(2, '0')).join('');
}
