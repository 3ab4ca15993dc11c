import { html } from 'hono/html';
import type { Lane, VulnerabilityView } from '../../views/vulnerability.ts';
import type { Html } from './parts.ts';

const WIDTH = 1000;
const MIDDLE = 20;

/**
 * One lane as a seam: the cut runs over the whole time, the promised window is shaded, stitches close it from the
 * start to the end (or now), and an upright stroke is the deadline. Strokes keep their width at any size.
 */
export function seam(lane: Lane, span: NonNullable<VulnerabilityView['span']>, now: Temporal.Instant): Html {
  const { t0, due, t1 } = lane.clock;
  if (t0 === null) return html``;
  const x = (instant: Temporal.Instant): number => position(instant, span);
  const [start, end] = [x(t0), x(t1 ?? now)];
  const deadline = due === null ? null : x(due);
  return html`<svg class="seam ${lane.shown}" viewBox="0 0 ${WIDTH} 40" preserveAspectRatio="none" role="img" aria-label="${describe(lane)}">
${deadline === null ? '' : html`<rect class="window" x="${start}" y="8" width="${Math.max(0, deadline - start)}" height="24"/>`}
<path class="cut" d="M0 ${MIDDLE}H${WIDTH}"/>
<path class="thread" d="M${start} ${MIDDLE}H${Math.max(start, end)}"/>
<path class="knot" d="M${start} ${MIDDLE}h0"/>
${t1 === null ? '' : html`<path class="knot" d="M${end} ${MIDDLE}h0"/>`}
${deadline === null ? '' : html`<path class="deadline" d="M${deadline} 3V37"/>`}
</svg>`;
}

function position(instant: Temporal.Instant, { from, to }: NonNullable<VulnerabilityView['span']>): number {
  const total = to.epochMilliseconds - from.epochMilliseconds;
  const share = total === 0 ? 0 : (instant.epochMilliseconds - from.epochMilliseconds) / total;
  return Math.round(Math.min(1, Math.max(0, share)) * (WIDTH - 12)) + 6;
}

function describe({ line, clock, time }: Lane): string {
  const parts = [`${line}: clock started ${clock.t0?.toString() ?? 'never'}`];
  if (clock.due !== null) parts.push(`deadline ${clock.due.toString()}`);
  parts.push(clock.t1 === null ? `open, ${time}` : `ended ${clock.t1.toString()}, ${time}`);
  return parts.join('; ');
}
