import { spellOrigin } from '../../views/package-origins.ts';
import { html } from 'hono/html';
import type { LineView, PublishedDigest } from '../../views/line.ts';
import { spellChanges } from '../../views/packages.ts';
import { endedTable, openTable } from './board-page.ts';
import type { Html, Links } from './parts.ts';
import { exactTime, shortDigest, time } from './parts.ts';
import { pointList } from './point-list.ts';
import { verdictList } from './verdict-list.ts';

/** Is this line safe to pull now, and what changed? */
export function linePage(view: LineView, links: Links): Html {
  const overdue = view.open.filter((row) => row.standing === 'overdue').length;
  return html`<header class="title">
<h1>${view.line}</h1>
<p class="under">${view.open.length} open${overdue > 0 ? html`, <b class="person">${overdue} overdue</b>` : ''} · ${view.ended.length} ended · ${view.packages.length} packages${view.declared === null ? ' · not in the catalog any more' : html` · <code>${view.declared.file}</code>${view.declared.supportUntil === null ? '' : ` · supported until ${view.declared.supportUntil}`}`}</p>
</header>
<section aria-labelledby="h-current"><h2 id="h-current">Pull this</h2>
${
  view.current.length === 0
    ? html`<p class="empty">Nothing is published and confirmed yet.</p>`
    : html`<dl class="digests">${view.current.map(
        ({ architecture, digest, confirmedAt }) =>
          html`<div><dt>${architecture}</dt><dd><a href="${links.digest(digest)}"><code>${digest}</code></a></dd><dd class="means">pulled back and judged ${time(confirmedAt)}</dd></div>`,
      )}</dl>`
}
${view.bounds.map(({ text, note, at }) => html`<p class="claim">Held back: <code>${text}</code> at <code>${at}</code>${note === null ? '' : html`: “${note}”`}</p>`)}
</section>
${view.life.length === 0 ? '' : html`<section aria-labelledby="h-life"><h2 id="h-life">Signs of life</h2>${pointList(view.life)}</section>`}
<section aria-labelledby="h-open"><h2 id="h-open">Open <span class="count">${view.open.length}</span></h2>
${view.open.length === 0 ? html`<p class="empty">Nothing is open.</p>` : openTable(view.open, links, 'Open')}</section>
${verdictList(view.toBeLookedAt, { title: 'To be looked at', links })}
${view.ended.length === 0 ? '' : html`<section aria-labelledby="h-ended"><h2 id="h-ended">Ended <span class="count">${view.ended.length}</span></h2>${endedTable(view.ended, links)}</section>`}
<section aria-labelledby="h-digests"><h2 id="h-digests">Digests, newest first</h2>
${view.digests.length === 0 ? html`<p class="empty">Nothing was published yet.</p>` : html`<ol class="history">${view.digests.map((each) => digestItem(each, links))}</ol>`}</section>
<section aria-labelledby="h-packages"><h2 id="h-packages">Packages <span class="count">${view.packages.length}</span></h2>
<ul class="packages-list">${view.packages.map((each) => packageItem(each, view))}</ul></section>`;
}

/** With where it came from and how it differs from upstream's, where the ledger knows. */
function packageItem(text: string, { origins }: LineView): Html {
  const origin = origins.find(({ name, version }) => `${name}=${version}` === text);
  return html`<li><code>${text}</code>${origin === undefined ? '' : html` <span class="faint">${spellOrigin(origin)}</span>`}</li>`;
}

function digestItem(each: PublishedDigest, links: Links): Html {
  const fixes =
    each.fixes.length === 0
      ? html`fixes nothing`
      : html`fixes ${each.fixes.map((id, index) => html`${index > 0 ? ', ' : ''}<a href="${links.vulnerability(id)}">${id}</a>`)}`;
  return html`<li class="${each.current ? 'current' : ''}">
<a href="${links.digest(each.digest)}">${shortDigest(each.digest)}</a> ${exactTime(each.publishedAt)} ${each.current ? html`<b>current</b>` : ''}
<p>${spellChanges(each.changes)} · ${fixes}</p>
<p class="faint">${each.reason}${each.confirmedAt === null ? ' · not confirmed for every architecture yet' : ''}${each.withdrawn === null ? '' : html` · <b class="person">withdrawn: ${each.withdrawn}</b>`}</p></li>`;
}
