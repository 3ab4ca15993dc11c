import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Fact } from '../../src/core/fact.ts';
import { Failure } from '../../src/core/failure.ts';
import { factToJson } from '../../src/core/ledger/envelope.ts';
import { chainVerifier, type ChainVerdict } from '../../src/core/ledger/verify-chain.ts';
import type { Store } from '../../src/io/store/open-store.ts';
import { look } from './a-look.ts';
import { aClockAt, type FreshStore, opened } from './fresh-store.ts';
import { lines, start } from './processes.ts';

const child = join(import.meta.dirname, 'append-child.ts');

/** Facts, the chain that they make, and the lock of the daemon that works on them. */
export function factContract(fresh: FreshStore): void {
  test('append() returns the new facts in order, chained, and facts() gives them back equal', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const store = await opened(t, url);
    const appended = await store.facts.append([look('1'), look('2')]);
    const more = await store.facts.append([look('3')]);
    assert.deepEqual(
      [...appended, ...more].map(({ seq }) => seq),
      [1, 2, 3],
    );
    assert.equal(more[0]?.prev, appended[1]?.hash);
    const read = await all(store.facts.facts());
    assert.deepEqual(read.map(factToJson), [...appended, ...more].map(factToJson));
    assert.deepEqual(await store.facts.head(), { seq: 3, hash: more[0]?.hash });
    assert.deepEqual((await verdictOn(store)).findings, []);
  });

  test('append() passes over ids that are known, or twice in the batch', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const store = await opened(t, url);
    await store.facts.append([look('1')]);
    const appended = await store.facts.append([look('1'), look('2'), look('2'), { ...look('1'), sourceKey: 'again' }]);
    assert.deepEqual(
      appended.map(({ seq }) => seq),
      [2, 3],
    );
    assert.deepEqual(await store.facts.append([look('2')]), []);
    assert.equal((await store.facts.head()).seq, 3);
  });

  test('append() takes a batch larger than one statement and one page', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const store = await opened(t, url);
    const many = Array.from({ length: 1201 }, (_, index) => look(`v${index}`));
    assert.equal((await store.facts.append(many)).length, 1201);
    const read = await all(store.facts.facts(100));
    assert.deepEqual([read.length, read[0]?.seq, read.at(-1)?.seq], [1101, 101, 1201]);
    assert.deepEqual((await verdictOn(store)).end.seq, 1201);
  });

  test('append() never records before the fact that precedes: a clock set back is held', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const clock = aClockAt('2026-03-01T12:00:00.000001Z');
    const store = await opened(t, url, clock);
    await store.facts.append([look('1')]);
    clock.set('2026-02-01T00:00:00Z');
    const [second] = await store.facts.append([look('2')]);
    assert.equal(second?.recordedAt.toString(), '2026-03-01T12:00:00.000001Z');
  });

  test('facts() up to an instant: the one recorded at that very instant belongs to it', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const clock = aClockAt('2026-03-01T12:00:00Z');
    const store = await opened(t, url, clock);
    await store.facts.append([look('1')]);
    clock.set('2026-03-01T12:00:00.000001Z');
    await store.facts.append([look('2')]);
    const until = async (text: string) => (await all(store.facts.facts(0, Temporal.Instant.from(text)))).length;
    assert.equal(await until('2026-03-01T11:59:59.999999999Z'), 0);
    assert.equal(await until('2026-03-01T12:00:00Z'), 1);
    assert.equal(await until('2026-03-01T12:00:00.000001Z'), 2);
  });

  test('append() from several callers at once: one order, nothing lost', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const store = await opened(t, url);
    const other = await opened(t, url);
    const calls = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? store : other).facts.append([look(`a${index}`), look(`b${index}`)]),
    );
    const seqs = (await Promise.all(calls)).flat().map(({ seq }) => seq);
    assert.deepEqual(
      seqs.toSorted((a, b) => a - b),
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    assert.deepEqual((await verdictOn(store)).findings, []);
  });

  test('append() from two processes at once: one chain, every acknowledged fact in it', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const store = await opened(t, url);
    const started = ['left', 'right'].map((name) => start(child, [url, name, '15', '4']));
    for (const each of started) assert.equal(await each.exit, 0, await each.complaints);
    const acknowledged = (await Promise.all(started.map((each) => each.printed))).flatMap(idsOf);
    const read = await all(store.facts.facts());
    assert.deepEqual(new Set(read.map(({ id }) => id)), new Set(acknowledged));
    assert.equal(read.length, 120);
    assert.deepEqual((await verdictOn(store)).findings, []);
  });

  test('append() in a process that is killed: no acknowledged fact is lost, and the chain verifies', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const acknowledged: string[] = [];
    for (const round of [1, 2, 3]) {
      const started = start(child, [url, `round-${round}`, '100000', '3']);
      await lines(started, round * 4);
      started.child.kill('SIGKILL');
      await started.exit;
      acknowledged.push(...idsOf(await started.printed));
    }
    const store = await opened(t, url);
    const ids = new Set((await all(store.facts.facts())).map(({ id }) => id));
    assert.ok(acknowledged.length >= 12, 'the processes had time to append');
    assert.deepEqual(
      acknowledged.filter((id) => !ids.has(id)),
      [],
    );
    assert.equal(ids.size % 3, 0, 'a batch is there whole or not at all');
    assert.deepEqual((await verdictOn(store)).findings, []);
  });

  test('waitForAppend() ends at an append of its own process, of another, and after its time', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const store = await opened(t, url);
    assert.equal(await store.waitForAppend(0, 30), false);
    const own = store.waitForAppend(0, 60_000);
    await store.facts.append([look('1')]);
    assert.equal(await own, true);
    assert.equal(await store.waitForAppend(0, 60_000), true, 'what was there before ends it at once');
    const foreign = store.waitForAppend(1, 60_000);
    const started = start(child, [url, 'other', '1', '1']);
    assert.equal(await foreign, true);
    assert.equal(await started.exit, 0);
  });

  test('daemonLock() is held once; the second is told by whom; released and killed holders leave it free', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const store = await opened(t, url);
    const other = await opened(t, url);
    const held = await store.daemonLock();
    await assert.rejects(other.daemonLock(), (error) => {
      assert.ok(error instanceof Failure && error.code === 'E0802');
      assert.match(error.message, new RegExp(`process ${process.pid} on .+, running since 2026-03-01T12:00:00Z`));
      return true;
    });
    await held.release();
    await (await other.daemonLock()).release();

    const started = start(join(import.meta.dirname, 'daemon-child.ts'), [url]);
    await lines(started, 1);
    await assert.rejects(store.daemonLock(), { code: 'E0802', message: new RegExp(`process ${started.child.pid} on`) });
    started.child.kill('SIGKILL');
    await started.exit;
    await (await daemonLockSoon(store)).release();
  });
}

/** A server notices the end of a connection a moment after the process is gone. */
async function daemonLockSoon(store: Store) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store.daemonLock();
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

/** Only whole lines were acknowledged for certain. */
function idsOf(printed: string): readonly string[] {
  return printed
    .slice(0, printed.lastIndexOf('\n') + 1)
    .split(/\s/)
    .filter((id) => id !== '');
}

async function verdictOn(store: Store): Promise<ChainVerdict> {
  const verifier = chainVerifier();
  for await (const page of store.chain()) for (const entry of page) verifier.add(entry);
  return verifier.verdict();
}

async function all(facts: AsyncIterable<Fact>): Promise<readonly Fact[]> {
  return Array.fromAsync(facts);
}
