import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIRMED, confirmedOf, subject, upstreamNamed } from '../../src/core/ledger/subjects.ts';
import { openReader } from '../../src/io/store/open-reader.ts';
import { openEngine } from '../../src/io/store/open-engine.ts';
import { ledgerFacts } from '../../bench/support/ledger-facts.ts';
import { bySubject } from '../support/by-subject.ts';
import { aClockAt, type FreshStore, opened } from './fresh-store.ts';

const clock = aClockAt('2026-03-02T12:00:00Z');
const FACTS = 2_000;
const wishes = [
  { subjects: [subject.vulnerability('CVE-2024-11001'), subject.vulnerability('GHSA-1002')] },
  { subjects: [subject.line('app-7:1'), subject.line('nowhere:1')] },
  { subjects: [subject.upstream('pkg:generic/project-120'), subject.affected('pkg:generic/project-1001')] },
  { subjects: [subject.type('policy-adopted'), subject.type('aliases-corrected')] },
  { subjects: [], startingWith: [upstreamNamed('project-12'), upstreamNamed('project-120')] },
  // More than one statement asks for.
  { subjects: Array.from({ length: 700 }, (_, index) => subject.line(`app-${index}:1`)) },
  { subjects: [] },
];

/** The index of facts by subject answers what asking each fact would. */
export function subjectContract(fresh: FreshStore): void {
  test('factsAbout() and newestOfEach(): what asking each fact would say, now and as of an instant', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const ticking = aClockAt('2026-03-02T12:00:00Z');
    const store = await opened(t, url, ticking);
    const all = [...ledgerFacts(FACTS)];
    for (let start = 0; start < FACTS; start += 400) {
      await store.facts.append(all.slice(start, start + 400));
      ticking.set(ticking.now().add({ hours: 1 }).toString());
    }
    const plain = bySubject((until) => store.facts.facts(0, until));
    const reader = await openReader({ url, clock });
    t.after(() => reader.close());
    const instants = ['2026-03-02T11:59:59Z', '2026-03-02T14:00:00Z', '2026-03-02T14:59:59.999999Z', null];
    for (const until of instants.map((text) => (text === null ? undefined : Temporal.Instant.from(text)))) {
      for (const wanted of wishes) {
        const expected = seqs(await Array.fromAsync(plain.factsAbout(wanted, until)));
        assert.deepEqual(seqs(await Array.fromAsync(store.facts.factsAbout(wanted, until))), expected);
        assert.deepEqual(seqs(await Array.fromAsync(reader.factsAbout(wanted, until))), expected);
      }
      for (const start of [CONFIRMED, confirmedOf('app-100:1'), confirmedOf('app')]) {
        const expected = seqs(await plain.newestOfEach(start, until));
        assert.deepEqual(seqs(await store.facts.newestOfEach(start, until)), expected);
        assert.deepEqual(seqs(await reader.newestOfEach(start, until)), expected);
      }
    }
    assert.ok(seqs(await store.facts.newestOfEach(CONFIRMED)).length >= 100);
  });

  test('factsAbout() of a ledger that was indexed in another form: whole before it is opened again, and after', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const store = await opened(t, url, clock);
    await store.facts.append([...ledgerFacts(1_100)]);
    const wanted = { subjects: [subject.vulnerability('CVE-2024-11001'), subject.line('app-3:1')] };
    const ask = async () => seqs(await Array.fromAsync(store.facts.factsAbout(wanted)));
    const newest = async () => seqs(await store.facts.newestOfEach(CONFIRMED));
    const expected = [await ask(), await newest()];
    const engine = await openEngine({ url, clock });
    t.after(() => engine.close());
    await engine.db.updateTable('fact_subjects_form').set({ form: 0 }).execute();
    await engine.db.deleteFrom('fact_subjects').where('seq', '>', 500).execute();
    assert.deepEqual([await ask(), await newest()], expected);
    const again = await openEngine({ url, clock });
    t.after(() => again.close());
    const indexed = await again.db.selectFrom('fact_subjects').select('seq').where('seq', '>', 500).execute();
    assert.ok(indexed.length > 500);
    assert.deepEqual([await ask(), await newest()], expected);
  });
}

function seqs(facts: readonly { readonly seq: number }[]): readonly number[] {
  return facts.map(({ seq }) => seq);
}
