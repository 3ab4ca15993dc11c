import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type { FactLine } from '../../src/serve/proof/evidence.ts';
import { openChromium, skipWithoutChromium } from '../support/chromium.ts';
import { chainedFrom, forgedReport, type OpenedReport } from '../support/forged-report.ts';
import { provenReport } from '../support/proven-report.ts';

/** What somebody can do who has the file and this program, but not the key. */

const UNSIGNED_TAIL =
  /Signed up to fact 10 of 45 by the key [0-9a-f]{64}; 34 facts after it are signed by nobody: figures/;
const UNSIGNED_QUESTION = /The question is signed by nobody/;

const forgeries: readonly {
  readonly what: string;
  readonly forge: (opened: OpenedReport) => OpenedReport;
  readonly state: 'partly' | 'fails';
  readonly says: readonly RegExp[];
}[] = [
  {
    what: 'a tail made anew that turns misses into met, the signature left in',
    forge: earlierTail,
    state: 'fails',
    says: [/What is signed is another report/],
  },
  {
    what: 'a tail made anew that turns misses into met, the signature taken out',
    forge: (opened) => unsigned(earlierTail(opened)),
    state: 'partly',
    says: [UNSIGNED_TAIL, UNSIGNED_QUESTION, /cannot be seen from the file: compare the head/],
  },
  {
    what: 'everything cut off behind a signed head',
    forge: (opened) => unsigned({ ...opened, facts: opened.facts.slice(0, 22) }),
    state: 'partly',
    says: [UNSIGNED_QUESTION, /cannot be seen from the file: compare the head/],
  },
  {
    what: 'no signature and no key at all',
    forge: ({ facts, question }) => ({
      facts: chainedFrom(
        0,
        facts.filter(({ type }) => type !== 'head-signed'),
      ),
      question: { ...question, publicKey: null },
      signature: '',
    }),
    state: 'partly',
    says: [/None of the \d+ facts is signed by anybody/],
  },
  {
    what: 'the notice of a made-up world taken out',
    forge: (opened) => unsigned({ ...opened, question: { ...opened.question, notice: null } }),
    state: 'partly',
    says: [UNSIGNED_QUESTION],
  },
  {
    what: 'the question asked as of an instant before the facts inside',
    forge: (opened) => unsigned({ ...opened, question: { ...opened.question, asOf: '2026-07-10T00:00:00Z' } }),
    state: 'fails',
    says: [
      /Fact \d+ was recorded at 2026-07-1\S+, after 2026-07-10T00:00:00Z, as of which this report is judged; so were \d+ more/,
    ],
  },
  {
    what: 'the record that names a fix sealed for decades, what follows made anew',
    forge: (opened) => unsigned(sealed(opened, '2099-01-01T00:00:00Z')),
    state: 'fails',
    says: [/Fact \d+ seals fact [0-9a-f]{64} until 2099-01-01T00:00:00Z: nothing may be sealed for more than 366 days/],
  },
  {
    what: 'the record that names a fix sealed for months, what follows made anew',
    forge: (opened) => unsigned(sealed(opened, '2026-12-24T00:00:00Z')),
    state: 'partly',
    says: [
      /Signed up to fact 10 of \d+/,
      /What one fact says is sealed, and figures may be others once it opens: fact \d+ \(advisory-recorded\) until 2026-12-24T00:00:00Z\./,
    ],
  },
  {
    what: 'members put into a fact that no hash covers',
    forge: ({ facts, ...opened }) =>
      unsigned({ ...opened, facts: facts.with(21, { ...fact(facts, 22), note: 'x' } as FactLine) }),
    state: 'fails',
    says: [/Line 22 of the facts was changed: it says more than it may/],
  },
  {
    what: 'a member put into the interval of a fact',
    forge: ({ facts, ...opened }) => {
      const { at, ...rest } = fact(facts, 22);
      return unsigned({ ...opened, facts: facts.with(21, { ...rest, at: { ...at, note: 'x' } } as FactLine) });
    },
    state: 'fails',
    says: [/Line 22 of the facts was changed: it says more than it may/],
  },
  {
    what: 'a member put into the question',
    forge: (opened) => unsigned({ ...opened, question: Object.assign({ audited: 'by somebody' }, opened.question) }),
    state: 'fails',
    says: [/Line 1 of the question was changed: it says more than it may/],
  },
  {
    what: 'another catalog named, the signature left in',
    forge: (opened) => ({ ...opened, question: { ...opened.question, catalog: 'another' } }),
    state: 'fails',
    says: [/What is signed is another report/],
  },
];

