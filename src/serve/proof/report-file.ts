import { html, raw } from 'hono/html';
import { invariant } from '../../core/invariant.ts';
import { sha256 } from '../../core/ledger/sha256.ts';
import { spellBytes } from '../../views/bytes.ts';
import type { ReportView } from '../../views/report/report.ts';
import type { Html } from '../http/parts.ts';
import { reportPage, reportShapes, section } from '../http/report-page.ts';
import { withheldWords } from './withheld-facts.ts';
import type { EvidenceBlocks, EvidenceSummary } from './evidence.ts';

export interface ReportFileParts {
  readonly view: ReportView;
  readonly evidence: EvidenceSummary;
  readonly blocks: EvidenceBlocks;
  /** The style and the script that stand in it, as they are. */
  readonly style: string;
  readonly script: string;
}

/**
 * One file that needs nothing else: readable without scripts, with the facts inside and a script that computes all of it
 * again. Pure, so that a browser can write the same file from the facts and compare.
 */
export function reportFile({ view, evidence, blocks, style, script }: ReportFileParts): string {
  const { question } = view;
  const policy = `default-src 'none'; style-src '${cspHash(style)}'; script-src '${cspHash(script)}'; base-uri 'none'; form-action 'none'`;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="suture ${evidence.program}">
<title>The promise in ${question.period.name} · ${question.catalog ?? 'Suture'} · ${view.id}</title>
<style>${raw(style)}</style>
</head>
<body class="report-file">
${reportShapes}
<header class="top"><span class="mark">Suture</span><span class="catalog">${question.catalog ?? ''}</span><span class="report-id">${view.id}</span></header>
${question.notice === null ? '' : html`<aside class="notice made-up" aria-label="About this world">${question.notice}</aside>`}
<div id="proof" class="proof pending" role="status">${PENDING}</div>
<main id="main">
${reportPage(view, null, inside(evidence))}
</main>
<footer><hr class="suture"><p>Report ${view.id} · method ${view.method} · ledger head <code>${view.head.hash}</code> · Suture ${evidence.program}. All times are UTC, hours are calendar hours.</p></footer>
<script type="application/json" id="question">${raw(blocks.question)}</script>
<script type="application/x-ndjson" id="facts">${raw(blocks.facts)}</script>
<script type="application/x-ndjson" id="inventories">${raw(blocks.inventories)}</script>
<script type="application/json" id="signature">${raw(blocks.signature)}</script>
<script id="program">${raw(script)}</script>
</body>
</html>
`;
  invariant(!(document instanceof Promise), 'nothing on the page has to be waited for');
  return document.toString();
}

/** What stands there until the script has run; without scripts for ever. */
const PENDING = html`<p><b>Do not rely on these figures: nothing here is proven.</b> When scripts are allowed to run, this page computes itself again from the facts inside it and says here what came of it; nothing is loaded and nothing is sent. If they are allowed and these words stay, the page was changed.</p>`;

function cspHash(text: string): string {
  const bytes = sha256(text).match(/../g) ?? [];
  return `sha256-${btoa(String.fromCharCode(...bytes.map((each) => Number.parseInt(each, 16))))}`;
}

function inside({
  facts,
  payloads,
  otherLines,
  signedHeads,
  inventories,
  bytes,
  digests,
  publicKey,
  isSigned,
  withheld,
}: EvidenceSummary): Html {
  const leftOut = facts - payloads - withheld.length;
  const { sealed, erased } = withheldWords(withheld);
  return section(
    'inside',
    'The facts inside this file',
    html`<ul class="rules">
<li>${facts} facts, from the first one on, each with the hash of the one before it; ${spellBytes(bytes)} in all.</li>
<li>${leftOut === 0 ? 'Every payload that can be read is inside.' : `${leftOut} payloads are left out: they move no clock (looks, what was imported, withdrawals). Their envelopes are here, so that the chain is whole.`}</li>
${sealed === '' ? '' : html`<li><b>${sealed}</b></li>`}
${erased === '' ? '' : html`<li><b>${erased}</b></li>`}
${otherLines === 0 ? '' : html`<li><b>${otherLines} of them are left out because they speak of other lines.</b> This file alone cannot show that none of them speaks of this one.</li>`}
<li>${inventories} inventories of pulled images, by digest: what each of them held.</li>
<li>${signedHeads === 0 ? 'No fact inside signs a head of the chain.' : `${signedHeads} facts inside sign the head before them.`} ${isSigned ? 'The head below, the question and all that is inside are signed as one, when this file was made.' : 'The head below and the question are signed by nobody.'} ${publicKey === null ? '' : 'The public key is inside.'}</li>
<li>That a ledger was cut short cannot be seen from the file: compare the head below with one that you know.</li>
<li>SHA-256 of the facts <code>${digests.facts}</code>, of the inventories <code>${digests.inventories}</code>, of the question <code>${digests.question}</code>.</li>
<li>To read them yourself: they are the text of the elements <code>question</code>, <code>facts</code>, <code>inventories</code> and <code>signature</code>, one JSON value on each line.</li>
</ul>`,
  );
}
