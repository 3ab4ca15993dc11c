import { headPayload } from '../../core/ledger/head-signing.ts';
import type { SignedHead } from './reproduce.ts';

export interface SignatureCheck {
  readonly findings: readonly string[];
  readonly verified: number;
  /** SHA-256 hex of the public key in SPKI DER. */
  readonly keyId: string | null;
}

/** Checks signed heads with WebCrypto: ECDSA on P-256 over SHA-256, by the one key that is inside. */
export async function checkSignatures(heads: readonly SignedHead[], publicKey: string | null): Promise<SignatureCheck> {
  if (publicKey === null) {
    const findings = heads.map(({ fact }) => `Fact ${fact} holds a signature, and no public key is inside`);
    return { findings, verified: 0, keyId: null };
  }
  const der = fromBase64(publicKey.replaceAll(/-----[A-Z ]+-----|\s/g, ''));
  const keyId = hexOf(await crypto.subtle.digest('SHA-256', der));
  const key = await crypto.subtle.importKey('spki', der, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  const findings: string[] = [];
  for (const head of heads) {
    const text = new TextEncoder().encode(headPayload({ seq: head.seq, hash: head.hash }));
    const signature = rawSignature(fromBase64(head.signature));
    const verifies =
      head.keyId === keyId &&
      signature !== undefined &&
      (await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, text));
    if (!verifies)
      findings.push(`The signature in fact ${head.fact} over the head at fact ${head.seq} does not verify`);
  }
  return { findings, verified: heads.length - findings.length, keyId };
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

function hexOf(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (each) => each.toString(16).padStart(2, '0')).join('');
}
