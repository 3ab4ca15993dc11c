import { html } from 'hono/html';
import type { CodeView } from '../../views/code.ts';
import type { Html } from './parts.ts';

/** An error code explained. */
export function codePage(view: CodeView): Html {
  return html`<header class="title"><h1>${view.code}</h1><p class="summary">${view.title}</p></header>
<p>${view.doNext}</p>
<p class="under">Exit code ${view.exitCode}: ${view.exitMeans}.</p>`;
}
