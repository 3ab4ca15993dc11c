import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepOutcome } from '../../src/core/plan/step.ts';
import type { Lease } from '../../src/factory/deps.ts';
import { aClockAt, type FreshStore, opened } from './fresh-store.ts';

const done = (attempt: number): StepOutcome => ({
  kind: 'done',
  at: Temporal.Instant.from('2026-03-01T12:00:00Z'),
  attempt,
  result: { digest: 'sha256:aa' },
});

export function workContract(fresh: FreshStore): void {
  test('lease() gives a step to one worker; finish() records its outcome', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { steps } = await opened(t, url);
    const lease = taken(await steps.lease('build hello', 'one', 60));
    assert.deepEqual(lease, { key: 'build hello', worker: 'one', attempt: 1 });
    assert.equal(await steps.lease('build hello', 'two', 60), undefined);
    assert.equal(await steps.outcome('build hello'), undefined);
    assert.equal(await steps.finish(lease, done(1)), true);
    assert.deepEqual(await steps.outcome('build hello'), done(1));
    assert.deepEqual((await steps.outcomesSince(0)).outcomes, new Map([['build hello', done(1)]]));
  });

  test('outcomesSince() gives what any worker recorded after the last time, a repeated step again', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const [one, two] = [await opened(t, url), await opened(t, url)];
    const none = await one.steps.outcomesSince(0);
    assert.deepEqual(none, { outcomes: new Map(), change: 0 });
    for (const { steps } of [one, two]) {
      for (const key of ['a', 'b']) {
        const lease = taken(await steps.lease(key, 'w', 60));
        await steps.finish(lease, done(lease.attempt));
      }
    }
    const all = await one.steps.outcomesSince(none.change);
    assert.deepEqual(
      all.outcomes,
      new Map([
        ['a', done(2)],
        ['b', done(2)],
      ]),
    );
    assert.deepEqual(await one.steps.outcomesSince(all.change), { outcomes: new Map(), change: all.change });
    await two.steps.finish(taken(await two.steps.lease('a', 'w', 60)), done(3));
    assert.deepEqual((await one.steps.outcomesSince(all.change)).outcomes, new Map([['a', done(3)]]));
  });

  test('lease() of a lease that ran out: exactly at its end the next worker may have it', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const clock = aClockAt('2026-03-01T12:00:00Z');
    const { steps } = await opened(t, url, clock);
    await steps.lease('k', 'one', 60);
    clock.set('2026-03-01T12:00:59.999999Z');
    assert.equal(await steps.lease('k', 'two', 60), undefined);
    clock.set('2026-03-01T12:01:00Z');
    assert.deepEqual(await steps.lease('k', 'two', 60), { key: 'k', worker: 'two', attempt: 2 });
  });

  test('finish() and renew() are refused once another attempt has begun', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const clock = aClockAt('2026-03-01T12:00:00Z');
    const { steps } = await opened(t, url, clock);
    const slow = taken(await steps.lease('k', 'one', 60));
    clock.set('2026-03-01T12:02:00Z');
    assert.equal(await steps.renew(slow, 60), true, 'ran out, but nobody took it');
    clock.set('2026-03-01T12:04:00Z');
    const next = taken(await steps.lease('k', 'one', 60));
    assert.equal(await steps.renew(slow, 60), false);
    assert.equal(await steps.finish(slow, done(1)), false);
    assert.equal(await steps.outcome('k'), undefined);
    assert.equal(await steps.finish(next, done(2)), true);
    assert.deepEqual(await steps.outcome('k'), done(2));
  });

  test('release() lets the next worker in at once, and the released lease records nothing', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { steps } = await opened(t, url);
    const lease = taken(await steps.lease('k', 'one', 60));
    await steps.release(lease);
    assert.equal(await steps.finish(lease, done(1)), false);
    assert.equal((await steps.lease('k', 'two', 60))?.attempt, 2);
  });

  test('outcome() of a failed step has its instants back', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { steps } = await opened(t, url);
    const at = Temporal.Instant.from('2026-03-01T12:00:00.000000001Z');
    const failed: StepOutcome = { kind: 'failed', at, attempt: 1, code: 'E0402', message: 'no', retryAt: at };
    await steps.finish(taken(await steps.lease('k', 'one', 60)), failed);
    const never: StepOutcome = { ...failed, retryAt: null };
    await steps.finish(taken(await steps.lease('l', 'one', 60)), never);
    assert.deepEqual(JSON.stringify(await steps.outcome('k')), JSON.stringify(failed));
    assert.ok(Temporal.Instant.compare(at, (await steps.outcome('k'))?.at ?? at) === 0);
    assert.deepEqual(JSON.stringify(await steps.outcome('l')), JSON.stringify(never));
  });

  test('lease() by many at once: each step goes to exactly one', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const stores = [await opened(t, url), await opened(t, url)];
    const keys = Array.from({ length: 10 }, (_, index) => `step ${index}`);
    const tries = keys.flatMap((key) =>
      stores.flatMap(({ steps }, n) => ['a', 'b'].map((worker) => steps.lease(key, `${worker}${n}`, 60))),
    );
    const leases = (await Promise.all(tries)).filter((lease) => lease !== undefined);
    assert.deepEqual(leases.map(({ key }) => key).toSorted(), keys.toSorted());
  });

  test('list() shows the newest operations first', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { operations } = await opened(t, url);
    const at = Temporal.Instant.from('2026-03-01T12:00:00Z');
    for (const message of ['one', 'two', 'three']) await operations.append({ at, step: 's', message, level: 'info' });
    const listed = await operations.list(2);
    assert.deepEqual(
      listed.map(({ message }) => message),
      ['three', 'two'],
    );
    assert.equal(listed[0]?.at.toString(), at.toString());
  });

  test('lastLooked() is the newest look of that upstream and form; an older one changes nothing', async (t) => {
    const url = await fresh(t);
    if (url === undefined) return;
    const { looks } = await opened(t, url);
    assert.equal(await looks.lastLooked('pkg:generic/hello', 'git-tag'), undefined);
    const record = (text: string, digest: string) =>
      looks.recordLook('pkg:generic/hello', 'git-tag', Temporal.Instant.from(text), digest);
    await record('2026-03-01T12:00:00Z', 'one');
    await record('2026-03-01T13:00:00.0000005Z', 'two');
    await record('2026-03-01T11:00:00Z', 'older');
    const last = await looks.lastLooked('pkg:generic/hello', 'git-tag');
    assert.deepEqual([last?.at.toString(), last?.versionsDigest], ['2026-03-01T13:00:00.0000005Z', 'two']);
    assert.equal(await looks.lastLooked('pkg:generic/hello', 'tarball'), undefined);
  });
}

function taken(lease: Lease | undefined): Lease {
  assert.ok(lease !== undefined, 'the step is free');
  return lease;
}
