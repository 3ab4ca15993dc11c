import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { envelopeJson, isSignedBy, parseEnvelope, preAuthentication, signEnvelope } from './envelope.ts';
import { signerOf, verifierOf } from './signing-key.ts';

const text = (value: string) => new TextEncoder().encode(value);
const pair = () => signerOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);

test('preAuthentication() is the example of the DSSE protocol', () => {
  const bytes = preAuthentication('http://example.com/HelloWorld', text('hello world'));
  assert.equal(Buffer.from(bytes).toString(), 'DSSEv1 29 http://example.com/HelloWorld 11 hello world');
});

test('preAuthentication() counts bytes, not characters', () => {
  assert.equal(Buffer.from(preAuthentication('é', text('ü'))).toString(), 'DSSEv1 2 é 2 ü');
});

test('isSignedBy() knows a signature that openssl made', () => {
  // openssl dgst -sha256 -sign key.pem over "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
  const payload = text('hello world');
  const envelope = {
    payloadType: 'http://example.com/HelloWorld',
    payload,
    signatures: [Buffer.from(OPENSSL_SIGNATURE, 'base64')],
  };
  const key = verifierOf(OPENSSL_PUBLIC);
  assert.equal(key.keyId, OPENSSL_KEY_ID);
  assert.equal(isSignedBy(envelope, key), true);
  assert.equal(isSignedBy({ ...envelope, payload: text('hello worle') }, key), false);
  assert.equal(isSignedBy({ ...envelope, payloadType: 'http://example.com/Hello' }, key), false);
  assert.equal(isSignedBy(envelope, verifierOf(pair().publicKey)), false);
});

test('signEnvelope() and isSignedBy() agree for any payload, and no changed byte passes', () => {
  const signer = pair();
  const key = verifierOf(signer.publicKey);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (payload, position) => {
      const envelope = parseEnvelope(JSON.parse(JSON.stringify(envelopeJson(signEnvelope('a/b', payload, signer)))));
      const changed = Uint8Array.from(envelope.payload);
      const at = position % changed.length;
      changed[at] = (changed[at] ?? 0) ^ 1;
      return isSignedBy(envelope, key) && !isSignedBy({ ...envelope, payload: changed }, key);
    }),
    { numRuns: 50 },
  );
});

test('envelopeJson() leaves the key hint empty', () => {
  assert.equal(envelopeJson(signEnvelope('a/b', text('x'), pair())).signatures[0]?.keyid, '');
});

test('parseEnvelope() refuses what is none, and an envelope without signatures is signed by nobody', () => {
  for (const json of [null, {}, { payload: '%', payloadType: 'a', signatures: [] }, { payload: '', payloadType: '' }]) {
    assert.throws(() => parseEnvelope(json), { code: 'E0301' });
  }
  const bare = parseEnvelope({ payload: 'eA==', payloadType: 'a', signatures: [] });
  assert.equal(isSignedBy(bare, verifierOf(pair().publicKey)), false);
  const noise = parseEnvelope({ payload: 'eA==', payloadType: 'a', signatures: [{ sig: 'eA==' }] });
  assert.equal(isSignedBy(noise, verifierOf(pair().publicKey)), false);
});

test('verifierOf() and signerOf() take P-256 only, and no private key for a public one', () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  assert.throws(() => signerOf(other.privateKey), { code: 'E0303' });
  assert.throws(() => verifierOf(other.publicKey.export({ type: 'spki', format: 'pem' }).toString()), {
    code: 'E0303',
  });
  assert.throws(() => verifierOf('nonsense'), { code: 'E0303' });
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  assert.throws(() => verifierOf(own.toString()), { code: 'E0303' });
  assert.equal(signerOf(createPrivateKey(own)).publicKey.startsWith('-----BEGIN PUBLIC KEY-----'), true);
});

const OPENSSL_PUBLIC = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEnEh+Tkwr9B289FUb83tT8xRZQVdT
Uq1l+6BVdSBK4gSMs2suuHSN3w+FtEi3UO/KK+75WlU8bXAQKnpiIObDVQ==
-----END PUBLIC KEY-----
`;
const OPENSSL_KEY_ID = '507a9b76ee3036dcee5c82c2a598e8ee11f02d3282aaddd9e094b35e597b64fb';
const OPENSSL_SIGNATURE =
  'MEQCIGY/Yjc87qAhK4BW1oMBDf8TZ6fSi7mlLk38sI5bVFYiAiApQgBdI4ydVQ8UaVblj0FG83PWavVD9Gb0IwHhfQfmSA==';
