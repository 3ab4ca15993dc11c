import { html } from 'hono/html';
import type { Point } from '../../views/account.ts';
import type { Html } from './parts.ts';
import { exactTime } from './parts.ts';

/** Labelled points, each with its instant where it has one. */
export function pointList(points: readonly Point[]): Html {
  return html`<dl class="points">${points.map(
    ({ label, text, at }) =>
      html`<dt>${label}</dt><dd>${text}${at === null ? '' : html` <span class="at">${exactTime(at)}</span>`}</dd>`,
  )}</dl>`;
}
