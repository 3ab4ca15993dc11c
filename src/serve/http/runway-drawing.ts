import { html } from 'hono/html';
import type { RunwayColumn } from '../../views/runway.ts';
import type { Html } from './parts.ts';

const STEP = 30;
const HEIGHT = 46;

/** The due runway: one column of stitches for each stretch of time, on a seam that begins now. */
export function runwayDrawing(columns: readonly RunwayColumn[]): Html {
  const most = Math.max(1, ...columns.map(({ atRisk, onTrack }) => atRisk + onTrack));
  const total = columns.reduce((sum, { atRisk, onTrack }) => sum + atRisk + onTrack, 0);
  const width = columns.length * STEP;
  const high = (count: number): number => (count === 0 ? 0 : Math.max(5, (count / most) * (HEIGHT - 10)));
  return html`<figure class="runway">
<figcaption>When it is due</figcaption>
<svg viewBox="0 0 ${width} ${HEIGHT + 16}" role="img" aria-label="${words(columns, total)}">
<path class="cut" d="M0 ${HEIGHT}H${width}"/>
${columns.map(({ until, atRisk, onTrack }, index) => {
  const x = index * STEP + STEP / 2;
  const [risk, calm] = [high(atRisk), high(onTrack)];
  return html`<path class="tick" d="M${x - 2} ${HEIGHT + 4}l4-8"/>
${onTrack === 0 ? '' : html`<path class="column on-track" d="M${x} ${HEIGHT - 3}v${-calm}"><title>${onTrack} due within ${until}</title></path>`}
${atRisk === 0 ? '' : html`<path class="column at-risk" d="M${x} ${HEIGHT - 3 - calm}v${-risk}"><title>${atRisk} at risk within ${until}</title></path>`}
${index % 3 === 2 ? html`<text x="${x}" y="${HEIGHT + 15}">${until}</text>` : ''}`;
})}
</svg></figure>`;
}

function words(columns: readonly RunwayColumn[], total: number): string {
  const parts = columns
    .filter(({ atRisk, onTrack }) => atRisk + onTrack > 0)
    .map(({ until, atRisk, onTrack }) => `${atRisk + onTrack} within ${until}`);
  return total === 0 ? 'Nothing is due.' : `Due from now: ${parts.join(', ')}.`;
}
