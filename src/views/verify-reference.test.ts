import assert from 'node:assert/strict';
import { test } from 'node:test';
import { obligation } from '../../test/support/obligation.ts';
import {
  composedAt,
  loopbackRegistry,
  newSigner,
  publication,
  receiptsTarget,
  type PublicationOptions,
} from '../../test/support/published-line.ts';
import type { Obligation } from '../core/promise/standing.ts';
import { attachDigestReceipt, attachReceipts } from '../factory/image/attach-receipts.ts';
import { memoryCache } from '../factory/image/cache.ts';
import { publishImage } from '../factory/image/publish-image.ts';
import { readReference } from '../factory/image/read-reference.ts';
import { signEnvelope } from '../formats/dsse/envelope.ts';
import { verifierOf, type Signer } from '../formats/dsse/signing-key.ts';
import { encodeBundle, parseBundle } from '../formats/sigstore/bundle.ts';
import { listedObligations } from '../formats/in-toto/digest-receipt.ts';
import type { ReferenceMaterial } from '../formats/sigstore/reference-material.ts';
import type { VexEntry } from '../formats/openvex/encode-openvex.ts';
import type { Check } from './verify-check.ts';
import { verifyReference, type ReferenceVerdict } from './verify-reference.ts';

const sign = newSigner();
const now = composedAt.add({ hours: 2 });
const judged = (material: ReferenceMaterial, signer: Signer = sign, at = now) =>
  verifyReference(material, { key: verifierOf(signer.publicKey), now: at });
const check = (verdict: ReferenceVerdict, name: Check['name']) => verdict.checks.find((one) => one.name === name);
const waiting: VexEntry = {
  vulnerability: 'CVE-2026-0001',
  aliases: [],
  components: [],
  standing: 'waiting',
  due: null,
  status: 'affected',
  action: 'wait',
};

test('verifyReference() says yes, link by link, to what was published with all its papers', async (t) => {
  const verdict = judged(await pulled(t, { vex: [waiting] }));
  assert.equal(verdict.answer, 'yes', JSON.stringify(verdict.checks));
  assert.deepEqual(
    verdict.checks.map((one) => `${one.name} ${one.verdict}: ${one.text}`),
    [
      `signature yes: signed by the key ${sign.keyId.slice(0, 8)}…`,
      'provenance yes: hello:1 composed by suture from catalog commit 8c1e0a2b…, 2 inputs by digest',
      'contents yes: the SBOM matches the layers (1 package, 0 unlisted)',
      'promise note: 0 overdue · 1 waiting on upstream · receipts 1/1 valid · its digest has no receipt yet',
      'age yes: composed 2 h ago; it is what the tag 1 leads to',
    ],
  );
});

test('verifyReference() tells unsigned from signed by another key from tampered', async (t) => {
  const material = await pulled(t);
  const nobody = check(judged({ ...material, signatures: [] }), 'signature');
  assert.equal(nobody?.text, 'nobody signed it');
  const stranger = check(judged(material, newSigner()), 'signature');
  assert.match(stranger?.text ?? '', /^signed by the key .*, not by /);
  const changed = material.signatures.map(({ subject, found }) => ({
    subject,
    found: { ...found, payload: flipped(found.payload) },
  }));
  assert.match(check(judged({ ...material, signatures: changed }), 'signature')?.text ?? '', /does not fit its bytes$/);
  const other = material.signatures.map(({ found }) => ({ subject: material.image, found }));
  const copied = judged({ ...material, signatures: other.filter(({ found }) => !says(found.payload, material.image)) });
  assert.match(check(copied, 'signature')?.text ?? '', /^the signature is for another image/);
  for (const verdict of [judged({ ...material, signatures: [] }), copied]) assert.equal(verdict.answer, 'no');
});

test('verifyReference() trusts no statement of another key, of another image, or changed after signing', async (t) => {
  const material = await pulled(t, { vex: [waiting] });
  const names = ['provenance', 'contents', 'promise'] as const;
  const causes = (verdict: ReferenceVerdict) => names.map((name) => check(verdict, name)?.cause ?? '');
  for (const cause of causes(judged(material, newSigner()))) assert.match(cause, /^It is signed by the key/);
  const elsewhere = material.bundles.map(({ bytes }) => ({ subject: material.index ?? material.image, bytes }));
  const copied = judged({ ...material, bundles: elsewhere.filter(({ bytes }) => !says(payloadOf(bytes), 'receipt')) });
  for (const cause of causes(copied)) assert.equal(cause, 'It was copied from another image.');
  const tampered = material.bundles.map(({ subject, bytes }) => ({ subject, bytes: edited(bytes) }));
  for (const cause of causes(judged({ ...material, bundles: tampered }))) {
    assert.equal(cause, 'It was changed after signing.');
  }
  for (const cause of causes(judged({ ...material, bundles: [] })))
    assert.match(cause, /^It was pushed by other means/);
  const noise = [{ subject: material.image, bytes: new TextEncoder().encode('{}') }];
  for (const cause of causes(judged({ ...material, bundles: noise })))
    assert.match(cause, /^What is attached was damaged/);
});

