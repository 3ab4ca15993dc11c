import type { Alarm } from '../../views/alarms.ts';
import type { BoardGroup, BoardView } from '../../views/board.ts';
import { secondsBetween, spell } from '../../views/durations.ts';
import { forecastWords } from '../../views/forecast.ts';
import type { Row } from '../../views/row.ts';
import { shownAs } from '../../views/shown.ts';
import { clean, left, minute, right, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { paintShown } from './paint.ts';

/** The board for a terminal of 80 columns: state first, time left second, vulnerability third. */
export function statusText(view: BoardView, { paint, columns }: { paint: Paint; columns: number }): string {
  const lines = [head(view)];
  if (view.promise !== null) lines.push(paint.dim(`promise: ${view.promise}`));
  if (view.notice !== null) lines.push(paint.yellow(view.notice));
  for (const alarm of view.alarms) lines.push('', ...alarmText(alarm, paint, columns));
  lines.push('');
  for (const group of view.groups) lines.push(...groupText(group, paint, columns));
  if (view.ended.length > 0) {
    lines.push(paint.bold(' ENDED'), ...view.ended.map((row) => endedText(row, paint)));
  }
  lines.push('', ...waiversText(view, columns), ` ${paint.bold(view.summary.words)}`);
  if (view.next !== null) lines.push('', `next: ${view.next}`);
  return `${lines.join('\n')}\n`;
}

function head(view: BoardView): string {
  const age = view.dataAsOf === null ? null : secondsBetween(view.dataAsOf, view.now);
  return [
    view.catalog ?? 'no catalog',
    ...(view.lines === null ? [] : [`${view.lines} ${view.lines === 1 ? 'line' : 'lines'}`]),
    age === null ? 'no data yet' : age < 60 ? 'data is fresh' : `data ${spell(age)} old`,
    minute(view.now),
  ]
    .map(clean)
    .join(' · ');
}

function alarmText({ text, hint }: Alarm, paint: Paint, columns: number): readonly string[] {
  const [first = '', ...rest] = wrap(text, '   ', columns).split('\n');
  return [
    paint.yellow(` ▲ ${first.trimStart()}`),
    ...rest.map((line) => paint.yellow(line)),
    paint.dim(`   try: ${hint}`),
  ];
}

/** What is outside the percentage stands above it. */
function waiversText({ waivers, summary }: BoardView, columns: number): readonly string[] {
  const excluded = summary.counts.excluded ?? 0;
  if (excluded === 0) return [];
  return [
    ` ${excluded} excluded by waivers, outside the percentage`,
    ...waivers.flatMap(({ row, approver, reason, lastDay, afterwards }) => [
      `  ${shownAs.excluded.sign} ${left(row.severity, 8)} until ${lastDay}, then ${afterwards}  ${clean(row.vulnerability)}  ${clean(row.line)}`,
      wrap(`${approver}: ${reason}`, '      ', columns),
    ]),
    '',
  ];
}

function groupText(group: BoardGroup, paint: Paint, columns: number): readonly string[] {
  const word = shownAs[group.standing].word.toUpperCase();
  const atRisk = group.atRisk > 0 ? ` (${group.atRisk} at risk)` : '';
  const note = group.standing === 'waiting' && group.count > 0 ? '   no upstream fix; clock not started' : '';
  const more = group.count - group.rows.length;
  return [
    `${paint.bold(` ${left(word, 9)}`)} ${group.count}${atRisk}${paint.dim(note)}`,
    ...group.rows.flatMap((row) => rowText(row, paint, columns)),
    ...(more > 0 ? [paint.dim(`  … ${more} more (--limit)`)] : []),
  ];
}

function rowText(row: Row, paint: Paint, columns: number): readonly string[] {
  const sign = paintShown(row.shown, shownAs[row.shown].sign, paint);
  const time = row.standing === 'waiting' ? '' : `${right(row.time, 21)}  ${used(row, paint)}  `;
  const first = `  ${sign} ${left(row.severity, 8)} ${time}${clean(row.vulnerability)}  ${clean(row.line)}`;
  const who = row.reason.who === 'person' ? 'a person: ' : '';
  const packages = row.packages.length === 0 ? '' : `${row.packages.join(', ')} · `;
  const why = paint.dim(wrap(`${packages}${who}${row.reason.text}`, '      ', columns));
  if (row.forecast === null) return [first, why];
  return [first, why, paint.dim(wrap(forecastWords(row.forecast), '      ', columns))];
}

const STITCHES = 8;

/** The time used, as a seam that is sewn so far. */
function used(row: Row, paint: Paint): string {
  const share = row.usedShare ?? 0;
  const sewn = Math.round(share * STITCHES);
  const seam = paintShown(row.shown, '━'.repeat(sewn), paint) + paint.dim('┄'.repeat(STITCHES - sewn));
  return `${seam} ${right(`${Math.floor(share * 100)}`, 3)} %`;
}

function endedText(row: Row, paint: Paint): string {
  const sign = paintShown(row.shown, shownAs[row.shown].sign, paint);
  return `  ${sign} ${left(row.severity, 8)} ${left(row.time, 26)} ${clean(row.vulnerability)}  ${clean(row.line)}`;
}
