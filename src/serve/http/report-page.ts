import { html } from 'hono/html';
import { spellMargin } from '../../views/durations.ts';
import { marginWords } from '../../views/report/report-markdown.ts';
import { closesWords, periodWords, shareWords, whatIfWarning, promiseWords } from '../../views/report/report-words.ts';
import type { ReportView, WhatIf } from '../../views/report/report.ts';
import type { Shares } from '../../views/report/shares.ts';
import { shownAs, standings } from '../../views/shown.ts';
import { exclusionsPart } from './exclusions-part.ts';
import type { Html, Links } from './parts.ts';
import { exactTime, shapes, status } from './parts.ts';
import { fixTimesFigure, stagesFigure } from './report-figures.ts';
import { reportTable } from './report-table.ts';

/** Addresses of pages; null in a file that stands alone. */
export type ReportLinks = Pick<Links, 'vulnerability' | 'line'> | null;

/** How the promise was kept, for somebody who does not believe it yet: what was taken out stands before the percentage. */
export function reportPage(view: ReportView, links: ReportLinks, proof: Html | ''): Html {
  const { question, shares, rows, sample } = view;
  const failed = rows.filter(({ standing }) => standing === 'missed' || standing === 'overdue');
  const drawn = sample?.ids.flatMap((id) => rows.find((row) => row.id === id) ?? []) ?? [];
  return html`<header class="title report">
<h1>The promise in ${question.period.name}${question.line === null ? '' : html` <span class="alone">${question.line} alone</span>`}</h1>
<p class="under">${periodWords(question.period, question.asOf)}. ${question.catalog ?? 'No catalog'}, judged as of ${exactTime(question.asOf)}.</p>
<p class="promise">${promiseWords(view.policies)}.</p>
</header>
${section('outside', 'What stands outside the percentage', exclusionsPart(view.exclusions))}
<section class="result" aria-labelledby="h-share"><h2 id="h-share" class="figure">${share(shares.counts)}</h2>
<p class="under">Overdue counts as missed. The same by severity, and under both readings of the start:</p>
${sharesTable(view)}</section>
${view.whatIf === null ? '' : whatIfSection(view, view.whatIf)}
${section('failed', html`Missed and overdue <span class="count">${failed.length}</span>`, failed.length === 0 ? html`<p class="empty">None.</p>` : reportTable(failed, links, { caption: 'Missed and overdue', why: true }))}
${section('fix', 'How long a fix took', fixTimesFigure(view.fixTimes))}
${section('stages', 'Where the time went', stagesFigure(view.stages))}
${section('corrections', 'Corrections', corrections(view))}
${section('population', html`Everything that was matched <span class="count">${view.population.count}</span>`, population(view))}
${sample === null ? '' : section('sample', html`Sample of ${drawn.length}, seed ${sample.seed}`, reportTable(drawn, links, { caption: 'Sample', why: false }))}
${section('rows', html`All rows <span class="count">${rows.length}</span>`, reportTable(rows, links, { caption: 'All rows', why: false }))}
${proof}
${section('method', 'How this is counted', method(view))}`;
}

/** On the server: the same in other forms, and the sample picker. */
export function reportForms(period: string, search: string): Html {
  const address = (form: string): string => `/report/${encodeURIComponent(period)}${form}${search}`;
  return section(
    'forms',
    'Check it yourself',
    html`<p>The <a href="${address('.proof.html')}">file that proves itself</a> holds the facts and computes this report again in any browser, offline. The list as <a href="${address('.csv')}">CSV</a> or <a href="${address('.json')}">JSON</a>.</p>
<form class="as-of" action=""><label for="sample">Draw rows</label> <input id="sample" name="sample" inputmode="numeric" value="25" required> <label for="seed">by the seed</label> <input id="seed" name="seed" value="4711" required maxlength="100"> <button>Draw</button></form>`,
  );
}

/** For a page that has none yet: the shapes that statuses are drawn with. */
export const reportShapes = shapes;

export function section(id: string, title: Html | string, body: Html): Html {
  return html`<section id="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${title}</h2>
${body}</section>`;
}

function share({ all }: Shares): Html {
  if (all.percent === null) return html`Nothing was due`;
  return html`${all.met} of ${all.due} met <span class="percent">${all.percent.toFixed(2)} %</span>`;
}

