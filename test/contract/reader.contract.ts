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

  test('openReader() answers what forecasts and alarms rest on: runs, looks, reasons over time, the last sign of life', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const store = await opened(t, url, clock);
    const reader = await openReader({ url, clock });
    t.after(() => reader.close());
    assert.equal(await reader.pulse(), null);

    const build = { kind: 'build-package', target: 'hello', seconds: 90.5 } as const;
    const entry = { at: noon, step: 'hello', message: 'built', level: 'info' } as const;
    await store.operations.append({ ...entry, run: build });
    await store.operations.append({ ...entry, level: 'error', run: { ...build, seconds: 60 } });
    await store.operations.append(entry);
    assert.deepEqual(await reader.lastRuns(), [build]);
    const runs = (await reader.runsOf(['hello', 'other'])).map(({ from, to, failed }) => [
      String(from),
      String(to),
      failed,
    ]);
    assert.deepEqual(runs, [
      ['2026-03-02T11:58:29.5Z', '2026-03-02T12:00:00Z', false],
      ['2026-03-02T11:59:00Z', '2026-03-02T12:00:00Z', true],
    ]);

    for (const place of ['pkg:generic/hello', 'pkg:generic/hello (bookworm)', 'pkg:generic/hello-more'])
      await store.looks.recordLook(place, 'git-tag', noon, 'x');
    assert.deepEqual(
      (await reader.looksAt('pkg:generic/hello')).map(({ form }) => form),
      ['git-tag', 'git-tag (bookworm)'],
    );

    await store.reasons.note(noon, [reason]);
    await store.reasons.note(noon.add({ hours: 1 }), [{ ...reason, who: 'person', text: 'lift the bound' }]);
    assert.deepEqual(
      (await reader.reasonHistory(reason.subject.id)).map(({ from, who }) => `${String(from)} ${who}`),
      ['2026-03-02T12:00:00Z machine', '2026-03-02T13:00:00Z person'],
    );

    const held = {
      kind: 'build-package',
      target: 'hello',
      stream: 'pkg:generic/hello 1',
      lines: 2,
      until: noon,
    } as const;
    const late = { kind: 'feed', name: 'kev', lookedAt: null, failures: 2 } as const;
    const pulse = {
      at: noon,
      lookEverySeconds: 300,
      sources: { watched: 3, late: [late] },
      queue: { steps: [], beyond: {}, held: [held], workers: 1 },
    };
    await store.pulse.note({ ...pulse, at: noon.subtract({ hours: 1 }) });
    await store.pulse.note(pulse);
    assert.deepEqual(await reader.pulse(), pulse);
    await store.pulse.beat(noon.add({ minutes: 5 }));
    assert.equal(String((await reader.pulse())?.at), '2026-03-02T12:05:00Z');
  });

  test('openReader() of a store that is not there yet makes an empty one', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const reader = await openReader({ url, clock });
    assert.deepEqual((await reader.board({ now: noon, asOf: null, limit: 1 })).counts, {});
    await reader.close();
  });
}
