import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureCodes } from '../core/failure.ts';
import { codeView } from './code.ts';
import { subjectOf } from './subject.ts';

const cases: readonly (readonly [string, string])[] = [
  ['CVE-2026-1234', 'vulnerability'],
  ['GHSA-9v2q-6r3m-4x7h', 'vulnerability'],
  ['constructor', 'vulnerability'],
  ['nginx:1.28', 'line'],
  ['team/nginx:1.28-dev', 'line'],
  [`sha256:${'a'.repeat(64)}`, 'digest'],
  [`sha256:${'a'.repeat(63)}`, 'digest'],
  ['b'.repeat(64), 'obligation'],
  ['e0402', 'code'],
  ['E9999', 'vulnerability'],
  ['12', 'fact'],
  ['#12', 'fact'],
  ['fact 12', 'fact'],
  ['412 of 413', 'figure'],
  ['411 of 413 met', 'figure'],
  ['99.8%', 'figure'],
  ['99.8 %', 'figure'],
  ['12 waiting', 'figure'],
  ['1 at risk', 'figure'],
  ['overdue', 'figure'],
  ['12 apples', 'vulnerability'],
  ['pkg:generic/curl', 'upstream'],
  ['CVE-2026-1234 in nginx:1.28', 'row'],
  ['CVE-2026-1234 nginx:1.28', 'row'],
  ['curl', 'vulnerability'],
];

for (const [id, kind] of cases) {
  test(`subjectOf() of ${id.slice(0, 24)}: a ${kind}`, () => assert.equal(subjectOf(id).kind, kind));
}

test('codeView() of every code: says what to do and what the exit code means', () => {
  for (const code of Object.keys(failureCodes) as (keyof typeof failureCodes)[]) {
    const view = codeView(code);
    assert.ok(view.doNext.length > 20, code);
    assert.ok(view.exitMeans.length > 5, code);
  }
});
