import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { defaultPolicy } from '../../src/core/promise/policy.ts';
import type { Listening } from '../../src/serve/http/listen.ts';
import { listen } from '../../src/serve/http/listen.ts';
import { pages } from '../../src/serve/http/pages.ts';
import { openChromium, skipWithoutChromium } from '../support/chromium.ts';
import { digests, literalWorld } from '../support/literal-world.ts';
import { provenReport } from '../support/proven-report.ts';

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
/** WCAG 2.2 up to AA, and what its authors hold to be good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const addresses = [
  '',
  'promise',
  'report/2026-Q3?sample=3&seed=4711',
  'v/CVE-2026-1234',
  'lines/nginx:1.28',
  `digests/${digests.old}`,
  'v/none',
];

describe('axe finds nothing', { skip: skipWithoutChromium }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'suture-axe-'));
  let browser: Awaited<ReturnType<typeof openChromium>>;
  let server: Listening;
  let page: Page;

  before(async () => {
    const health = async () => ({ status: 'ok' as const, store: 'literal', lastTick: null, trouble: null });
    const app = pages({ ...literalWorld(), health, onFault: () => {} });
    server = await listen(app, { host: '127.0.0.1', port: 0, beyondLoopback: false });
    browser = await openChromium({ scripts: true });
    page = await browser.context.newPage();
    const whatIf = { ...defaultPolicy, name: 'a week', promise: { ...defaultPolicy.promise, high: 604_800 } };
    const report = await provenReport({ whatIf, sample: { size: 3, seed: '4711' } });
    writeFileSync(join(folder, 'report.html'), report);
    writeFileSync(join(folder, 'changed.html'), report.replace('3 of 7 met', '4 of 7 met'));
  });

  after(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const address of addresses) {
      test(`/${address.slice(0, 24)}, ${colorScheme}`, async () => {
        await page.emulateMedia({ colorScheme });
        await page.goto(server.url + address);
        assert.deepEqual(await violations(page), []);
      });
    }

    for (const file of ['report.html', 'changed.html']) {
      test(`the file ${file}, ${colorScheme}`, async () => {
        await page.emulateMedia({ colorScheme });
        await page.goto(pathToFileURL(join(folder, file)).href);
        await page.locator('#proof:not(.pending)').waitFor();
        assert.deepEqual(await violations(page), []);
      });
    }
  }
});

/** Each as "rule: where", so that a failure can be read. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return await page.evaluate<readonly string[]>(
    `axe.run({ runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) =>
       violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) => id + ': ' + target.join(' ') + ' ' + (any[0]?.message ?? ''))))`,
  );
}
