import assert from 'node:assert/strict';
import { test } from 'node:test';
import { obligation } from '../../test/support/obligation.ts';
import type { DigestInLine } from './digest.ts';
import { rowOf } from './row.ts';
import { ledgerCheck } from './verify-ledger.ts';

const now = Temporal.Instant.from('2026-08-04T12:00:00Z');
const digest = `sha256:${'a'.repeat(64)}`;
const t0 = '2026-08-01T10:00:00Z';
const about = { line: 'hello:kiosk', vulnerability: 'CVE-2026-1' };
const why = { who: 'person', text: 'the line is held' } as const;
const overdue = rowOf(obligation({ ...about, standing: 'overdue', t0 }), now, why);
const waiting = rowOf(obligation({ ...about, vulnerability: 'CVE-2026-2', standing: 'waiting' }), now);
const met = rowOf(obligation({ ...about, standing: 'met', t0, t1: '2026-08-02T10:00:00Z' }), now);

function asked(...lines: readonly Partial<DigestInLine>[]) {
  const all = lines.map((one) => ({
    digest,
    line: 'hello:1',
    architectures: [],
    publishedAt: null,
    reason: null,
    packages: [],
    withdrawn: null,
    current: true,
    newest: null,
    behind: 0,
    missedFixes: [],
    stillOpen: [],
    ...one,
  }));
  return { seq: 31, view: lines.length === 0 ? undefined : { notice: null, now, digest, lines: all } };
}

const upTo = 'the ledger of this catalog, up to fact 31';
const kiosk = { line: 'hello:kiosk', stillOpen: [overdue, waiting] };
const left = { line: 'hello:1', current: false, missedFixes: [met] };

const cases = [
  ['it knows no such digest', asked(), '1', 'note', `${upTo}, knows nothing of this image`],
  ['nothing is late', asked({}), '1', 'yes', `${upTo}: 0 overdue · 0 waiting on upstream in hello:1`],
  ['another line with the same image is late', asked({}, kiosk), '1', 'yes', / in hello:1$/],
  ['the line that was asked for is late', asked({}, kiosk), 'kiosk', 'no', /: 1 overdue · 1 waiting .*: CVE-2026-1 \(/],
  ['one of the lines of a digest is late', asked({}, kiosk), null, 'no', / in hello:1, hello:kiosk: CVE-2026-1 \(/],
  ['a line that left the digest says nothing', asked({ line: 'hello:2' }, left), null, 'yes', / in hello:2$/],
  ['the only line left the digest', asked(left), null, 'note', / in hello:1; a later image fixes CVE-2026-1$/],
] as const;

for (const [situation, ledger, tag, verdict, text] of cases) {
  test(`ledgerCheck(): ${situation}`, () => {
    const check = ledgerCheck(ledger, tag);
    assert.equal(check.verdict, verdict);
    if (typeof text === 'string') assert.equal(check.text, text);
    else assert.match(check.text, text);
    assert.equal(check.cause, verdict === 'no' ? 'the line is held' : null);
  });
}