test('verifyReference() names what the list of contents does not name, and the other way about', async (t) => {
  const material = await pulled(t);
  assert.equal(material.contents.kind, 'read');
  if (material.contents.kind !== 'read') return;
  const [one] = material.contents.inventory.packages;
  assert.ok(one);
  const inventory = { ...material.contents.inventory, packages: [{ ...one, version: '6.6.6-r0' }] };
  const verdict = check(judged({ ...material, contents: { ...material.contents, inventory } }), 'contents');
  assert.equal(
    verdict?.text,
    'the list of contents does not match the layers: not in the list: hello 6.6.6-r0; listed but not inside: hello 1.0.1-r0',
  );
  const damaged = judged({ ...material, contents: { kind: 'damaged', why: 'the digest is wrong' } });
  assert.equal(check(damaged, 'contents')?.verdict, 'no');
});

test('verifyReference() tells an image with nothing to say from one whose VEX was taken away', async (t) => {
  const quiet = check(judged(await pulled(t)), 'promise');
  assert.equal(quiet?.text, '0 overdue · 0 waiting on upstream · receipts 1/1 valid · its digest has no receipt yet');
  const spoken = await pulled(t, { vex: [waiting] });
  const bundles = spoken.bundles.filter(({ bytes }) => !says(payloadOf(bytes), 'openvex.dev/ns'));
  assert.equal(bundles.length, spoken.bundles.length - 1);
  assert.equal(check(judged({ ...spoken, bundles }), 'promise')?.text, 'it has no statement of vulnerabilities (VEX)');
});

test('verifyReference() counts a deadline as kept up to its last second', async (t) => {
  const due = composedAt.add({ hours: 48 });
  const material = await pulled(t, { vex: [{ ...waiting, standing: 'on-track', due }] });
  assert.equal(judged(material, sign, due).answer, 'yes');
  const late = judged(material, sign, due.add({ seconds: 1 }));
  assert.equal(late.answer, 'no');
  assert.match(check(late, 'promise')?.text ?? '', /^1 overdue .*: CVE-2026-0001$/);
});

test('verifyReference() takes a record for an answer up to the last second that it is good for', async (t) => {
  const writtenAt = now.toString();
  const validUntil = now.add({ hours: 48 });
  const material = await pulled(t, { record: { writtenAt, validUntil: validUntil.toString() } });
  const good = check(judged(material, sign, validUntil), 'promise');
  assert.equal(good?.verdict, 'yes');
  assert.match(good?.text ?? '', /· as of 2026-08-02 13:00 UTC, fact 41$/);
  const old = judged(material, sign, validUntil.add({ seconds: 1 }));
  assert.equal(check(old, 'promise')?.verdict, 'note');
  assert.match(check(old, 'promise')?.text ?? '', /fact 41, which says nothing about the last 48 h$/);
  assert.equal(old.answer, 'yes');
});

test('verifyReference() takes a record that does not say how long it is good for none of today', async (t) => {
  const record = { writtenAt: now.toString(), validUntil: now.add({ hours: 48 }).toString() };
  const material = await pulled(t, { record });
  const key = verifierOf(sign.publicKey);
  const bundles = material.bundles.map(({ subject, bytes }) => ({ subject, bytes: withoutValidity(bytes) }));
  const promise = check(verifyReference({ ...material, bundles }, { key, now: now.add({ hours: 1 }) }), 'promise');
  assert.equal(promise?.verdict, 'note');
  assert.match(promise?.text ?? '', /which says nothing about the last 1 h$/);
});

test('verifyReference() says no to what the record knows to be overdue, however it was at publication', async (t) => {
  const record = { writtenAt: now.toString(), validUntil: now.add({ hours: 48 }).toString() };
  const due = { t0: now.subtract({ hours: 60 }).toString() };
  const open = obligation({ vulnerability: 'CVE-2026-10', line: 'hello:1', standing: 'overdue', ...due });
  const promise = check(judged(await pulled(t, { record, open: [open] })), 'promise');
  assert.equal(promise?.verdict, 'no');
  assert.equal(promise?.reason, 'overdue');
  assert.match(promise?.text ?? '', /^1 overdue .*: CVE-2026-10$/);
});

test('verifyReference() of a digest says where its tag leads now', async (t) => {
  const world = await loopbackRegistry(t);
  const deps = { registry: world.registry, sign, publicName: (repository: string) => `${world.host}/${repository}` };
  const first = await publishImage(await publication(world, sign), deps);
  const next = await publication(world, sign, { packages: [{ name: 'hello', version: '1.0.2-r0' }] });
  const second = await publishImage(next, deps);
  const material = await readReference(
    { repository: 'hello', reference: first.digest, architecture: 'amd64' },
    { registry: world.registry, pulledLayers: memoryCache<never>(10) },
  );
  assert.ok(material);
  const verdict = judged(material);
  assert.equal(verdict.answer, 'yes');
  assert.deepEqual(check(verdict, 'age'), {
    name: 'age',
    verdict: 'note',
    text: `composed 2 h ago; the tag 1 now leads to ${second.digest.slice(0, 15)}…, which fixes nothing that you have`,
    reason: null,
    cause: null,
  });
});

