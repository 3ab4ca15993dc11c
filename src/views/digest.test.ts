import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digests, facts, obligations } from '../../test/support/literal-world.ts';
import { NOW } from '../../test/support/obligation.ts';
import type { Fact } from '../core/fact.ts';
import { diffView } from './diff.ts';
import { digestView } from './digest.ts';

const world = {
  line: 'nginx:1.28',
  facts,
  obligations: obligations.filter((each) => each.line === 'nginx:1.28'),
};

const look = (digest: string) => {
  const view = digestView(digest, [world], { now: NOW })?.lines[0];
  assert.ok(view);
  return view;
};

test('digestView() of the newest image: current, nothing missed', () => {
  const view = look(digests.newer);
  assert.equal(view.current, true);
  assert.equal(view.newest, null);
  assert.deepEqual(view.missedFixes, []);
});

test('digestView() of the image before: what it lacks and what to pull instead', () => {
  const view = look(digests.old);
  assert.equal(view.current, false);
  assert.equal(view.behind, 1);
  assert.equal(view.newest, digests.newer);
  assert.ok(view.missedFixes.some((row) => row.vulnerability === 'CVE-2026-1234'));
});

test('digestView() of an index: stands for its images and points at the newer index', () => {
  const view = look(digests.oldIndex);
  assert.deepEqual(view.architectures, ['amd64']);
  assert.equal(view.newest, digests.newerIndex);
});

test('digestView() of a digest that nobody published: undefined', () => {
  assert.equal(digestView(`sha256:${'0'.repeat(64)}`, [world], { now: NOW }), undefined);
});

test('digestView() of a digest that two lines share: both, the one that serves it now first', () => {
  const renamed = (fact: Fact): Fact =>
    'line' in fact.payload ? ({ ...fact, payload: { ...fact.payload, line: 'nginx:held' } } as Fact) : fact;
  const first = facts.findLast((fact) => fact.type === 'image-published' && fact.payload.digest === digests.oldIndex);
  const held = facts.filter(({ seq }) => first !== undefined && seq <= first.seq).map(renamed);
  const other = { line: 'nginx:held', facts: held, obligations: [] };
  for (const digest of [digests.old, digests.oldIndex]) {
    const view = digestView(digest, [world, other], { now: NOW });
    assert.deepEqual(
      view?.lines.map(({ line, current }) => [line, current]),
      [
        ['nginx:held', true],
        ['nginx:1.28', false],
      ],
    );
  }
});

test('diffView() from before to now: packages and what was fixed', () => {
  const view = diffView(look(digests.oldIndex), look(digests.newerIndex));
  assert.deepEqual(
    view.changes.changed.map(({ name }) => name),
    ['curl', 'openssl'],
  );
  assert.ok(view.fixed.some((row) => row.vulnerability === 'CVE-2026-1234'));
  assert.deepEqual(view.introduced, []);
});

test('diffView() of one digest with itself: the same', () => {
  const view = diffView(look(digests.newer), look(digests.newer));
  assert.equal(view.same, true);
  assert.deepEqual(view.fixed, []);
});
