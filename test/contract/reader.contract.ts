import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openReader } from '../../src/io/store/open-reader.ts';
import { look } from './a-look.ts';
import { anObligation } from './an-obligation.ts';
import { aClockAt, type FreshStore, opened } from './fresh-store.ts';

const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
const clock = aClockAt('2026-03-02T12:00:00Z');
const reason = { subject: { kind: 'obligation', id: anObligation().id }, who: 'machine', text: 'building it' } as const;

/** A connection that only reads says what the store says. */
export function readerContract(fresh: FreshStore): void {
  test('openReader() answers every question as the store does, also about what is written afterwards', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const store = await opened(t, url, clock);
    const reader = await openReader({ url, clock });
    t.after(() => reader.close());
    assert.equal(await reader.dataAsOf(), null);
    assert.deepEqual(await reader.head(), await store.facts.head());

    await store.facts.append([look('1'), look('2')]);
    await store.obligations.project(noon, 2, [anObligation(), anObligation({ line: 'other:1' })], []);
    await store.reasons.note(noon, [reason]);
    assert.equal(String(await reader.dataAsOf()), '2026-03-02T12:00:00Z');
    assert.deepEqual(await reader.head(), await store.facts.head());
    assert.deepEqual(await Array.fromAsync(reader.facts(1)), await Array.fromAsync(store.facts.facts(1)));
    assert.deepEqual(await Array.fromAsync(reader.chain()), await Array.fromAsync(store.chain()));
    for (const asOf of [null, noon]) {
      const query = { now: noon, asOf, limit: 1 };
      const shown = await reader.board(query);
      assert.deepEqual([shown.counts, shown.obligations.length], [{ 'on-track': 2 }, 1]);
      assert.deepEqual(shown, await store.obligations.board(query));
      const by = { line: 'other:1', vulnerability: 'GHSA-aaaa-bbbb-cccc' };
      assert.deepEqual(await reader.obligations(by, asOf), await store.obligations.obligations(by, asOf));
    }
    const wanted = [{ obligation: reason.subject.id, at: noon }];
    assert.deepEqual([...(await reader.reasons(wanted)).values()], [{ who: 'machine', text: 'building it' }]);
  });

  test('openReader() of a store that is not there yet makes an empty one', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const reader = await openReader({ url, clock });
    assert.deepEqual((await reader.board({ now: noon, asOf: null, limit: 1 })).counts, {});
    await reader.close();
  });
}
