import { html } from 'hono/html';
import type { ReportRow } from '../../views/report/report-row.ts';
import type { Html } from './parts.ts';
import { exactTime, severity, status } from './parts.ts';
import type { ReportLinks } from './report-page.ts';

/** Rows with both clocks; each names itself, so that whoever checks the page can say which one does not hold. */
export function reportTable(
  rows: readonly ReportRow[],
  links: ReportLinks,
  { caption, why }: { readonly caption: string; readonly why: boolean },
): Html {
  return html`<table class="rows report-rows"><caption class="hidden">${caption}</caption>
<thead><tr><th scope="col">State</th><th scope="col">Severity</th><th scope="col">Vulnerability</th><th scope="col">Line</th><th scope="col">Margin</th><th scope="col">Start</th><th scope="col">Deadline</th><th scope="col">Stop</th>${why ? html`<th scope="col">Where the hours went</th>` : html`<th scope="col">Row</th>`}</tr></thead>
<tbody>
${rows.map((row) => tableRow(row, links, why))}
</tbody></table>`;
}

function tableRow(row: ReportRow, links: ReportLinks, why: boolean): Html {
  const { clock, clocks } = row;
  const known = clocks.releaseAndKnown;
  const differs = clock.t0 !== null && known.t0 !== null && !clock.t0.equals(known.t0);
  return html`<tr class="${row.standing}" data-row="${row.vulnerability} in ${row.line}">
<td data-label="State">${status(row.standing)}</td>
<td data-label="Severity">${severity(row.severity, row.exploited)}</td>
<th scope="row" data-label="Vulnerability">${links === null ? row.vulnerability : html`<a href="${links.vulnerability(row.vulnerability)}">${row.vulnerability}</a>`}</th>
<td data-label="Line">${links === null ? row.line : html`<a href="${links.line(row.line)}">${row.line}</a>`}</td>
<td data-label="Margin" class="time">${row.time}</td>
<td data-label="Start">${instant(clock.t0)}${differs && known.t0 !== null ? html` <span class="packages">known ${exactTime(known.t0)}</span>` : ''}</td>
<td data-label="Deadline">${instant(clock.due)}</td>
<td data-label="Stop">${instant(clock.t1)}</td>
${why ? html`<td data-label="Hours" class="why">${row.cause ?? ''}</td>` : html`<td data-label="Row"><code title="${row.id}">${row.id.slice(0, 12)}</code></td>`}
</tr>`;
}

function instant(at: Temporal.Instant | null): Html {
  return at === null ? html`<span class="none">–</span>` : exactTime(at);
}
