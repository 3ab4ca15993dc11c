import { spell, spellMargin } from '../durations.ts';
import { lastDayOf } from '../row.ts';
import { shownAs } from '../shown.ts';
import {
  closesWords,
  periodWords,
  promiseWords,
  quantileWords,
  shareWords,
  stagesNote,
  sumWords,
  whatIfWarning,
} from './report-words.ts';
import type { ReportRow } from './report-row.ts';
import type { ReportView, WhatIf } from './report.ts';
import type { Shares } from './shares.ts';

/** The report as Markdown, for tickets and mails: what stands outside comes before the percentage. */
export function reportMarkdown(view: ReportView): string {
  const { question, shares } = view;
  return [
    `# Promise report, ${periodWords(question.period, question.asOf)}`,
    ...(question.notice === null ? [] : [`**${text(question.notice)}**`]),
    list(frameOf(view)),
    '## Outside the percentage',
    ...outside(view),
    '## Met of due',
    `**${shareWords(shares.counts.all)}**`,
    sharesTable(view),
    ...(view.whatIf === null ? [] : whatIfPart(view, view.whatIf)),
    '## Everything that was matched',
    `${text(sumWords(view, (standing) => standing))}\n\n${closesWords(view)}`,
    '## Missed and overdue',
    rowsTable(view.rows.filter(({ standing }) => standing === 'missed' || standing === 'overdue')),
    '## Time to fix',
    fixTimesTable(view),
    '## Where the time goes',
    stagesTable(view),
    '## Corrections',
    corrections(view),
    ...samplePart(view),
    '## All rows',
    rowsTable(view.rows),
    `Report ${view.id}, method ${view.method}, ledger ${view.head.seq} facts with head \`${view.head.hash}\`.`,
  ].join('\n\n');
}

function frameOf({ question, policies }: ReportView): readonly string[] {
  const { inForce, changes } = policies;
  return [
    `Catalog: ${question.catalog ?? 'none'}${question.line === null ? '' : `, line ${question.line} alone`}`,
    `As of: ${question.asOf.toString()}`,
    `Promise: ${promiseWords(policies)} (policy ${inForce.name}${inForce.digest === null ? '' : `, ${inForce.digest}`})`,
    ...changes.map(({ from, name, promise }) => `In force from ${from?.toString() ?? ''}: ${name}, ${promise}`),
  ];
}

function outside({ exclusions }: ReportView): readonly string[] {
  const { waivers, statements } = exclusions;
  const counts = exclusions.outside.map(({ standing, count }) => [
    shownAs[standing].word,
    String(count),
    shownAs[standing].means,
  ]);
  return [
    waivers.length === 0
      ? 'No agreed exclusion took anything out.'
      : table(
          ['approved by', 'reason', 'until', 'took out'],
          waivers.map(({ approver, reason, until, removed }) => [approver, reason, lastDayOf(until), String(removed)]),
        ),
    ...(statements.length === 0
      ? []
      : [
          table(
            ['not affected, says', 'justification', 'impact', 'took out'],
            statements.map((each) => [each.author, each.justification, each.impact, String(each.removed)]),
          ),
        ]),
    table(['outside', 'count', 'meaning'], counts),
  ];
}

function sharesTable({ shares }: ReportView): string {
  const row = (name: string, { all, bySeverity: s }: Shares): readonly string[] => [
    name,
    ...[s.critical, s.high, s.medium, s.low, all].map(shareWords),
  ];
  return table(
    ['clock', 'critical', 'high', 'medium', 'low', 'all'],
    [
      row('as promised', shares.counts),
      row('from the release', shares.release),
      row('from release and known', shares.releaseAndKnown),
    ],
  );
}

function whatIfPart({ shares, population }: ReportView, whatIf: WhatIf): readonly string[] {
  return [
    `## ${whatIfWarning}`,
    `The same facts under the policy ${text(whatIf.name)}, as if it had always been in force.`,
    table(
      ['', 'as promised', `under ${whatIf.name}`],
      [
        ['met of due', shareWords(shares.counts.all), shareWords(whatIf.shares.all)],
        ['excluded', String(population.counts.excluded), String(whatIf.population.counts.excluded)],
      ],
    ),
    table(
      ['vulnerability', 'line', 'as promised', 'what if'],
      whatIf.changed.map(({ row, standing, marginSeconds }) => [
        row.vulnerability,
        row.line,
        row.time,
        marginSeconds === null ? standing : spellMargin(marginSeconds),
      ]),
    ),
  ];
}

function rowsTable(rows: readonly ReportRow[]): string {
  if (rows.length === 0) return 'None.';
  return table(
    ['standing', 'severity', 'vulnerability', 'line', 'margin or time', 'deadline', 'cause'],
    rows.map((row) => [
      row.standing,
      row.severity,
      row.vulnerability,
      row.line,
      row.time,
      row.clock.due?.toString({ smallestUnit: 'second' }) ?? '',
      row.cause ?? '',
    ]),
  );
}

function fixTimesTable({ fixTimes }: ReportView): string {
  return table(
    ['', 'fixed', 'not yet', 'a quarter by', 'half by', 'three quarters by', 'open at 24 h', '48 h', '7 d', '14 d'],
    fixTimes.map(({ about, survival, atRisk }) => [
      about,
      String(survival.ended),
      String(survival.censored),
      ...[survival.quartiles.q1, survival.quartiles.median, survival.quartiles.q3].map(quantileWords),
      ...atRisk.map(({ count }) => String(count)),
    ]),
  );
}

function stagesTable({ stages }: ReportView): string {
  const words = (seconds: number | null): string => (seconds === null ? 'no fact tells' : spell(seconds));
  const rows = table(
    ['stage', 'obligations', 'median', '90 %'],
    stages.map(({ stage, count, medianSeconds, p90Seconds }) => [
      stage,
      String(count),
      words(medianSeconds),
      words(p90Seconds),
    ]),
  );
  return `${rows}\n\n${stagesNote}`;
}

function corrections({ corrections: all }: ReportView): string {
  if (all.length === 0) return 'None.';
  return list(
    all.map(({ fact, changed }) => {
      const moved = changed.map(
        ({ vulnerability, line, before, after }) =>
          `${vulnerability} in ${line} ${marginWords(before)} → ${marginWords(after)}`,
      );
      return `fact ${fact.seq}, ${fact.recordedAt.toString()}: ${fact.payload.reason}${moved.length === 0 ? ' (moved no margin)' : `: ${moved.join('; ')}`}`;
    }),
  );
}

export function marginWords(then: { readonly standing: string; readonly marginSeconds: number | null } | null): string {
  if (then === null) return 'not known';
  return then.marginSeconds === null ? then.standing : spellMargin(then.marginSeconds);
}

function samplePart({ sample, rows }: ReportView): readonly string[] {
  if (sample === null) return [];
  const drawn = sample.ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
  return [`## Sample of ${drawn.length}, seed ${text(sample.seed)}`, rowsTable(drawn)];
}

function list(items: readonly string[]): string {
  return items.map((each) => `- ${text(each)}`).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text from outside stays text: no markup, no line break, no cell border. */
function text(value: string): string {
  return value.replaceAll(/[\\`*_[\]<>|#]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, ' ');
}
