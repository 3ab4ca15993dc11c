import { html } from 'hono/html';
import type { VerdictRow } from '../../views/verdicts.ts';
import type { Html, Links } from './parts.ts';

/** Verdicts with their reasons; nothing where there are none. */
export function verdictList(
  rows: readonly VerdictRow[],
  { title, links }: { readonly title: string; readonly links: Links },
): Html {
  if (rows.length === 0) return html``;
  return html`<section aria-labelledby="h-verdicts"><h2 id="h-verdicts">${title} <span class="count">${rows.length}</span></h2>
<ul class="verdicts">${rows.slice(0, ROWS_MAX).map((row) => verdictItem(row, links))}</ul>
${rows.length > ROWS_MAX ? html`<p class="faint">and ${rows.length - ROWS_MAX} more</p>` : ''}</section>`;
}

const ROWS_MAX = 100;

function verdictItem(row: VerdictRow, links: Links): Html {
  const { verdict, line, architectures, component, words, id, source, fixedIn } = row;
  return html`<li class="claim"><b class="${verdict === 'indeterminate' ? 'person' : ''}">${WORDS[verdict]}</b> <a href="${links.vulnerability(id)}">${id}</a> in <a href="${links.line(line)}">${line}</a> (${architectures.join(', ')}): <code>${component}</code>${row.package === '' ? '' : html` in ${row.package}`}
<p class="faint">${words}${fixedIn === null ? '' : `; fixed in ${fixedIn}`} (${source})</p></li>`;
}

const WORDS = { affected: 'affected', indeterminate: 'to be looked at', 'not-affected': 'not affected' } as const;