test('readReference() by the digest of an image reads what is attached to the index that holds it', async (t) => {
  const world = await loopbackRegistry(t);
  const deps = { registry: world.registry, sign, publicName: (repository: string) => `${world.host}/${repository}` };
  const published = await publishImage(await publication(world, sign), deps);
  const target = await receiptsTarget(world.registry, published);
  const record = { writtenAt: now.toString(), validUntil: now.add({ hours: 48 }).toString(), obligations: [] };
  const about = { line: 'hello:1', digest: published.digest, images: [], ledger: { seq: 41, hash: 'ab' } };
  await attachDigestReceipt({ ...about, ...record }, target, deps);
  const image = published.manifests.amd64;
  assert.ok(image);
  const read = async () =>
    await readReference(
      { repository: 'hello', reference: image, architecture: 'amd64' },
      { registry: world.registry, pulledLayers: memoryCache<never>(10) },
    );
  const found = await read();
  assert.ok(found);
  assert.match(check(judged(found), 'promise')?.text ?? '', /receipts 1\/1 valid · as of .*, fact 41$/);
  assert.match(check(judged(found), 'age')?.text ?? '', /it is what the tag 1 leads to$/);
  await publishImage(await publication(world, sign, { packages: [{ name: 'hello', version: '1.0.2-r0' }] }), deps);
  const left = await read();
  assert.ok(left);
  const promise = check(judged(left), 'promise');
  assert.equal(promise?.verdict, 'note');
  assert.match(promise?.text ?? '', /no receipt of its digest is found: verify it by its tag or its index$/);
});

test('readReference() is undefined: no such tag, or not for this architecture', async (t) => {
  const world = await loopbackRegistry(t);
  const deps = { registry: world.registry, pulledLayers: memoryCache<never>(10) };
  const request = { repository: 'hello', reference: '1', architecture: 'arm64' };
  assert.equal(await readReference(request, deps), undefined);
  const publicName = (repository: string) => repository;
  await publishImage(await publication(world, sign), { registry: world.registry, sign, publicName });
  assert.equal(await readReference(request, deps), undefined);
});

interface PulledOptions extends PublicationOptions {
  readonly record?: { readonly writtenAt: string; readonly validUntil: string };
  readonly open?: readonly Obligation[];
}

async function pulled(t: Parameters<typeof loopbackRegistry>[0], options: PulledOptions = {}) {
  const world = await loopbackRegistry(t);
  const deps = { registry: world.registry, sign, publicName: (repository: string) => `${world.host}/${repository}` };
  const published = await publishImage(await publication(world, sign, options), deps);
  const ended = obligation({
    vulnerability: 'CVE-2026-9',
    line: 'hello:1',
    standing: 'met',
    t1: '2026-08-02T10:00:00Z',
  });
  const target = await receiptsTarget(world.registry, published);
  await attachReceipts([ended], target, deps);
  if (options.record !== undefined) {
    const obligations = listedObligations([ended, ...(options.open ?? [])], [ended.claims[0]?.endedBy ?? '']);
    const about = { line: 'hello:1', digest: published.digest, images: [], ledger: { seq: 41, hash: 'ab' } };
    await attachDigestReceipt({ ...about, ...options.record, obligations }, target, deps);
  }
  const material = await readReference(
    { repository: 'hello', reference: '1', architecture: 'amd64' },
    { registry: world.registry, pulledLayers: memoryCache<never>(10) },
  );
  assert.ok(material);
  return material;
}

function flipped(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 3] = (copy[copy.length - 3] ?? 0) ^ 1;
  return copy;
}

/** As a version wrote it that did not say until when, signed anew. */
function withoutValidity(bundle: Uint8Array): Uint8Array {
  const { envelope, keyHint } = parseBundle(bundle);
  const text = Buffer.from(envelope.payload).toString();
  const payload = Buffer.from(text.replace(/"validUntil":"[^"]*",?/, ''));
  const signed = text.includes('validUntil') ? signEnvelope(envelope.payloadType, payload, sign) : envelope;
  return encodeBundle({ envelope: signed, keyHint });
}

/** Another year in the payload: still a readable statement, no longer the one that was signed. */
function edited(bundle: Uint8Array): Uint8Array {
  const { envelope, keyHint } = parseBundle(bundle);
  const payload = Buffer.from(Buffer.from(envelope.payload).toString().replaceAll('2026', '2027'));
  return encodeBundle({ envelope: { ...envelope, payload }, keyHint });
}

function payloadOf(bundle: Uint8Array): Uint8Array {
  return parseBundle(bundle).envelope.payload;
}

function says(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes).includes(text);
}
