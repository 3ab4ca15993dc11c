import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { digestOf } from '../../src/core/digest.ts';
import type { BlobStore } from '../../src/factory/deps.ts';

/** What every blob store must do. */
export function blobContract(kind: string, fresh: (t: TestContext) => BlobStore): void {
  suite(`blobs in ${kind}`, () => {
    test('put() answers with the digest, and get() gives the bytes back', async (t) => {
      const blobs = fresh(t);
      for (const bytes of [Buffer.from('hello'), Buffer.alloc(0), Buffer.alloc(3_000_000, 7)]) {
        const digest = await blobs.put(bytes);
        assert.equal(digest, digestOf(bytes));
        assert.ok(Buffer.from((await blobs.get(digest)) ?? []).equals(bytes));
        assert.equal(await blobs.has(digest), true);
      }
    });

    test('get() and has() of what was never put', async (t) => {
      const blobs = fresh(t);
      assert.equal(await blobs.get(digestOf('nowhere')), undefined);
      assert.equal(await blobs.has(digestOf('nowhere')), false);
    });

    test('put() of the same bytes, by many at once and again: one blob', async (t) => {
      const blobs = fresh(t);
      const bytes = Buffer.alloc(100_000, 1);
      const digests = await Promise.all(Array.from({ length: 20 }, () => blobs.put(bytes)));
      assert.deepEqual(new Set([...digests, await blobs.put(bytes)]), new Set([digestOf(bytes)]));
      assert.ok(Buffer.from((await blobs.get(digestOf(bytes))) ?? []).equals(bytes));
    });
  });
}
