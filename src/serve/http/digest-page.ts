import { html } from 'hono/html';
import type { DigestInLine, DigestView } from '../../views/digest.ts';
import { endedTable, openTable } from './board-page.ts';
import type { Html, Links } from './parts.ts';
import { sign, time } from './parts.ts';

/** For people who run a digest: what is it, is it current, which fixes do they miss? */
export function digestPage(view: DigestView, links: Links): Html {
  return html`<header class="title">
<h1><code>${view.digest}</code></h1>
${view.lines.length === 1 ? '' : html`<p class="under">${view.lines.length} lines share it: ${view.lines.map(({ line }, place) => html`${place === 0 ? '' : ', '}<a href="#in-${place}">${line}</a>`)}</p>`}
</header>
${view.lines.map((one, place) => inLine(one, place, links))}`;
}

/** What it is to one of the lines that serve or served it. */
function inLine(view: DigestInLine, place: number, links: Links): Html {
  return html`<p class="under" id="in-${place}"><a href="${links.line(view.line)}">${view.line}</a>${view.architectures.length > 0 ? ` for ${view.architectures.join(' and ')}` : ''} · ${view.publishedAt === null ? 'never published' : html`published ${time(view.publishedAt)}`}${view.reason === null ? '' : html` · ${view.reason}`}</p>
<p class="answer ${view.current ? 'met' : 'at-risk'}">${sign(view.current ? 'met' : 'at-risk')} ${
    view.current
      ? 'This is the current digest.'
      : html`${view.behind === 0 ? 'Not the current digest' : `${view.behind} behind`}; you miss ${view.missedFixes.length} ${view.missedFixes.length === 1 ? 'fix' : 'fixes'}.${view.newest === null ? '' : html` Pull <a href="${links.digest(view.newest)}"><code>${view.newest}</code></a>`}`
  }</p>
${view.withdrawn === null ? '' : html`<p class="answer overdue">${sign('overdue')} Withdrawn: ${view.withdrawn}</p>`}
<section aria-labelledby="h-missed-${place}"><h2 id="h-missed-${place}">Fixes that it lacks <span class="count">${view.missedFixes.length}</span></h2>
${view.missedFixes.length === 0 ? html`<p class="empty">None: nothing that it holds is fixed in a later digest.</p>` : endedTable(view.missedFixes, links)}</section>
<section aria-labelledby="h-open-${place}"><h2 id="h-open-${place}">Open in it and in the newest <span class="count">${view.stillOpen.length}</span></h2>
${view.stillOpen.length === 0 ? html`<p class="empty">Nothing is open.</p>` : openTable(view.stillOpen, links, 'Still open')}</section>
<section aria-labelledby="h-packages-${place}"><h2 id="h-packages-${place}">Packages <span class="count">${view.packages.length}</span></h2>
<ul class="packages-list">${view.packages.map((each) => html`<li><code>${each}</code></li>`)}</ul></section>`;
}
