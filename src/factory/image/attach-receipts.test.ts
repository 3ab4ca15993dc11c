import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { obligation } from '../../../test/support/obligation.ts';
import { loopbackRegistry, newSigner, publication, receiptsTarget } from '../../../test/support/published-line.ts';
import type { Digest } from '../../core/digest.ts';
import { Failure } from '../../core/failure.ts';
import { readDigestReceipt } from '../../formats/in-toto/digest-receipt.ts';
import { readReceipt } from '../../formats/in-toto/receipt.ts';
import { parseAttestation } from '../../formats/in-toto/statement.ts';
import { parseManifestShape } from '../../formats/oci/manifest-shape.ts';
import { parseBundle } from '../../formats/sigstore/bundle.ts';
import { statementAnnotation } from '../../formats/sigstore/signed-attestation.ts';
import { attachDigestReceipt, attachReceipts } from './attach-receipts.ts';
import type { Registry } from './image.ts';
import { publishImage } from './publish-image.ts';

const sketch = { vulnerability: 'CVE-2026-1', line: 'hello:1', standing: 'met', t1: '2026-08-02T10:00:00Z' } as const;
const early = obligation({ ...sketch, t0: '2026-08-01T10:00:00Z' });
const corrected = obligation({ ...sketch, t0: '2026-08-01T09:00:00Z' });

test('attachReceipts() corrects by a second receipt that names the first, whose margin stays', async (t) => {
  const { registry, target, deps } = await published(t);
  await attachReceipts([early], target, deps);
  const [first] = await registry.referrers('hello', target.subject.digest);
  await attachReceipts([corrected], target, deps);
  await attachReceipts([corrected], target, deps);
  const receipts = (await predicates(registry, target.subject.digest)).map(readReceipt);
  assert.deepEqual(
    receipts.map((one) => [one?.marginSeconds, one?.supersedes]),
    [
      [86_400, []],
      [82_800, [first?.annotations[statementAnnotation]]],
    ],
  );
});

test('attachReceipts() killed after the push: the next attempt attaches nothing more', async (t) => {
  const { registry, target, deps } = await published(t);
  const dying: Registry = {
    ...registry,
    attach: async (...asked) => {
      await registry.attach(...asked);
      throw new Error('the power failed');
    },
  };
  await assert.rejects(attachReceipts([early], target, { ...deps, registry: dying }), /the power failed/);
  await attachReceipts([early], target, deps);
  assert.equal((await predicates(registry, target.subject.digest)).length, 1);
});

test('attachDigestReceipt() is the same while only the ledger grew, and another when an obligation is', async (t) => {
  const { registry, target, deps } = await published(t);
  const listed = [
    {
      obligation: early.id,
      vulnerability: early.vulnerability,
      aliases: [],
      severity: 'high',
      t0: null,
      due: null,
      t1: null,
      marginSeconds: null,
      evidence: [],
      state: 'open' as const,
      standing: 'waiting',
    },
  ];
  const receipt = {
    line: 'hello:1',
    digest: target.subject.digest,
    images: [],
    writtenAt: '2026-08-02T10:00:05Z',
    validUntil: '2026-08-04T10:00:05Z',
    ledger: { seq: 7, hash: 'ab' },
    obligations: listed,
  };
  await attachDigestReceipt(receipt, target, deps);
  await attachDigestReceipt({ ...receipt, ledger: { seq: 9, hash: 'cd' } }, target, deps);
  await attachDigestReceipt({ ...receipt, ledger: { seq: 11, hash: 'ef' }, obligations: [] }, target, deps);
  const read = (await predicates(registry, target.subject.digest)).map(readDigestReceipt);
  assert.deepEqual(
    read.map((one) => [one?.ledger.seq, one?.obligations.length, one?.supersedes.length]),
    [
      [7, 1, 0],
      [11, 0, 1],
    ],
  );
});

test('attachDigestReceipt() of two lines with the same digest: neither replaces the other', async (t) => {
  const { registry, target, deps } = await published(t);
  const receipt = {
    digest: target.subject.digest,
    images: [],
    writtenAt: '2026-08-02T10:00:05Z',
    validUntil: '2026-08-04T10:00:05Z',
    ledger: { seq: 7, hash: 'ab' },
    obligations: [],
  };
  for (const line of ['hello:1', 'hello:kiosk', 'hello:1'])
    await attachDigestReceipt({ ...receipt, line }, target, deps);
  const read = (await predicates(registry, target.subject.digest))
    .map(readDigestReceipt)
    .toSorted((a, b) => ((a?.line ?? '') < (b?.line ?? '') ? -1 : 1));
  assert.deepEqual(
    read.map((one) => [one?.line, one?.supersedes]),
    [
      ['hello:1', []],
      ['hello:kiosk', []],
    ],
  );
});

test('attachDigestReceipt() again once half of its time is over; of those that say the same the last two are kept', async (t) => {
  const { registry, target, deps } = await published(t);
  const receipt = { line: 'hello:1', digest: target.subject.digest, images: [], obligations: [] };
  const start = Temporal.Instant.from('2026-08-02T10:00:00Z');
  const attach = async (seconds: number, registryNow = registry) => {
    const at = start.add({ seconds });
    const valid = { writtenAt: at.toString(), validUntil: at.add({ hours: 48 }).toString() };
    const ledger = { seq: seconds, hash: 'ab' };
    await attachDigestReceipt({ ...receipt, ...valid, ledger }, target, { ...deps, registry: registryNow });
  };
  const attachedAt = async () =>
    (await predicates(registry, target.subject.digest))
      .map((one) => readDigestReceipt(one)?.ledger.seq)
      .toSorted((a = 0, b = 0) => a - b);
  const day = 24 * 3600;
  for (const seconds of [0, day - 1]) await attach(seconds);
  assert.deepEqual(await attachedAt(), [0]);
  await attach(day);
  assert.deepEqual(await attachedAt(), [0, day]);
  await attach(2 * day);
  assert.deepEqual(await attachedAt(), [day, 2 * day]);
  const refusing: Registry = {
    ...registry,
    detach: () => Promise.reject(new Failure('E0602', 'The registry takes nothing away')),
  };
  await attach(3 * day, refusing);
  assert.deepEqual(await attachedAt(), [day, 2 * day, 3 * day]);
});

async function published(t: TestContext) {
  const { registry, ...world } = await loopbackRegistry(t);
  const sign = newSigner();
  const deps = { registry, sign, publicName: (repository: string) => `registry.example/${repository}` };
  const done = await publishImage(await publication(world, sign), deps);
  return { registry, deps, target: await receiptsTarget(registry, done) };
}

/** What is attached, in the order of the ledgers and instants inside. */
async function predicates(registry: Registry, subject: Digest): Promise<readonly unknown[]> {
  const found: { readonly supersedes: readonly string[] }[] = [];
  for (const one of await registry.referrers('hello', subject)) {
    const manifest = await registry.resolve('hello', one.digest);
    const layer = manifest && parseManifestShape(manifest.bytes).layers[0];
    assert.ok(layer);
    const { envelope } = parseBundle(await registry.blob('hello', layer));
    found.push(parseAttestation(envelope.payload).predicate as { supersedes: readonly string[] });
  }
  return found.toSorted((a, b) => a.supersedes.length - b.supersedes.length);
}
