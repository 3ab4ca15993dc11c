import { html } from 'hono/html';
import type { Html, Links } from './parts.ts';
import { exactTime, shapes } from './parts.ts';

export interface Frame {
  readonly title: string;
  readonly notice: string | null;
  readonly now: Temporal.Instant;
  readonly asOf: Temporal.Instant | null;
  readonly links: Links;
  readonly catalog: string | null;
  /** Address of the same page as JSON; null where there is none. */
  readonly twin: string | null;
  readonly here: 'board' | 'promise' | 'report' | null;
}

/** The page around a page: readable without scripts, in light, dark, print and on a phone. */
export function layout(frame: Frame, body: Html): Html {
  const { links } = frame;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${frame.title} · Suture</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/mark.svg" type="image/svg+xml">
${frame.twin === null ? '' : html`<link rel="alternate" type="application/json" href="${frame.twin}">`}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${shapes}
<header class="top">
<a class="mark" href="${links.board}">Suture</a>
${frame.catalog === null ? '' : html`<span class="catalog">${frame.catalog}</span>`}
<nav aria-label="Pages">
<a href="${links.board}" ${frame.here === 'board' ? html`aria-current="page"` : ''}>Board</a>
<a href="${links.report}" ${frame.here === 'report' ? html`aria-current="page"` : ''}>Report</a>
<a href="${links.promise}" ${frame.here === 'promise' ? html`aria-current="page"` : ''}>The promise</a>
</nav>
<form class="find" action="/find" role="search">
<label for="find">Look up</label>
<input id="find" name="id" type="search" placeholder="CVE, line, recipe, #fact …" autocomplete="off" spellcheck="false" required maxlength="300">
${frame.asOf === null ? '' : html`<input type="hidden" name="as-of" value="${frame.asOf.toString()}">`}
<button>Go</button>
</form>
</header>
${frame.notice === null ? '' : html`<aside class="notice made-up" aria-label="About this world">${frame.notice}</aside>`}
${frame.asOf === null ? '' : html`<aside class="notice past" aria-label="About this moment">As recorded up to ${exactTime(frame.asOf)}. <a href="/">Back to now</a></aside>`}
<main id="main" tabindex="-1">
${body}
</main>
<footer>
<hr class="suture">
<p>${frame.asOf === null ? 'Now' : 'As of'} ${exactTime(frame.now)}. All times are UTC, hours are calendar hours.
${frame.twin === null ? '' : html`<a href="${frame.twin}">This page as JSON</a>`}</p>
<form class="as-of" action=""><label for="as-of">Show as of</label>
<input id="as-of" name="as-of" placeholder="2026-08-01T12:00:00Z" autocomplete="off" spellcheck="false" required maxlength="40" value="${frame.asOf?.toString() ?? ''}">
<button>Show</button></form>
</footer>
</body>
</html>`;
}
