import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPolicy } from '../../core/promise/policy.ts';
import { NOW } from '../../../test/support/obligation.ts';
import { literalReport } from '../../../test/support/report-story.ts';
import { type LookedUpReport, lookUpReport } from '../look-up-report.ts';
import { provenFile } from './proven-file.ts';

const deps = {
  program: async () => ({ script: 'program();', style: 'body {}' }),
  publicKey: async () => null,
  trustedKeys: async () => new Map(),
  signer: async () => null,
  version: '0.1.0',
};

function made(): Promise<LookedUpReport> {
  const wish = { period: '2026-Q3', asOf: NOW, line: null, whatIf: null, sample: null };
  const summary = async () => ({ name: 'acme images', policy: defaultPolicy });
  return lookUpReport(wish, { ...literalReport(), now: () => NOW, notice: null, summary });
}

test('provenFile() twice from the same facts: the same bytes', async () => {
  assert.equal(await provenFile(await made(), deps), await provenFile(await made(), deps));
});

test('provenFile() needs nothing from elsewhere: no address, and a policy that keeps the network out', async () => {
  const text = await provenFile(await made(), deps);
  assert.doesNotMatch(text, /(?:href|src)="(?!#)|@import|url\(/);
  assert.match(text, /default-src &#39;none&#39;; style-src &#39;sha256-[\w+/]{43}=&#39;; script-src &#39;sha256-/);
});

test('provenFile() of a ledger that was changed: refused, with the fact', async () => {
  const report = await made();
  const entries = report.entries.map((entry) => (entry.seq === 7 ? { ...entry, by: 'somebody else' } : entry));
  await assert.rejects(provenFile({ ...report, entries }, deps), { code: 'E0302', message: /Fact 7 was changed/ });
});

test('provenFile() of a ledger in which a fact is gone: refused, with the gap', async () => {
  const report = await made();
  const entries = report.entries.filter(({ seq }) => seq !== 12);
  await assert.rejects(provenFile({ ...report, entries }, deps), { code: 'E0302', message: /Fact 12 is missing/ });
});
