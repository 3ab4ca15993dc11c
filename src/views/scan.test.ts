import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advisory, affectedBelow, component, literalScan, recordSource } from '../../test/support/literal-scan.ts';
import type { VexOutcome, VexWord } from '../core/match/vex.ts';
import { defaultPolicy } from '../core/promise/policy.ts';
import { findingsIn, type FoundFlaw } from '../core/scan/findings-in.ts';
import { scanView } from './scan.ts';

const word: VexWord = {
  status: 'affected',
  justification: null,
  note: 'take 2.0',
  author: 'Example',
  statedAt: '2026-03-02T00:00:00Z',
  document: 'https://example.org/1',
  tier: 'supplier',
};
const { flaws } = findingsIn(
  { packages: [], components: [component('pkg:npm/left-pad@1.0.0')] },
  recordSource([advisory('CVE-2026-1', [affectedBelow('pkg:npm/left-pad', '2.0.0')])]),
  { policy: defaultPolicy, options: {} },
);
const { target, feeds } = literalScan();

/** In which list of the view the flaw is, and why. */
function placed(over: Partial<FoundFlaw>, outcome: Pick<VexOutcome<unknown>, 'state' | 'by'>) {
  const [found] = flaws;
  assert.ok(found !== undefined);
  const view = scanView({
    target,
    feeds,
    flaws: [{ ...found, ...over }],
    outcomes: [{ finding: null, contradiction: null, ...outcome }],
    notCovered: [],
    layerOf: () => null,
  });
  const lists = ['findings', 'undetermined', 'suppressed'] as const;
  const list = lists.find((name) => view[name].length > 0) ?? 'findings';
  return [list, view[list][0]?.because];
}

const STATED = 'Example states affected: take 2.0 (https://example.org/1, 2026-03-02)';
const RECORD = '1.0.0 is below 2.0.0 in semver order';
const open = { state: 'open', by: null } as const;
const affected = { state: 'open', by: word } as const;
const overruled = { kind: 'owner', by: null, words: 'fixed by the distribution' } as const;
const patched = { kind: 'patched', by: null, words: 'patched here' } as const;

test('scanView() believes a statement that it is affected before what is undetermined or overruled', () => {
  assert.deepEqual(placed({}, open), ['findings', RECORD]);
  assert.deepEqual(placed({}, affected), ['findings', RECORD]);
  assert.deepEqual(placed({ verdict: 'indeterminate' }, open), ['undetermined', RECORD]);
  assert.deepEqual(placed({ verdict: 'indeterminate' }, affected), ['findings', STATED]);
  assert.deepEqual(placed({ overruled }, open), ['suppressed', 'fixed by the distribution']);
  assert.deepEqual(placed({ overruled }, affected), ['findings', STATED]);
  assert.deepEqual(placed({ overruled: patched }, affected), ['suppressed', 'patched here']);
});

test('scanView() of what only a statement tells of has it as its record', () => {
  assert.deepEqual(placed({ said: [] }, affected), ['findings', STATED]);
  const investigated = { state: 'open', by: { ...word, status: 'under_investigation', note: '' } } as const;
  assert.deepEqual(placed({ said: [], verdict: 'indeterminate' }, investigated), [
    'undetermined',
    'Example states under_investigation (https://example.org/1, 2026-03-02)',
  ]);
});