describe('a report forged without the key, from a file in a browser', { skip: skipWithoutChromium }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'suture-forged-'));
  let browser: Awaited<ReturnType<typeof openChromium>>;
  let page: Page;
  let report = '';

  before(async () => {
    report = await provenReport();
    browser = await openChromium({ scripts: true });
    page = await browser.context.newPage();
  });

  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function verdictOn(text: string): Promise<{ readonly state: string; readonly words: string }> {
    const path = join(folder, 'report.html');
    writeFileSync(path, text);
    await page.goto(pathToFileURL(path).href);
    const proof = page.locator('#proof:not(.pending)');
    return { state: (await proof.getAttribute('class')) ?? '', words: await proof.innerText() };
  }

  test('put together again with nothing forged: it holds', async () => {
    const { html, findings } = forgedReport(report, (opened) => opened);
    assert.deepEqual(findings, []);
    assert.equal(html, report);
    assert.equal((await verdictOn(html)).state, 'proof holds');
  });

  test('the tail made anew fits together and has better figures: only signatures tell', () => {
    const honest = forgedReport(report, (opened) => opened).view.shares.counts.all;
    const { findings, view } = forgedReport(report, (opened) => unsigned(earlierTail(opened)));
    assert.deepEqual(findings, []);
    assert.ok(
      view.shares.counts.all.met > honest.met,
      `${view.shares.counts.all.met} of ${view.shares.counts.all.due}`,
    );
  });

  for (const { what, forge, state, says } of forgeries) {
    test(`${what}: never green, and says why`, async () => {
      const verdict = await verdictOn(forgedReport(report, forge).html);
      assert.equal(verdict.state, `proof ${state}`, verdict.words);
      for (const each of says) assert.match(verdict.words, each);
    });
  }
});

function unsigned(opened: OpenedReport): OpenedReport {
  return { ...opened, signature: '' };
}

/** Keeps what is under the last signed head before the late pulls, and dates those three hours back. */
function earlierTail({ facts, ...opened }: OpenedReport): OpenedReport {
  const late = facts.findIndex(isLatePull);
  const kept = facts.slice(0, late).findLastIndex(({ type }) => type === 'head-signed') + 1;
  const tail = facts.slice(kept).filter(({ type }) => type !== 'head-signed');
  const earlier = tail.map((fact) => (isLatePull(fact) ? { ...fact, at: dated(fact, -3) } : fact));
  return { ...opened, facts: chainedFrom(kept, [...facts.slice(0, kept), ...earlier]) };
}

/** Takes away what names the fix of the miss, and says that it is sealed. */
function sealed({ facts, ...opened }: OpenedReport, until: string): OpenedReport {
  const place = facts.findIndex(
    ({ payload }) => (payload as { readonly id?: string } | undefined)?.id === 'CVE-2026-1002',
  );
  const { payload: _, ...hidden } = facts[place] ?? assert.fail('the record is inside');
  const kept = facts.slice(0, place).findLastIndex(({ type }) => type === 'head-signed') + 1;
  const seal = { ...hidden, type: 'payload-sealed', id: 'f'.repeat(64), payload: { fact: hidden.id, until } };
  const tail = facts.slice(place + 1).filter(({ type }) => type !== 'head-signed');
  return { ...opened, facts: chainedFrom(kept, [...facts.slice(0, place), hidden, seal, ...tail]) };
}

function fact(facts: readonly FactLine[], seq: number): FactLine {
  return facts[seq - 1] ?? assert.fail('it is inside');
}

function isLatePull({ type, at }: FactLine): boolean {
  return type === 'image-confirmed' && at.from === '2026-07-08T10:00:00Z';
}

function dated({ at }: FactLine, hours: number): FactLine['at'] {
  const moved = (text: string): string => Temporal.Instant.from(text).add({ hours }).toString();
  return { from: moved(at.from), to: moved(at.to) };
}
