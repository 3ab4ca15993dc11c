import { html } from 'hono/html';
import type { Exclusions } from '../../views/report/exclusions.ts';
import { lastDayOf } from '../../views/row.ts';
import { shownAs } from '../../views/shown.ts';
import type { Html } from './parts.ts';
import { status } from './parts.ts';

/** Waivers and statements, each with how many it took out, and the counts of all that is in no denominator. */
export function exclusionsPart(exclusions: Exclusions): Html {
  const { waivers, statements } = exclusions;
  const named = (all: readonly { readonly vulnerability: string; readonly line: string }[]): string =>
    all.map(({ vulnerability, line }) => `${vulnerability} in ${line}`).join(', ');
  return html`${
    waivers.length === 0
      ? html`<p class="empty">No agreed exclusion took anything out.</p>`
      : html`<div class="scroll" tabindex="0" role="group" aria-label="Agreed exclusions"><table class="facts"><caption class="hidden">Agreed exclusions</caption>
<thead><tr><th scope="col">Took out</th><th scope="col">Approved by</th><th scope="col">Until</th><th scope="col">Reason</th><th scope="col">Which</th></tr></thead>
<tbody>${waivers.map((each) => html`<tr data-row="waiver by ${each.approver}: ${each.reason}"><td>${each.removed}</td><th scope="row">${each.approver}</th><td>${lastDayOf(each.until)}</td><td>${each.reason}</td><td>${named(each.obligations)}</td></tr>`)}</tbody></table></div>`
  }
${
  statements.length === 0
    ? ''
    : html`<div class="scroll" tabindex="0" role="group" aria-label="Statements of not affected"><table class="facts"><caption class="hidden">Statements of not affected</caption>
<thead><tr><th scope="col">Took out</th><th scope="col">Says</th><th scope="col">Not affected because</th><th scope="col">Impact</th><th scope="col">Which</th></tr></thead>
<tbody>${statements.map((each) => html`<tr data-row="statement by ${each.author}: ${each.justification}"><td>${each.removed}</td><th scope="row">${each.author}</th><td>${each.justification}</td><td>${each.impact}</td><td>${named(each.obligations)}</td></tr>`)}</tbody></table></div>`
}
<dl class="population">${exclusions.outside.map(({ standing, count }) => html`<div data-row="count of ${shownAs[standing].word}"><dt>${status(standing)}</dt><dd>${count}</dd><dd class="means">${shownAs[standing].means}</dd></div>`)}</dl>`;
}
