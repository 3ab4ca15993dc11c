import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Row } from '../../views/row.ts';
import type { Shown } from '../../views/shown.ts';
import { shownAs } from '../../views/shown.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Shape and word together; the class brings the colour. */
export function status(shown: Shown): Html {
  return html`<span class="status ${shown}">${sign(shown)}${shownAs[shown].word}</span>`;
}

/** The shape alone, for where the word stands beside it. */
export function sign(shown: Shown): Html {
  return html`<svg class="sign ${shown}" aria-hidden="true" viewBox="0 0 16 16"><use href="#s-${shape[shown]}"/></svg>`;
}

const shape: Readonly<Record<Shown, string>> = {
  overdue: 'diamond',
  'at-risk': 'triangle',
  'on-track': 'disc',
  waiting: 'ring',
  met: 'check',
  'fixed-early': 'check',
  missed: 'cross',
  'not-affected': 'dash',
  void: 'dash',
  excluded: 'hatch',
  'not-covered': 'frame',
};

/** The shapes, once on each page. */
export const shapes = raw(
  `<svg class="shapes" aria-hidden="true" width="0" height="0"><defs>
<symbol id="s-diamond" viewBox="0 0 16 16"><path d="M8 .8 15.2 8 8 15.2.8 8z" fill="currentColor"/></symbol>
<symbol id="s-triangle" viewBox="0 0 16 16"><path d="M8 1.5 15.4 14.5H.6z" fill="currentColor"/></symbol>
<symbol id="s-disc" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="currentColor"/></symbol>
<symbol id="s-ring" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.4" fill="none" stroke="currentColor" stroke-width="1.8"/></symbol>
<symbol id="s-check" viewBox="0 0 16 16"><path d="M2 8.6 6.2 13 14 3.4" fill="none" stroke="currentColor" stroke-width="2.4"/></symbol>
<symbol id="s-cross" viewBox="0 0 16 16"><path d="m3 3 10 10M13 3 3 13" fill="none" stroke="currentColor" stroke-width="2.4"/></symbol>
<symbol id="s-dash" viewBox="0 0 16 16"><path d="M3 8h10" stroke="currentColor" stroke-width="2.2"/></symbol>
<symbol id="s-hatch" viewBox="0 0 16 16"><path d="M2.5 2.5h11v11h-11zM2.5 9 9 2.5M2.5 13.5l11-11M7 13.5 13.5 7" fill="none" stroke="currentColor" stroke-width="1.4"/></symbol>
<symbol id="s-frame" viewBox="0 0 16 16"><path d="M2.5 4.5h11v7h-11z" fill="none" stroke="currentColor" stroke-width="1.4"/></symbol>
</defs></svg>`,
);

/** "2026-08-02 11:30 UTC", exact to the second for machines and on hover. */
export function time(instant: Temporal.Instant): Html {
  const exact = instant.toString({ smallestUnit: 'second' });
  return html`<time datetime="${exact}" title="${exact}">${exact.slice(0, 16).replace('T', ' ')}<span class="zone"> UTC</span></time>`;
}

/** With seconds, where they are evidence. */
export function exactTime(instant: Temporal.Instant): Html {
  const exact = instant.toString({ smallestUnit: 'second' });
  return html`<time datetime="${exact}">${exact.replace('T', ' ')}</time>`;
}

/** How much of the time is used, as a seam that is sewn so far. */
export function used(row: Row): Html {
  if (row.usedShare === null) return html`<span class="none">–</span>`;
  const percent = Math.floor(row.usedShare * 100);
  return html`<span class="used ${row.shown}"><meter min="0" max="100" value="${percent}" aria-label="time used">${percent} %</meter><span>${percent} %</span></span>`;
}

export function severity(level: string, exploited: boolean): Html {
  return html`<span class="severity ${level}">${level}</span>${exploited ? html` <span class="exploited">exploited</span>` : ''}`;
}

/** Links keep the instant that is looked at. */
export type Links = ReturnType<typeof links>;

export function links(asOf: Temporal.Instant | null) {
  const query = asOf === null ? '' : `?as-of=${encodeURIComponent(asOf.toString())}`;
  return {
    board: `/${query}`,
    promise: `/promise${query}`,
    report: `/report/last-90d${query}`,
    vulnerability: (id: string) => `/v/${encodeURIComponent(id)}${query}`,
    line: (line: string) => `/lines/${encodeURIComponent(line)}${query}`,
    explain: (id: string) => `/explain/${encodeURIComponent(id)}${query}`,
    digest: (digest: string) => `/digests/${encodeURIComponent(digest)}${query}`,
  };
}

/** The first digits of a digest, whole on hover and for copying. */
export function shortDigest(digest: string): Html {
  return html`<code title="${digest}">${digest.slice(0, 19)}…</code>`;
}