function sharesTable({ shares }: ReportView): Html {
  const rows = [
    ['As promised', shares.counts],
    ['From the release', shares.release],
    ['From the release, once known', shares.releaseAndKnown],
  ] as const;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Met of due"><table class="facts shares"><caption class="hidden">Met of due by clock and severity</caption>
<thead><tr><th scope="col">Clock</th><th scope="col">All</th><th scope="col">Critical</th><th scope="col">High</th><th scope="col">Medium</th><th scope="col">Low</th></tr></thead>
<tbody>${rows.map(
    ([name, { all, bySeverity: s }]) =>
      html`<tr data-row="met of due, ${name.toLowerCase()}"><th scope="row">${name}</th>${[all, s.critical, s.high, s.medium, s.low].map((each) => html`<td>${shareWords(each)}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

function whatIfSection({ shares }: ReportView, { name, shares: asIf, changed }: WhatIf): Html {
  return html`<section id="what-if" class="what-if" aria-labelledby="h-what-if"><h2 id="h-what-if">${whatIfWarning}</h2>
<p>The same facts, judged as if the policy <b>${name}</b> had always been in force. Nobody promised this.</p>
<dl class="beside"><div data-row="what if: as promised"><dt>As promised</dt><dd>${share(shares.counts)}</dd></div><div data-row="what if: under ${name}"><dt>Under ${name}</dt><dd>${share(asIf)}</dd></div></dl>
<div class="scroll" tabindex="0" role="group" aria-label="What would stand otherwise"><table class="facts"><caption class="hidden">What would stand otherwise</caption>
<thead><tr><th scope="col">Vulnerability</th><th scope="col">Line</th><th scope="col">As promised</th><th scope="col">What if</th></tr></thead>
<tbody>${changed.map(({ row, standing, marginSeconds }) => html`<tr data-row="what if: ${row.vulnerability} in ${row.line}"><th scope="row">${row.vulnerability}</th><td>${row.line}</td><td>${row.time}</td><td>${marginSeconds === null ? shownAs[standing].word : spellMargin(marginSeconds)}</td></tr>`)}</tbody></table></div></section>`;
}

function corrections({ corrections: all }: ReportView): Html {
  if (all.length === 0) return html`<p class="empty">No evidence was corrected.</p>`;
  return html`<ul class="rules">${all.map(
    ({ fact, changed }) =>
      html`<li data-row="correction, fact ${fact.seq}">${exactTime(fact.recordedAt)}, fact ${fact.seq}: ${fact.payload.reason}. ${changed.length === 0 ? 'It moved no margin.' : changed.map((each) => html`${each.vulnerability} in ${each.line}: ${marginWords(each.before)}, now ${marginWords(each.after)}. `)}</li>`,
  )}</ul>`;
}

function population(view: ReportView): Html {
  const { counts, digest } = view.population;
  return html`<dl class="population">${standings.map((each) => html`<div data-row="count of ${shownAs[each].word}"><dt>${status(each)}</dt><dd>${counts[each]}</dd><dd class="means">${shownAs[each].means}</dd></div>`)}</dl>
<p class="under"><b>${closesWords(view)}</b> The list has the digest <code>${digest}</code>.</p>`;
}

function method({ id, method: number, head, policies, question }: ReportView): Html {
  const { inForce, changes } = policies;
  return html`<ul class="rules">
<li>A row is one vulnerability in one image line. It belongs to the period if it was matched there at any time between its first and last instant, whether or not it had ended.</li>
<li>Judged as of ${exactTime(question.asOf)} from what was recorded until then. The same facts and the same instant give the same bytes.</li>
<li>Half were fixed after the time at which the product-limit estimate (Kaplan and Meier) falls to a half; what is still open takes part.</li>
<li>A sample is drawn in the order of SHA-256 over the seed, a line feed and the id of the row, as hex.</li>
<li>Policy ${inForce.name}${inForce.digest === null ? '' : html` <code>${inForce.digest}</code>`}. ${changes.map((each) => html`In force from ${each.from === null ? '' : exactTime(each.from)}: ${each.name}, ${each.promise}. `)}</li>
<li>Report <b>${id}</b>, method ${number}. The ledger had ${head.seq} facts; the last has the hash <code>${head.hash}</code>.</li>
</ul>`;
}
