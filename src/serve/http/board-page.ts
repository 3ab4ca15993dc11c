import { html } from 'hono/html';
import type { Alarm } from '../../views/alarms.ts';
import type { BoardGroup, BoardView } from '../../views/board.ts';
import type { Row } from '../../views/row.ts';
import { runway } from '../../views/runway.ts';
import { shownAs, standings } from '../../views/shown.ts';
import type { Html, Links } from './parts.ts';
import { severity, sign, status, time, used } from './parts.ts';
import { runwayDrawing } from './runway-drawing.ts';

/** Are we keeping the promise, and what is next? */
export function boardPage(view: BoardView, links: Links): Html {
  const { summary } = view;
  const countOf = (standing: string): number => view.groups.find((group) => group.standing === standing)?.count ?? 0;
  const atRisk = view.groups.reduce((sum, group) => sum + group.atRisk, 0);
  const running = view.groups.flatMap((group) => group.rows).filter((row) => row.leftSeconds !== null);
  return html`${alarmList(view.alarms)}<section class="verdict" aria-labelledby="verdict">
${waiverList(view, links)}<h1 id="verdict">${headline(view, links)}</h1>
${summary.due === 0 ? '' : html`<p class="under">${summary.aside}</p>`}
${view.promise === null ? '' : html`<p class="promise">The promise: ${view.promise}. <a href="${links.promise}">The exact terms</a></p>`}
<ul class="tally">
${tally('overdue', summary.overdue, '#overdue')}
${tally('at-risk', atRisk, '#on-track')}
${tally('on-track', countOf('on-track') - atRisk, '#on-track')}
${tally('waiting', countOf('waiting'), '#waiting')}
</ul>
</section>
${running.length > 0 ? runwayDrawing(runway(running)) : ''}
${view.groups.map((group) => groupSection(group, links))}
${view.ended.length === 0 ? '' : endedSection(view.ended, links)}
${population(view)}`;
}

/** What threatens before any deadline has passed: said before everything else. */
function alarmList(alarms: readonly Alarm[]): Html {
  if (alarms.length === 0) return html``;
  return html`<section class="alarms" aria-labelledby="h-alarms"><h2 id="h-alarms">Before it is too late</h2>
<ul>${alarms.map(({ text, hint }) => html`<li>${sign('at-risk')}<span>${text}</span> <span class="hint">Try: ${hint}</span></li>`)}</ul></section>`;
}

/** Exclusions decide whether a percentage is to be believed, so they stand above it. */
function waiverList({ waivers, summary }: BoardView, links: Links): Html {
  const excluded = summary.counts.excluded ?? 0;
  if (excluded === 0) return html``;
  return html`<div class="waivers"><p>${sign('excluded')}<b>${excluded}</b> excluded by waivers, outside the percentage</p>
${
  waivers.length === 0
    ? ''
    : html`<ul>${waivers.map(
        ({ row, approver, reason, until, lastDay, afterwards }) =>
          html`<li><a href="${links.vulnerability(row.vulnerability)}">${row.vulnerability}</a> in <a href="${links.line(row.line)}">${row.line}</a> until <time datetime="${until.toString()}">${lastDay}</time>, then ${afterwards}. <span class="who">${approver}: ${reason}</span></li>`,
      )}</ul>`
}</div>`;
}

function headline({ summary }: BoardView, links: Links): Html {
  if (summary.metPercent === null) return html`Nothing was due yet`;
  return html`<a class="figure" href="${links.explain(`${summary.met} of ${summary.due}`)}">${summary.met} of ${summary.due} met</a> <span class="percent">${summary.metPercent.toFixed(1)} %</span>`;
}

function tally(shown: 'overdue' | 'at-risk' | 'on-track' | 'waiting', count: number, target: string): Html {
  return html`<li><a class="${count === 0 ? 'none' : shown}" href="${target}">${sign(shown)}<b>${count}</b> ${shownAs[shown].word}</a></li>`;
}

const empty: Readonly<Record<BoardGroup['standing'], string>> = {
  overdue: 'Nothing is overdue.',
  'on-track': 'No clock runs.',
  waiting: 'Nothing waits for upstream.',
};

function groupSection(group: BoardGroup, links: Links): Html {
  const { standing, rows, count } = group;
  const more = count - rows.length;
  return html`<section id="${standing}" aria-labelledby="h-${standing}">
<h2 id="h-${standing}">${shownAs[standing].word} <span class="count">${count}${group.atRisk > 0 ? `, ${group.atRisk} at risk` : ''}</span></h2>
${standing === 'waiting' && count > 0 ? html`<p class="under">Vulnerable, and upstream has released no fix: the clock has not started.</p>` : ''}
${rows.length === 0 ? html`<p class="empty">${empty[standing]}</p>` : openTable(rows, links, shownAs[standing].word)}
${more > 0 ? html`<p class="more">${more} more: the <a href="/board.json">JSON</a> and <code>suture status --limit</code> give all.</p>` : ''}
</section>`;
}

