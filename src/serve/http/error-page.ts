import { html } from 'hono/html';
import type { Html } from './parts.ts';

export interface ErrorView {
  readonly status: 400 | 404 | 500 | 503;
  readonly title: string;
  readonly detail: string;
  readonly code: string | null;
}

/** Wrong address, wrong question, or a fault of ours, in the same style as every page. */
export function errorPage(view: ErrorView): Html {
  return html`<header class="title">
<h1>${view.title}</h1>
<p class="under">${view.status}${view.code === null ? '' : html` · <code>${view.code}</code>, <code>suture explain ${view.code}</code>`}</p>
</header>
<p class="summary">${view.detail}</p>
<p><a href="/">To the board</a></p>`;
}
