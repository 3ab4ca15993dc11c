import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { Failure } from '../../core/failure.ts';

/** Signs with ECDSA P-256 over SHA-256, DER form: what cosign key pairs do. */
export interface Signer {
  /** SHA-256 hex of the public key in SPKI DER. */
  readonly keyId: string;
  /** SPKI PEM. */
  readonly publicKey: string;
  sign(bytes: Uint8Array): Uint8Array;
}

export interface Verifier {
  readonly keyId: string;
  verifies(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** Takes a P-256 private key; E0303 for any other. */
export function signerOf(privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey);
  requireP256(publicKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (bytes) => sign('sha256', bytes, privateKey),
  };
}

/** Reads a public key in PEM; E0303 when it is none, or no P-256 key. */
export function verifierOf(publicKeyPem: string): Verifier {
  const key = publicKeyOf(publicKeyPem);
  return {
    keyId: keyIdOf(key),
    verifies(bytes, signature) {
      try {
        return verify('sha256', bytes, key, signature);
      } catch {
        // Bytes that are no DER signature at all.
        return false;
      }
    },
  };
}

function publicKeyOf(pem: string): KeyObject {
  try {
    // A private key would be accepted too, and would then lie where public things lie.
    if (!pem.includes('-----BEGIN PUBLIC KEY-----')) throw new Error('no PUBLIC KEY block');
    const key = createPublicKey(pem);
    requireP256(key);
    return key;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('E0303', 'The public key cannot be read', { why: 'A PEM block PUBLIC KEY is expected.', cause });
  }
}

function requireP256(key: KeyObject): void {
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return;
  throw new Failure('E0303', 'The key is no ECDSA key on P-256');
}

function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
