import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describedImage } from '../../../test/support/described-image.ts';
import { obligation, type ObligationSketch } from '../../../test/support/obligation.ts';
import type { Statement } from '../../core/fact.ts';
import type { Obligation, Standing } from '../../core/promise/standing.ts';
import { openvexOf } from './encode-openvex.ts';
import { readOpenvex } from './read-openvex.ts';
import { type LineWord, vexOfObligations } from './vex-of-obligations.ts';

const statement: Statement = {
  vulnerability: 'CVE-2026-0001',
  line: 'hello:1',
  status: 'not_affected',
  justification: 'vulnerable_code_not_present',
  impact: 'The module is not built.',
  author: 'me',
};

const now = Temporal.Instant.from('2026-08-03T10:00:00Z');
const word: LineWord = { statements: [], held: [], now, purlsOf: () => [] };

const rows: readonly (readonly [Standing, readonly Statement[], string | undefined])[] = [
  ['waiting', [], 'affected'],
  ['on-track', [], 'affected'],
  ['overdue', [], 'affected'],
  ['met', [], 'fixed'],
  ['missed', [], 'fixed'],
  ['missed', [statement], 'not_affected'],
  ['fixed-early', [], 'fixed'],
  ['not-affected', [statement], 'not_affected'],
  ['not-affected', [{ ...statement, vulnerability: 'GHSA-1' }], 'not_affected'],
  ['not-affected', [{ ...statement, line: 'hello:2' }], 'under_investigation'],
  ['not-affected', [{ ...statement, justification: 'because' }], 'under_investigation'],
  ['excluded', [], 'affected'],
  ['not-covered', [], 'affected'],
  ['void', [], undefined],
];
for (const [standing, statements, status] of rows) {
  test(`vexOfObligations() is ${status ?? 'silent'}: ${standing}, ${statements[0]?.justification ?? 'no statement'}`, () => {
    const [entry] = vexOfObligations([sketched({ standing, t1: '2026-08-02T10:00:00Z' })], { ...word, statements });
    assert.equal(entry?.status, status);
  });
}

test('vexOfObligations() is affected: missed and never fixed', () => {
  const [entry] = vexOfObligations([sketched({ standing: 'missed', t1: null })], word);
  assert.equal(entry?.status, 'affected');
});

test('vexOfObligations() is under investigation: nobody has rated it yet', () => {
  const one = sketched({ standing: 'waiting' });
  const [entry] = vexOfObligations([{ ...one, severity: { level: 'high', by: null } }], word);
  assert.equal(entry?.status, 'under_investigation');
});

const notHeld = 'No release that fixes it is available yet; the image is rebuilt once there is one.';
const bound = 'The line is held at hello<1.0.1: a release outside of that is not taken before a person lifts it.';
const holds: readonly (readonly [string, Partial<LineWord>, Partial<Obligation>, string])[] = [
  ['nothing holds it', {}, {}, notHeld],
  ['another package is held', { held: [{ name: 'other', bound: '<2' }] }, {}, notHeld],
  [
    'the line is held below the fix',
    { held: [{ name: 'hello', bound: '<1.0.1' }] },
    {},
    `No release that fixes it is available yet. ${bound}`,
  ],
  [
    'it is on hold up to the second before',
    {},
    { hold: { approver: 'ada', reason: 'the fair', until: now.add({ seconds: 1 }) } },
    'No release that fixes it is available yet. On hold until 2026-08-03T10:00:01Z: the fair.',
  ],
  ['its hold ran out', {}, { hold: { approver: 'ada', reason: 'the fair', until: now } }, notHeld],
];
for (const [situation, more, change, action] of holds) {
  test(`vexOfObligations() promises no rebuild that is kept off: ${situation}`, () => {
    const one = { ...sketched({ standing: 'waiting', component: 'hello' }), ...change };
    const [entry] = vexOfObligations([one], { ...word, ...more });
    assert.equal(entry?.status === 'affected' ? entry.action : entry?.status, action);
  });
}

test('vexOfObligations() names the hold beside a deadline, which runs on', () => {
  const late = sketched({ standing: 'overdue', component: 'hello' });
  const [entry] = vexOfObligations([late], { ...word, held: [{ name: 'hello', bound: '<1.0.1' }] });
  assert.match(entry?.status === 'affected' ? entry.action : '', / is late\. The line is held at hello<1\.0\.1: /);
});

test('openvexOf() says what OpenVEX 0.2.0 asks for each status, in one document, the same each time', () => {
  const obligations = [
    sketched({ standing: 'on-track', vulnerability: 'CVE-2026-0002' }),
    sketched({ standing: 'not-affected' }),
    sketched({ standing: 'met', vulnerability: 'CVE-2026-0003', t1: '2026-08-02T10:00:00Z' }),
  ];
  const entries = vexOfObligations(obligations, {
    ...word,
    statements: [statement],
    purlsOf: () => ['pkg:generic/hello@1.0.1'],
  });
  const document = openvexOf(describedImage(), entries, 'me');
  assert.deepEqual(openvexOf(describedImage(), entries.toReversed(), 'me'), document);
  const [first, second, third] = document.statements;
  assert.deepEqual([first?.status, second?.status, third?.status], ['not_affected', 'affected', 'fixed']);
  assert.ok(first && 'justification' in first && first.impact_statement !== '');
  assert.ok(second && 'action_statement' in second && second.action_statement.includes('due by'));
  assert.equal(first?.products[0]?.subcomponents?.[0]?.['@id'], 'pkg:generic/hello@1.0.1');
});

test('readOpenvex() finds the standing and the deadline again', () => {
  const [open] = [sketched({ standing: 'on-track' })];
  const entries = vexOfObligations([open], word);
  const read = readOpenvex(JSON.parse(JSON.stringify(openvexOf(describedImage(), entries, 'me'))));
  assert.equal(read?.entries[0]?.standing, 'on-track');
  assert.equal(read?.entries[0]?.due?.toString(), open.clock.due?.toString());
  assert.equal(readOpenvex({}), undefined);
});

function sketched(change: Partial<ObligationSketch> & { readonly standing: Standing }) {
  return obligation({ vulnerability: 'CVE-2026-0001', aliases: ['GHSA-1'], line: 'hello:1', ...change });
}
