import { html } from 'hono/html';
import type { AdvisoryView } from '../../views/advisory.ts';
import type { Html, Links } from './parts.ts';
import { severity } from './parts.ts';
import { verdictList } from './verdict-list.ts';

/** A vulnerability that no line is held to, and why. */
export function advisoryPage(view: AdvisoryView, links: Links): Html {
  return html`<header class="title">
<h1>${view.id}</h1>
<p class="under">${severity(view.ratings.level, false)} <span class="by">${view.ratings.why}</span>${view.aliases.length === 0 ? '' : html` · also ${view.aliases.join(', ')}`}</p>
${view.summary === '' ? '' : html`<p class="summary">${view.summary}</p>`}
</header>
<p>No line is held to it.</p>
${verdictList(view.verdicts, { title: 'What the records say of what is served now', links })}`;
}
