import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Obligation, Standing } from '../../src/core/promise/standing.ts';
import type { BoardQuery, ObligationStore } from '../../src/factory/deps.ts';
import { aClock, anObligation } from './an-obligation.ts';
import { type FreshStore, opened } from './fresh-store.ts';

const at = (text: string) => Temporal.Instant.from(text);
const noon = at('2026-03-02T12:00:00Z');
const board = (store: ObligationStore, change: Partial<BoardQuery> = {}) =>
  store.board({ now: noon, asOf: null, limit: 10, ...change });

export function obligationContract(fresh: FreshStore): void {
  test('project() and obligations(): the same object back, by id, line, vulnerability and alias', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { obligations } = await opened(t, url);
    const obligation = anObligation();
    await obligations.project(noon, 7, [obligation, anObligation({ line: 'other:1', aliases: [] })], []);
    assert.equal(await obligations.projectedTo(), 7);
    for (const by of [{ id: obligation.id }, { line: 'hello:1' }, { vulnerability: 'GHSA-aaaa-bbbb-cccc' }]) {
      const [found, ...more] = await obligations.obligations(by, null);
      assert.deepEqual(plain(found), plain(obligation));
      assert.ok(
        found !== undefined && found.claims[0]?.architectures[0]?.exposures[1]?.from instanceof Temporal.Instant,
      );
      assert.deepEqual(more, []);
    }
    const both = await obligations.obligations({ vulnerability: 'CVE-2026-0001' }, null);
    assert.deepEqual(
      both.map(({ line }) => line),
      ['hello:1', 'other:1'],
    );
  });

  test('board() splits on-track and overdue by the clock: exactly at the deadline is in time', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { obligations } = await opened(t, url);
    await obligations.project(noon, 1, [anObligation()], []);
    const inTime = await board(obligations, { now: at('2026-03-03T10:00:00Z') });
    assert.deepEqual([inTime.counts, inTime.obligations[0]?.standing], [{ 'on-track': 1 }, 'on-track']);
    const late = await board(obligations, { now: at('2026-03-03T10:00:00.000001Z') });
    const [row] = late.obligations;
    assert.deepEqual([late.counts, row?.standing], [{ overdue: 1 }, 'overdue']);
    assert.equal(row?.clock.missedAt?.toString(), '2026-03-03T10:00:00Z');
    assert.deepEqual([row?.claims[0]?.standing, row?.claims[0]?.architectures[0]?.standing], ['overdue', 'overdue']);
  });

  test('board() shows an expired waiver where the obligation stands without it', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { obligations } = await opened(t, url);
    const waiver = { approver: 'ada', reason: 'not reachable', until: at('2026-03-20T00:00:00Z') };
    const waived = anObligation({ standing: 'excluded', waiver });
    const noRelease = anObligation({
      standing: 'excluded',
      waiver,
      line: 'other:1',
      clock: aClock({ t0: null, due: null }),
    });
    const [claim] = waived.claims;
    assert.ok(claim !== undefined);
    const ended = { ...waived, id: 'ended', line: 'ended:1', claims: [{ ...claim, endedBy: 'd'.repeat(64) }] };
    await obligations.project(noon, 1, [waived, noRelease, ended], []);
    const inForce = await board(obligations, { now: at('2026-03-19T23:59:59Z') });
    assert.deepEqual([inForce.counts, inForce.obligations.length], [{ excluded: 3 }, 3]);
    for (const asOf of [null, at('2026-03-20T00:00:00Z')]) {
      const expired = await board(obligations, { now: at('2026-03-20T00:00:00Z'), asOf });
      assert.deepEqual(expired.counts, { overdue: 1, waiting: 1, excluded: 1 });
      assert.deepEqual(
        expired.obligations.map(({ standing }) => standing),
        ['overdue', 'waiting', 'excluded'],
      );
    }
  });

  test('board() orders the open by deadline and the ended by their end, at most `limit` of each standing', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { obligations } = await opened(t, url);
    const due = (text: string) => aClock({ due: at(text) });
    const ended = (text: string, margin: number) => aClock({ t1: at(text), marginSeconds: margin });
    await obligations.project(
      noon,
      1,
      [
        anObligation({ line: 'late:1', clock: due('2026-03-09T00:00:00Z') }),
        anObligation({ line: 'soon:1', clock: due('2026-03-03T00:00:00Z') }),
        anObligation({ line: 'soon:2', clock: due('2026-03-04T00:00:00Z') }),
        anObligation({ line: 'past:1', clock: due('2026-03-01T00:00:00Z') }),
        anObligation({ line: 'old:1', standing: 'met', clock: ended('2026-01-01T00:00:00Z', 5) }),
        anObligation({ line: 'new:1', standing: 'met', clock: ended('2026-02-01T00:00:00Z', 5) }),
        anObligation({ line: 'bad:1', standing: 'missed', clock: ended('2026-02-01T00:00:00Z', -3600) }),
        anObligation({ line: 'bad:2', standing: 'missed', clock: ended('2026-02-02T00:00:00Z', -7200.5) }),
      ],
      [],
    );
    for (const asOf of [null, noon]) {
      const rows = await board(obligations, { limit: 2, asOf });
      const lines = ['past:1', 'soon:1', 'soon:2', 'bad:2', 'bad:1', 'new:1', 'old:1'];
      assert.deepEqual(
        rows.obligations.map(({ line }) => line),
        lines,
      );
      assert.deepEqual(rows.counts, { overdue: 1, 'on-track': 3, missed: 2, met: 2 });
      assert.equal(rows.worstMarginSeconds, -7200.5);
      const some = await board(obligations, { asOf, standings: ['met', 'overdue'] });
      assert.deepEqual(
        some.obligations.map(({ line }) => line),
        ['past:1', 'new:1', 'old:1'],
      );
    }
  });

  test('board() as of an instant shows what was recorded then; the boundary belongs to the newer row', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { obligations } = await opened(t, url);
    const met = anObligation({
      standing: 'met',
      clock: aClock({ t1: at('2026-03-02T10:00:00Z'), marginSeconds: 86_400 }),
    });
    await obligations.project(at('2026-03-02T09:00:00Z'), 1, [anObligation()], []);
    await obligations.project(at('2026-03-02T10:00:00Z'), 2, [met], []);
    await obligations.project(at('2026-03-02T11:00:00Z'), 3, [], [met.id]);
    const asOf = async (text: string) => (await board(obligations, { asOf: at(text) })).counts;
    assert.deepEqual(await asOf('2026-03-02T08:59:59.999999Z'), {});
    assert.deepEqual(await asOf('2026-03-02T09:00:00Z'), { 'on-track': 1 });
    assert.deepEqual(await asOf('2026-03-02T09:59:59.999999Z'), { 'on-track': 1 });
    assert.deepEqual(await asOf('2026-03-02T10:00:00Z'), { met: 1 });
    assert.deepEqual(await asOf('2026-03-02T11:00:00Z'), {});
    assert.deepEqual((await board(obligations)).counts, {});
    const then = await obligations.obligations({ id: met.id }, at('2026-03-02T09:30:00Z'));
    assert.deepEqual(
      then.map(({ standing }) => standing),
      ['on-track'],
    );
    assert.deepEqual(await obligations.obligations({ id: met.id }, null), []);
  });

  test('project() twice in one instant keeps the later row only; equal rows make no history', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { obligations } = await opened(t, url);
    await obligations.project(noon, 1, [anObligation()], []);
    await obligations.project(noon, 2, [anObligation({ standing: 'void' })], []);
    await obligations.project(at('2026-03-02T13:00:00Z'), 3, [anObligation({ standing: 'void' })], []);
    assert.deepEqual((await board(obligations)).counts, { void: 1 });
    assert.deepEqual((await board(obligations, { asOf: noon })).counts, { void: 1 });
    assert.equal(await obligations.projectedTo(), 3);
  });

  test('project() from behind changes nothing', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { obligations } = await opened(t, url);
    await obligations.project(noon, 5, [anObligation({ standing: 'void' })], []);
    await obligations.project(noon, 4, [anObligation()], []);
    assert.deepEqual([(await board(obligations)).counts, await obligations.projectedTo()], [{ void: 1 }, 5]);
  });

  test('project() of many at once, and clear() with the same again: the same rows at every instant', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { obligations } = await opened(t, url);
    const standings: readonly Standing[] = ['waiting', 'on-track', 'met', 'missed', 'void'];
    const wave = (n: number, count: number): readonly Obligation[] =>
      Array.from({ length: count }, (_, index) =>
        anObligation({ line: `line:${index}`, standing: standings[(index + n) % 5] ?? 'void' }),
      );
    const instants = ['09', '10', '11'].map((hour) => at(`2026-03-02T${hour}:00:00Z`));
    const projectAll = async () => {
      for (const [n, instant] of instants.entries()) {
        const changed = wave(n, 450 - n * 100);
        await obligations.project(instant, n + 1, changed, n === 2 ? changed.slice(0, 5).map(({ id }) => id) : []);
      }
    };
    const seen = async () => {
      const boards = [];
      for (const asOf of [...instants, null]) boards.push(await board(obligations, { asOf, limit: 3 }));
      return plain(boards);
    };
    await projectAll();
    const before = await seen();
    const newest = await board(obligations);
    const counted = await board(obligations, { asOf: instants.at(-1) ?? noon });
    assert.deepEqual(newest.counts, counted.counts, 'the rollup says what counting says');
    await obligations.clear();
    assert.deepEqual([(await board(obligations)).counts, await obligations.projectedTo()], [{}, 0]);
    await projectAll();
    assert.deepEqual(await seen(), before);
  });
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
