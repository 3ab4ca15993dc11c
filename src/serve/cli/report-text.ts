import { spell } from '../../views/durations.ts';
import {
  closesWords,
  periodWords,
  promiseWords,
  quantileWords,
  shareWords,
  stagesNote,
  whatIfWarning,
} from '../../views/report/report-words.ts';
import type { ReportRow } from '../../views/report/report-row.ts';
import type { ReportView } from '../../views/report/report.ts';
import { lastDayOf } from '../../views/row.ts';
import { shownAs, standings } from '../../views/shown.ts';
import { clean, left, right, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { paintShown } from './paint.ts';

/** The report for a terminal: what stands outside first, then the percentage, then what was not kept and why. */
export function reportText(view: ReportView, { paint, columns }: { paint: Paint; columns: number }): string {
  const { question, shares, policies } = view;
  return [
    clean(
      `${question.catalog ?? 'no catalog'} · ${periodWords(question.period, question.asOf)}${question.line === null ? '' : ` · ${question.line} alone`}`,
    ),
    paint.dim(wrap(`promise: ${promiseWords(policies)} (policy ${policies.inForce.name})`, '', columns)),
    ...(question.notice === null ? [] : [paint.yellow(question.notice)]),
    '',
    ...exclusionLines(view, paint, columns),
    '',
    ` ${paint.bold(shareWords(shares.counts.all))}`,
    ...(['critical', 'high', 'medium', 'low'] as const).map(
      (level) => `   ${left(level, 9)} ${shareWords(shares.counts.bySeverity[level])}`,
    ),
    paint.dim(`   from the release: ${shareWords(shares.release.all)}`),
    paint.dim(`   from release and known: ${shareWords(shares.releaseAndKnown.all)}`),
    ...whatIfLines(view, paint),
    '',
    ...failedLines(view, paint, columns),
    ...populationLines(view, paint),
    '',
    ...timeLines(view, { paint, columns }),
    ...sampleLines(view, paint),
    '',
    paint.dim(` report ${view.id} · method ${view.method} · as of ${question.asOf.toString()}`),
    paint.dim(` ${view.head.seq} facts, head ${view.head.hash}`),
    '',
    'next: suture report --format html --output report.html',
  ].join('\n');
}

function exclusionLines({ exclusions }: ReportView, paint: Paint, columns: number): readonly string[] {
  if (exclusions.waivers.length === 0) return [' No agreed exclusion took anything out.'];
  return [
    paint.bold(' EXCLUDED, outside the percentage'),
    ...exclusions.waivers.map(({ approver, reason, until, removed }) =>
      wrap(`${removed} by ${approver} until ${lastDayOf(until)}: ${reason}`, '   ', columns),
    ),
  ];
}

function whatIfLines({ whatIf, shares }: ReportView, paint: Paint): readonly string[] {
  if (whatIf === null) return [];
  return [
    '',
    paint.yellow(` ${whatIfWarning.toUpperCase()}`),
    clean(`   as promised ${shareWords(shares.counts.all)}`),
    clean(`   under ${whatIf.name} ${shareWords(whatIf.shares.all)}, ${whatIf.changed.length} would stand otherwise`),
  ];
}

function failedLines({ rows }: ReportView, paint: Paint, columns: number): readonly string[] {
  const failed = rows.filter(({ standing }) => standing === 'missed' || standing === 'overdue');
  if (failed.length === 0) return [];
  return [
    paint.bold(' MISSED AND OVERDUE'),
    ...failed.flatMap((row) => [rowLine(row, paint), paint.dim(wrap(row.cause ?? '', '      ', columns))]),
    '',
  ];
}

function rowLine(row: ReportRow, paint: Paint): string {
  const sign = paintShown(row.standing, shownAs[row.standing].sign, paint);
  return `  ${sign} ${left(row.severity, 8)} ${left(row.time, 26)} ${clean(row.vulnerability)}  ${clean(row.line)}`;
}

function populationLines(view: ReportView, paint: Paint): readonly string[] {
  return [
    paint.bold(` EVERYTHING THAT WAS MATCHED: ${view.population.count}`),
    ...standings
      .filter((each) => view.population.counts[each] > 0)
      .map((each) => `  ${right(String(view.population.counts[each]), 7)} ${shownAs[each].word}`),
    paint.dim(`   ${closesWords(view)}`),
  ];
}

function timeLines(
  { fixTimes, stages }: ReportView,
  { paint, columns }: { paint: Paint; columns: number },
): readonly string[] {
  const known = fixTimes.filter(({ survival }) => survival.count > 0);
  return [
    paint.bold(' TIME TO FIX, open ones counted'),
    ...known.map(
      ({ about, survival: { quartiles, ended, censored } }) =>
        `   ${left(about, 18)} half ${quartiles.median === null ? '' : 'by '}${quantileWords(quartiles.median)} (${ended} fixed, ${censored} not yet)`,
    ),
    ...stages
      .filter(({ medianSeconds }) => medianSeconds !== null)
      .map(
        ({ stage, medianSeconds, p90Seconds }) =>
          `   ${left(stage, 8)} median ${right(spell(medianSeconds ?? 0), 10)}   90 % ${right(spell(p90Seconds ?? 0), 10)}`,
      ),
    paint.dim(wrap(stagesNote, '   ', columns)),
  ];
}

function sampleLines({ sample, rows }: ReportView, paint: Paint): readonly string[] {
  if (sample === null) return [];
  const drawn = sample.ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
  return [
    '',
    paint.bold(` SAMPLE of ${drawn.length}, seed ${clean(sample.seed)}`),
    ...drawn.map((row) => rowLine(row, paint)),
  ];
}
