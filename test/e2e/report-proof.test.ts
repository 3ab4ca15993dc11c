import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { defaultPolicy } from '../../src/core/promise/policy.ts';
import { openChromium, skipWithoutChromium } from '../support/chromium.ts';
import { provenReport } from '../support/proven-report.ts';

interface Verdict {
  readonly holds: boolean;
  readonly words: string;
}

describe('a report that proves itself, from a file in a browser', { skip: skipWithoutChromium }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'suture-report-'));
  let browser: Awaited<ReturnType<typeof openChromium>>;
  let page: Page;
  let report = '';
  const asked: string[] = [];
  let complaints: string[] = [];

  before(async () => {
    report = await provenReport();
    browser = await openChromium({ scripts: true });
    page = await browser.context.newPage();
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });

  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function verdictOn(text: string): Promise<Verdict> {
    const path = join(folder, 'report.html');
    writeFileSync(path, text);
    await page.goto(pathToFileURL(path).href);
    await page
      .locator('#proof:not(.pending)')
      .waitFor({ timeout: 2000 })
      .catch(() => undefined);
    const proof = page.locator('#proof');
    if ((await proof.count()) === 0) return { holds: false, words: 'no verdict at all' };
    return {
      holds: (await proof.getAttribute('class')) === 'proof holds',
      words: await proof.innerText(),
    };
  }

  test('as written: it holds, says what was checked, and asks the network for nothing', async () => {
    complaints = [];
    const { holds, words } = await verdictOn(report);
    assert.equal(holds, true, words);
    assert.match(words, /48 facts follow from each other/);
    assert.match(words, /24 rows and every figure on this page were computed again/);
    assert.match(words, /Signed up to fact 48 of 48, and the question with it, by the key [0-9a-f]{64}/);
    assert.match(words, /5 signatures verify. Compare the key/);
    assert.match(words, /cut short cannot be seen from the file: compare the head with one that you know/);
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith('file:')),
      [],
    );
  });

  test('of a ledger that was taken over, its heads signed by another key: it holds, and names both', async () => {
    const { holds, words } = await verdictOn(await provenReport({}, { moved: true }));
    assert.equal(holds, true, words);
    assert.match(
      words,
      /Heads inside are also signed by the key [0-9a-f]{64}: what stands after them only the first key/,
    );
  });

  test('with a sample, one line and a what-if: it holds', async () => {
    const whatIf = { ...defaultPolicy, name: 'a week <b>', promise: { ...defaultPolicy.promise, high: 604_800 } };
    const { holds, words } = await verdictOn(
      await provenReport({ whatIf, line: 'web:1', sample: { size: 3, seed: '4711 </script>' } }),
    );
    assert.equal(holds, true, words);
  });

  /** One character of what the pattern's last group finds becomes another. */
  const changes: readonly (readonly [string, RegExp, RegExp])[] = [
    ['the percentage', /class="percent">4(2)\./, /percent.*|42\.86|the page says “.*”, the facts give “42\.86 %”/],
    ['met of due', /id="h-share" class="figure">(3) of 7/, /“3 of 7 met 42\.86 %”|“\d of 7 met 42\.86 %”/],
    ['the margin of a row', /missed by (1) h</, /Row CVE-2026-1002 in web:2: the page says “missed by . h”/],
    ['the line of a row', /data-label="Line">web:(2)</, /Row CVE-\d{4}-\d{4} in web:2: the page says/],
    ['the standing of a row', /<\/svg>me(t)<\/span>/, /Row (CVE-2026-1001 in|count of met)/i],
    [
      'an id that shows on hover only',
      /<code title="[0-9a-f]{20}([0-9a-f])/,
      /Row CVE-\d{4}-\d{4} in [a-z]+:\d: an element has/,
    ],
    ['a deadline for machines', /<time datetime="2026-07-0(5)T08:00:00Z"/, /Row CVE-2026-1001 in/],
    ['who approved a waiver', /<th scope="row">(t)est</, /Row waiver by test/],
    ['how many a waiver took out', /<td>(1)<\/td><th scope="row">test/, /Row waiver by test/],
    ['the drawing of the curve', /class="steps fast" d="M0 0H(\d)/, /“How long a fix took”: an element has/],
    ['a time to fix', /<td>50 (h)<\/td>/, /Row time to fix, critical and high/],
    ['the head in the footer', /ledger head <code>([0-9a-f])/, /The page: the page says/],
    ['the title', /<title>(T)he/, /The page: the page says/],
    ['the policy that keeps the network out', /default-src &#39;non(e)&#39;/, /The page: an element has/],
    ['the period of the question', /"period":"2026-Q(3)"/, /./],
    ['the seed of nothing', /"sample":nul(l)/, /Line 1 of the question was changed: it cannot be read/],
    ['the public key', /BEGIN PUBLIC KEY-----\\n(M)/, /./],
    ['a payload', /"summary":"CVE-2026-1002 in shor(t)"/, /The payload of fact \d+ was changed/],
    [
      'the hash of a fact',
      /"hash":"([0-9a-f])[0-9a-f]+","id":"[0-9a-f]+","payload":\{"affected"/,
      /Fact \d+ was changed: its bytes do not give its hash/,
    ],
    ['who says so', /"by":"(t)est"/, /Fact 1 was changed/],
    ['when it was recorded', /"recordedAt":"2026-07-0(2)T/, /Fact \d+ was changed/],
    ['the form alone', /"epss":(n)ull/, /Line \d+ of the facts was changed: it cannot be read/],
    ['a signature', /"signature":"(M)/, /The payload of fact \d+ was changed/],
    ['an inventory', /\\"version\\":\\"1\.0\.(1)\\"/, /The inventory sha256:[0-9a-f]{64} was changed/],
  ];

  for (const [what, pattern, names] of changes) {
    test(`one character of ${what} is changed: it does not hold, and says where`, async () => {
      const changed = changedAt(report, pattern);
      const { holds, words } = await verdictOn(changed);
      assert.equal(holds, false);
      assert.match(words, /does not prove itself|failed/);
      assert.match(words, names);
    });
  }

  test('a fact is left out: the one after it does not follow', async () => {
    const { holds, words } = await verdictOn(report.replace(/\{"at":[^\n]*"seq":20[^\n]*\n/, ''));
    assert.equal(holds, false);
    assert.match(words, /Fact 20 is missing before fact 21/);
  });

  test('a payload is left out that a figure rests on: its fact is named', async () => {
    const { holds, words } = await verdictOn(
      report.replace(/,"payload":\{"affected".*?\},"payloadDigest"/, ',"payloadDigest"'),
    );
    assert.equal(holds, false);
    assert.match(words, /The payload of fact \d+ is missing, and figures may rest on it/);
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['the script, at its beginning', /<script id="program">i(f)/],
    ['the script, in its middle', /function reproduc(e)\(/],
    ['the script, at its end', /void prov(e)\(document/],
    ['the digest of the script in the policy', /script-src &#39;sha256-[+/]*([A-Za-z0-9])/],
  ];

  for (const [what, pattern] of refused) {
    test(`one character of ${what} is changed: no browser runs it, and the page says not to rely on it`, async () => {
      const { holds, words } = await verdictOn(changedAt(report, pattern));
      assert.equal(holds, false);
      assert.match(words, /^Do not rely on these figures: nothing here is proven/);
      assert.match(words, /If they are allowed and these words stay, the page was changed/);
    });
  }

  test('a style that was changed: never green', async () => {
    assert.equal((await verdictOn(report.replace('--paper: #faf8f4', '--paper: #faf8f5'))).holds, false);
  });

  test('any one bit, anywhere: never green, unless the browser reads the same page', async () => {
    const bytes = Buffer.from(report);
    // The script is most of the file, and a browser refuses it whole: the last few lie in it.
    const scriptAt = bytes.indexOf('<script id="program">');
    let same = 0;
    for (let turn = 0; turn < 24; turn += 1) {
      const at = Math.floor(turn < 22 ? ((turn + 0.37) / 22) * scriptAt : scriptAt + 30 + (turn - 21) * 50_000);
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      if ((await verdictOn(changed.toString('utf8'))).holds) same += 1;
    }
    assert.ok(same <= 1, `${same} changes were not noticed`);
  });

  test('scripts are not allowed: it reads, and claims nothing', async () => {
    const plain = await openChromium({ scripts: false });
    try {
      const reader = await plain.context.newPage();
      writeFileSync(join(folder, 'plain.html'), report);
      await reader.goto(pathToFileURL(join(folder, 'plain.html')).href);
      assert.match(await reader.locator('#proof').innerText(), /^Do not rely on these figures: nothing here is proven/);
      assert.match(await reader.locator('#h-share').innerText(), /3 of 7 met/);
    } finally {
      await plain.close();
    }
  });

  for (const width of [320, 390, 768, 1280]) {
    test(`${width} px wide: nothing is wider than the screen`, async () => {
      await page.setViewportSize({ width, height: 800 });
      await verdictOn(report);
      const content = await page.locator('html').evaluate((element) => element.scrollWidth);
      assert.ok(content <= width, `${content} px at ${width} px`);
    });
  }
});

/** Another digit for a digit, another letter for a letter, in the first place that the pattern finds. */
function changedAt(text: string, pattern: RegExp): string {
  const found = new RegExp(pattern.source, 'd').exec(text);
  const [from, to] = found?.indices?.[1] ?? [0, 0];
  assert.ok(to > from, `${pattern.source} is in the report`);
  return text.slice(0, from) + String.fromCharCode(text.charCodeAt(from) ^ 1) + text.slice(to);
}
