import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { chainedLedger } from '../../test/support/chained-ledger.ts';
import { instant } from '../../test/support/literals.ts';
import { ledgerOf, policyWith } from '../../test/support/promise-story.ts';
import { anything, later, storyOf } from '../../test/support/random-promise.ts';
import { reportJson } from '../views/report/report-json.ts';
import { evidenceOf } from '../serve/proof/evidence.ts';
import { lookUpReport } from '../serve/look-up-report.ts';
import type { reproduce } from '../serve/proof/reproduce.ts';
import { linkedProof } from './proof-program.ts';

describe('what a browser runs', async () => {
  // The same functions, with types taken off, linked, and with SHA-256 of our own in place of Node's.
  const exported: unknown = runInThisContext(await linkedProof('serve/proof/reproduce.ts'));
  const inBrowser = (exported as { reproduce: typeof reproduce }).reproduce;

  test('on any ledger: the same view as here, from the evidence alone, for all lines and for one', async () => {
    await fc.assert(
      fc.asyncProperty(storyOf(anything, true), fc.boolean(), fc.boolean(), async (story, isOne, otherLines) => {
        const { entries, inventories } = chainedLedger(ledgerOf(story));
        const asOf = instant(later(24 * 70));
        const wish = {
          period: '2026',
          asOf,
          line: isOne ? 'web:1' : null,
          whatIf: policyWith({ start: 'release-and-known', promise: { critical: 3600 } }),
          sample: { size: 2, seed: '4711' },
        };
        const made = await lookUpReport(wish, {
          now: () => asOf,
          notice: null,
          summary: async () => null,
          inventory: async (digest) => inventories.get(digest),
          async *chain(after = 0) {
            yield entries.slice(after);
          },
        });
        const question = {
          ...wish,
          asOf: asOf.toString(),
          notice: null,
          catalog: null,
          publicKey: null,
          earlierKeys: [],
          program: '0',
        };
        const { findings, report } = inBrowser(evidenceOf(made, question, { otherLines }));
        assert.deepEqual(findings, []);
        assert.ok(report !== null);
        assert.equal(JSON.stringify(reportJson(report.view)), JSON.stringify(reportJson(made.view)));
      }),
      { numRuns: 60 },
    );
  });
});
