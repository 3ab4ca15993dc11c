import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Listening } from '../../src/serve/http/listen.ts';
import { listen } from '../../src/serve/http/listen.ts';
import { pages } from '../../src/serve/http/pages.ts';
import { openChromium, skipWithoutChromium } from '../support/chromium.ts';
import { digests, literalWorld } from '../support/literal-world.ts';

const addresses = [
  '',
  'promise',
  'report/2026-Q3?sample=3&seed=4711',
  'v/CVE-2026-1234',
  'v/CVE-2026-1188',
  'lines/nginx:1.28',
  `digests/${digests.old}`,
  'explain/%233',
  'explain/411%20of%20413',
  'explain/curl',
  'v/none',
];

describe('pages in a browser without scripts', { skip: skipWithoutChromium }, () => {
  let server: Listening;
  let browser: Awaited<ReturnType<typeof openChromium>>;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    const world = literalWorld();
    const health = async () => ({ status: 'ok' as const, store: 'literal', lastTick: null, trouble: null });
    server = await listen(pages({ ...world, health, onFault: () => {} }), {
      host: '127.0.0.1',
      port: 0,
      beyondLoopback: false,
    });
    browser = await openChromium({ scripts: false });
    page = await browser.context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('dialog', (dialog) => complaints.push(`dialog ${dialog.message()}`));
  });

  after(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const address of addresses) {
    test(`/${address.slice(0, 24)} on a phone and a desk: nothing is wider than the screen`, async () => {
      await page.goto(server.url + address);
      for (const width of [320, 390, 768, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const content = await page.locator('html').evaluate((element) => element.scrollWidth);
        assert.ok(content <= width, `${content} px at ${width} px`);
      }
    });
  }

  test('the board: one h1, landmarks, every table with a caption and heads', async () => {
    await page.goto(server.url);
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
    for (const role of ['banner', 'main', 'contentinfo', 'navigation', 'search'] as const) {
      assert.equal(await page.getByRole(role).count(), 1, role);
    }
    const tables = await page.locator('table').count();
    assert.equal(await page.locator('table > caption').count(), tables);
    assert.equal(await page.locator('table > thead th[scope=col]').count(), tables * 7);
  });

  test('the board: each status is a word beside its shape', async () => {
    await page.goto(server.url);
    const words = await page.locator('#on-track .status').allInnerTexts();
    assert.deepEqual(
      words.map((word) => word.trim()),
      ['at risk', 'on track', 'on track', 'on track'],
    );
    assert.equal(await page.locator('.status:not(:has(svg))').count(), 0);
  });

  test('from the board to a vulnerability, to its line, to a digest: by links alone', async () => {
    await page.goto(server.url);
    await page.getByRole('link', { name: 'CVE-2026-1234' }).first().click();
    await page.getByRole('link', { name: 'nginx:1.28' }).first().click();
    await page.getByRole('link', { name: digests.newer }).click();
    assert.match(await page.locator('main').innerText(), /This is the current digest/);
  });

  test('the search field: by keyboard, to the page of what was asked', async () => {
    await page.goto(server.url);
    await page.getByRole('searchbox').fill('GHSA-9v2q-6r3m-4x7h');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/v/GHSA-9v2q-6r3m-4x7h');
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'CVE-2026-1234');
  });

  test('the skip link: the first thing that the keyboard reaches', async () => {
    await page.goto(server.url);
    await page.keyboard.press('Tab');
    assert.equal(await page.locator(':focus').innerText(), 'Skip to the content');
  });

  test('text and background, in light and dark: contrast of at least 4.5', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(server.url);
      for (const selector of [
        '.under',
        '.status.overdue',
        '.status.at-risk',
        '.status.on-track',
        '.status.waiting',
        '.status.met',
        '.why',
      ]) {
        const ratio = await contrast(page, selector);
        assert.ok(ratio >= 4.5, `${selector} in ${colorScheme}: ${ratio.toFixed(2)}`);
      }
    }
  });

  test('all pages: the browser had nothing to complain about', () => {
    assert.deepEqual(
      complaints.filter((each) => !each.includes('404')),
      [],
    );
  });
});

/** WCAG 2.2 contrast ratio of an element's text against the page. */
async function contrast(page: Page, selector: string): Promise<number> {
  const [text, paper] = await page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const view = element.ownerDocument.defaultView;
      return [
        view?.getComputedStyle(element).color ?? '',
        view?.getComputedStyle(element.ownerDocument.body).backgroundColor ?? '',
      ];
    });
  const [one, two] = [luminance(text ?? ''), luminance(paper ?? '')];
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}

function luminance(rgb: string): number {
  const channels = [...rgb.matchAll(/[\d.]+/g)].slice(0, 3).map(([value]) => Number(value) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
