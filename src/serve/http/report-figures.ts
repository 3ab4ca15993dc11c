import { html } from 'hono/html';
import { spell } from '../../views/durations.ts';
import type { FixTimes } from '../../views/report/fix-times.ts';
import { quantileWords, stagesNote } from '../../views/report/report-words.ts';
import type { StageTime } from '../../views/report/stages.ts';
import type { Html } from './parts.ts';

const WIDTH = 600;
const HEIGHT = 150;
/** What the drawing shows: fourteen days, and a little more. */
const SECONDS_MAX = 15 * 86_400;
const MARKS = [
  { seconds: 86_400, words: '24 h' },
  { seconds: 172_800, words: '48 h' },
  { seconds: 604_800, words: '7 d' },
  { seconds: 1_209_600, words: '14 d' },
];

/** The share that is still open after some time, as a step curve, and the same as a table. */
export function fixTimesFigure(fixTimes: readonly FixTimes[]): Html {
  const drawn = fixTimes.filter(({ about, survival }) => about !== 'all' && survival.count > 0);
  return html`${
    drawn.length === 0
      ? ''
      : html`<figure class="curve"><figcaption>Share still open after the release</figcaption>
<svg viewBox="-44 -8 ${WIDTH + 80} ${HEIGHT + 30}" role="img" aria-label="Share still open by time; the table below has the figures">
${[0, 0.5, 1].map((open) => html`<path class="tick" d="M0 ${y(open)}H${WIDTH}"/><text class="share" x="-6" y="${y(open) + 4}">${open * 100} %</text>`)}
${MARKS.map(({ seconds, words }) => html`<path class="mark" d="M${x(seconds)} 0V${HEIGHT}"/><text x="${x(seconds)}" y="${HEIGHT + 16}">${words}</text>`)}
${drawn.map((each) => html`<path class="steps ${each.about === 'critical and high' ? 'fast' : 'slow'}" d="${pathOf(each)}"/>`)}
</svg>
<p class="legend">${drawn.map(({ about }) => html`<span class="${about === 'critical and high' ? 'fast' : 'slow'}">${about}</span>`)}</p></figure>`
  }
<div class="scroll" tabindex="0" role="group" aria-label="Time to fix"><table class="facts"><caption class="hidden">Time to fix</caption>
<thead><tr><th scope="col">Severity</th><th scope="col">Fixed</th><th scope="col">Not yet</th><th scope="col">A quarter by</th><th scope="col">Half by</th><th scope="col">Three quarters by</th>${MARKS.map(({ words }) => html`<th scope="col">Open at ${words}</th>`)}</tr></thead>
<tbody>${fixTimes.map(
    ({ about, survival: { ended, censored, quartiles }, atRisk }) =>
      html`<tr data-row="time to fix, ${about}"><th scope="row">${about}</th><td>${ended}</td><td>${censored}</td>${[quartiles.q1, quartiles.median, quartiles.q3].map((each) => html`<td>${quantileWords(each)}</td>`)}${atRisk.map(({ count }) => html`<td>${count}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

/** The first hours are what matters: the axis is the square root of time. */
function x(seconds: number): number {
  return Math.round(10 * WIDTH * Math.sqrt(Math.min(seconds, SECONDS_MAX) / SECONDS_MAX)) / 10;
}

function y(open: number): number {
  return Math.round(10 * (HEIGHT - open * HEIGHT)) / 10;
}

/** A few hundred steps at most are drawn; more cannot be told apart. */
const STEPS_MAX = 300;

function pathOf({ survival: { steps, longestSeconds } }: FixTimes): string {
  const every = Math.ceil(steps.length / STEPS_MAX);
  const shown = steps.filter(
    (step, index) => step.seconds <= SECONDS_MAX && (index % every === 0 || index === steps.length - 1),
  );
  return `M0 ${y(1)}${shown.map(({ seconds, open }) => `H${x(seconds)}V${y(open)}`).join('')}H${x(longestSeconds)}`;
}

/** Each stage with its median, drawn to scale, and how long it took for nine of ten. */
export function stagesFigure(stages: readonly StageTime[]): Html {
  const longest = Math.max(1, ...stages.map(({ p90Seconds }) => p90Seconds ?? 0));
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Stages"><table class="facts stages"><caption class="hidden">Where the time went</caption>
<thead><tr><th scope="col">Stage</th><th scope="col">Median</th><th scope="col">Nine of ten</th><th scope="col">Rows</th><th scope="col">Median, to scale</th></tr></thead>
<tbody>${stages.map(
    ({
      stage,
      count,
      medianSeconds,
      p90Seconds,
    }) => html`<tr data-row="stage ${stage}"><th scope="row">${stage} <span class="packages">${means[stage]}</span></th>
<td>${medianSeconds === null ? html`<span class="none">no fact tells</span>` : spell(medianSeconds)}</td><td>${p90Seconds === null ? '' : spell(p90Seconds)}</td><td>${count}</td>
<td>${medianSeconds === null ? '' : html`<svg class="bar" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true"><path class="whole" d="M0 5H${width(p90Seconds ?? 0, longest)}"/><path class="half" d="M0 5H${width(medianSeconds, longest)}"/></svg>`}</td></tr>`,
  )}</tbody></table></div><p class="under">${stagesNote}</p>`;
}

function width(seconds: number, longest: number): number {
  return Math.round((2000 * seconds) / longest) / 10;
}

const means: Readonly<Record<StageTime['stage'], string>> = {
  look: 'until we saw the release',
  match: 'until record and bytes were both known',
  person: 'until a person decided',
  decide: 'until the build began',
  build: 'built and tested everywhere',
  test: 'composed, and verified by every gate',
  publish: 'until pulled bytes were clean',
};
