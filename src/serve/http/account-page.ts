import { html } from 'hono/html';
import type { Account } from '../../views/account.ts';
import { isOpen } from '../../core/promise/standing.ts';
import { endedTable, openTable } from './board-page.ts';
import type { Html, Links } from './parts.ts';
import { exactTime } from './parts.ts';
import { pointList } from './point-list.ts';

const ROWS_SHOWN = 200;

/** A fact, a figure or an upstream in full. */
export function accountPage(view: Account, links: Links): Html {
  const shown = view.rows.slice(0, ROWS_SHOWN);
  const [open, ended] = [shown.filter((row) => isOpen(row.standing)), shown.filter((row) => !isOpen(row.standing))];
  return html`<header class="title"><h1>${view.title}</h1><p class="summary">${view.about}</p></header>
${view.why === null ? '' : html`<p class="why">${view.why.who === 'person' ? html`<b class="person">A person:</b> ` : ''}${view.why.text}</p>`}
${view.points.length === 0 ? '' : pointList(view.points)}
${open.length === 0 ? '' : html`<section aria-labelledby="h-open"><h2 id="h-open">Open <span class="count">${open.length}</span></h2>${openTable(open, links, 'Open')}</section>`}
${ended.length === 0 ? '' : html`<section aria-labelledby="h-ended"><h2 id="h-ended">Ended <span class="count">${ended.length}</span></h2>${endedTable(ended, links)}</section>`}
${view.count > shown.length ? html`<p class="more">${view.count - shown.length} more: the JSON of this page and <code>suture explain --json</code> give all.</p>` : ''}
${
  view.events.length === 0
    ? ''
    : html`<section aria-labelledby="h-facts"><h2 id="h-facts">Facts</h2><ol class="events">${view.events.map(
        ({ recordedAt, words, seq, fact }) =>
          html`<li class="plain">${exactTime(recordedAt)}<span class="what">${words}</span><span class="fact"><a href="${links.explain(`#${seq}`)}">fact ${seq}</a> <code title="${fact}">${fact.slice(0, 12)}</code></span></li>`,
      )}</ol></section>`
}`;
}
