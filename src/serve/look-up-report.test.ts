import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chain, type ChainEntry, draftOf } from '../core/ledger/envelope.ts';
import { defaultPolicy } from '../core/promise/policy.ts';
import { NOW } from '../../test/support/obligation.ts';
import { reportLedger } from '../../test/support/report-story.ts';
import { lookUpReport, type ReportDeps, reportLookUp, type ReportWish } from './look-up-report.ts';

const wish: ReportWish = { period: '2026-Q3', asOf: null, line: null, whatIf: null, sample: null };
const { entries, inventories } = reportLedger();

function deps(chained: readonly ChainEntry[]): ReportDeps {
  return {
    now: () => NOW,
    notice: null,
    summary: async () => null,
    inventory: async (digest) => inventories.get(digest),
    async *chain(after = 0) {
      yield chained.filter(({ seq }) => seq > after);
    },
  };
}

function withFact(seq: number, change: Partial<ChainEntry>): readonly ChainEntry[] {
  return entries.map((entry) => (entry.seq === seq ? { ...entry, ...change } : entry));
}

const [dated = entries[0]] = entries.filter(({ type }) => type === 'image-confirmed').slice(-1);
const seq = dated?.seq ?? 0;
const at = { from: '2026-07-01T00:00:00Z', to: '2026-07-01T00:00:01Z' };

const changed: readonly (readonly [string, readonly ChainEntry[], RegExp])[] = [
  ['a pull is dated back', withFact(seq, { at }), new RegExp(`^Fact ${seq} was changed`)],
  ['a payload is another', withFact(seq, { payloadText: '{}' }), new RegExp(`^The payload of fact ${seq} was changed`)],
  ['a payload cannot be read', withFact(seq, { payloadText: '{' }), new RegExp(`^The payload of fact ${seq} was`)],
  ['a payload is gone', withFact(seq, { payloadText: null }), new RegExp(`^The payload of fact ${seq} is gone`)],
  ['a fact is gone', entries.filter((each) => each.seq !== seq), new RegExp(`^Fact ${seq} is missing`)],
];

describe('a report in any form from tables in which', () => {
  for (const [what, chained, message] of changed) {
    test(`${what}: refused, and the fact is named`, async () => {
      await assert.rejects(lookUpReport(wish, deps(chained)), { code: 'E0302', message });
      await assert.rejects(reportLookUp(deps(chained))(wish), { code: 'E0302', message });
    });
  }
});

test('lookUpReport() as of an instant before something was erased: answered, for a fact says further on that it was', async () => {
  const [waiver] = entries.filter(({ type }) => type === 'exception-granted').slice(-1);
  assert.ok(waiver !== undefined);
  const payload = { fact: waiver.id, reason: 'asked for' };
  const erased = { type: 'payload-erased', at: { from: NOW, to: NOW }, by: 'role', evidence: [], payload } as const;
  const { entry } = chain(draftOf(erased), entries.at(-1) ?? null, NOW);
  const asked = { ...wish, asOf: NOW.subtract({ seconds: 1 }) };
  const gone = withFact(waiver.seq, { payloadText: null });
  await assert.rejects(lookUpReport(asked, deps(gone)), { code: 'E0302', message: /payload of fact \d+ is gone/ });
  const { view, entries: read } = await lookUpReport(asked, deps([...gone, entry]));
  assert.equal(read.length, entries.length);
  assert.equal(view.population.counts.excluded, 0);
});

test('reportLookUp() where an inventory is gone for a while: E0803 then, the same report as ever once it is back', async () => {
  let isGone = true;
  const whole = deps(entries);
  const lookUp = reportLookUp({
    ...whole,
    inventory: async (digest) => (isGone ? undefined : whole.inventory(digest)),
  });
  await assert.rejects(lookUp(wish), { code: 'E0803' });
  isGone = false;
  assert.equal((await lookUp(wish)).id, (await lookUpReport(wish, whole)).view.id);
});

test('the id of a report stands for all that was asked', async () => {
  const named = (catalog: string): ReportDeps => ({
    ...deps(entries),
    summary: async () => ({ name: catalog, policy: defaultPolicy }),
  });
  const asked: readonly (readonly [ReportWish, ReportDeps])[] = [
    [wish, deps(entries)],
    [{ ...wish, sample: { size: 3, seed: '1' } }, deps(entries)],
    [{ ...wish, sample: { size: 3, seed: '2' } }, deps(entries)],
    [{ ...wish, line: 'web:1' }, deps(entries)],
    [{ ...wish, period: '2026-07-01..2026-09-30' }, deps(entries)],
    [wish, { ...deps(entries), notice: 'a made-up world' }],
    [wish, named('acme')],
    [wish, named('another')],
  ];
  const ids = await Promise.all(asked.map(async ([one, from]) => (await lookUpReport(one, from)).view.id));
  assert.equal(new Set(ids).size, asked.length);
});