/** Rows whose clock runs or may run. */
export function openTable(rows: readonly Row[], links: Links, caption: string): Html {
  return html`<table class="rows open"><caption class="hidden">${caption}</caption>${columns(['state', 'time', 'used', 'severity', 'vulnerability', 'line', 'why'])}
<thead><tr><th scope="col">State</th><th scope="col">Time</th><th scope="col">Used</th><th scope="col">Severity</th><th scope="col">Vulnerability</th><th scope="col">Line</th><th scope="col">Why it stands here</th></tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr class="${row.shown}">
<td data-label="State">${status(row.shown)}</td>
<td data-label="Time" class="time">${row.clock.due === null ? html`<span class="none">${row.time}</span>` : html`<time datetime="${row.clock.due.toString()}" title="due ${row.clock.due.toString()}">${row.time}</time>`}</td>
<td data-label="Used">${used(row)}</td>
<td data-label="Severity">${severity(row.severity, row.exploited)}</td>
<th scope="row" data-label="Vulnerability"><a href="${links.vulnerability(row.vulnerability)}">${row.vulnerability}</a>${row.packages.length === 0 ? '' : html` <span class="packages">${row.packages.join(', ')}</span>`}</th>
<td data-label="Line"><a href="${links.line(row.line)}">${row.line}</a></td>
<td data-label="Why" class="why">${row.reason.who === 'person' ? html`<b class="person">A person:</b> ` : ''}${row.reason.text}${forecastLine(row)}</td>
</tr>`,
)}
</tbody></table>`;
}

function forecastLine({ forecast }: Row): Html {
  if (forecast === null) return html``;
  const { p50, words, basis } = forecast;
  return html`<span class="forecast">${words}${p50 === null ? '' : html` <span class="basis">${basis}</span>`}</span>`;
}

function endedSection(rows: readonly Row[], links: Links): Html {
  return html`<section id="ended" aria-labelledby="h-ended"><h2 id="h-ended">Lately ended</h2>${endedTable(rows, links)}</section>`;
}

/** Rows with a frozen margin. */
export function endedTable(rows: readonly Row[], links: Links): Html {
  return html`<table class="rows ended"><caption class="hidden">Ended</caption>${columns(['state', 'time', 'severity', 'vulnerability', 'line', 'fix', 'when'])}
<thead><tr><th scope="col">State</th><th scope="col">Margin</th><th scope="col">Severity</th><th scope="col">Vulnerability</th><th scope="col">Line</th><th scope="col">Fix</th><th scope="col">Confirmed clean</th></tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr class="${row.shown}">
<td data-label="State">${status(row.shown)}</td>
<td data-label="Margin" class="time">${row.time}</td>
<td data-label="Severity">${severity(row.severity, row.exploited)}</td>
<th scope="row" data-label="Vulnerability"><a href="${links.vulnerability(row.vulnerability)}">${row.vulnerability}</a></th>
<td data-label="Line"><a href="${links.line(row.line)}">${row.line}</a></td>
<td data-label="Fix">${row.fixes.join(', ') || '–'}${row.standing === 'missed' && row.reason.text !== shownAs.missed.means ? html` <span class="packages">${row.reason.text}</span>` : ''}</td>
<td data-label="Confirmed clean">${row.clock.t1 === null ? '–' : time(row.clock.t1)}</td>
</tr>`,
)}
</tbody></table>`;
}

/** Fixed widths, so that the tables of a page stand under each other. */
function columns(names: readonly string[]): Html {
  return html`<colgroup>${names.map((name) => html`<col class="c-${name}">`)}</colgroup>`;
}

/** The sum must close: exclusions stand in the open, outside the percentage. */
function population({ summary }: BoardView): Html {
  return html`<section id="population" aria-labelledby="h-population"><h2 id="h-population">Everything that was ever matched <span class="count">${summary.population}</span></h2>
<dl class="population">
${standings.map(
  (standing) =>
    html`<div><dt>${status(standing)}</dt><dd>${summary.counts[standing] ?? 0}</dd><dd class="means">${shownAs[standing].means}</dd></div>`,
)}
</dl>
<p class="under">Met, missed and overdue make the percentage; overdue counts as missed. The rest stands outside it.</p></section>`;
}
