import type { CodeView } from '../../views/code.ts';
import type { DigestInLine, DigestView } from '../../views/digest.ts';
import { spell } from '../../views/durations.ts';
import type { LineView } from '../../views/line.ts';
import { phaseWords } from '../../views/phase-words.ts';
import { spellImported, spellOrigin } from '../../views/package-origins.ts';
import { spellChanges } from '../../views/packages.ts';
import type { Row } from '../../views/row.ts';
import { shownAs } from '../../views/shown.ts';
import type { Lane, VulnerabilityView } from '../../views/vulnerability.ts';
import type { Explanation } from '../explain.ts';
import { accountText } from './account-text.ts';
import { forecastWords } from '../../views/forecast.ts';
import { firstSeenText } from './first-seen-text.ts';
import { clean, left, second, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { paintShown } from './paint.ts';
import { advisoryText, ratingsText, toBeLookedAtText, verdictsText } from './verdicts-text.ts';

type Known = Exclude<Explanation, { kind: 'unknown' }>;
interface Look {
  readonly paint: Paint;
  readonly columns: number;
}

export function explanationText(explanation: Known, look: Look): string {
  switch (explanation.kind) {
    case 'vulnerability':
    case 'obligation':
      return vulnerabilityText(explanation.view, look);
    case 'advisory':
      return advisoryText(explanation.view, look);
    case 'line':
      return lineText(explanation.view, look);
    case 'account':
      return accountText(explanation.view, look);
    case 'digest':
      return digestText(explanation.view, look);
    case 'code':
      return codeText(explanation.view, look);
  }
}

export function explanationJson(explanation: Known, now: Temporal.Instant): Readonly<Record<string, unknown>> {
  const name = explanation.kind === 'account' ? explanation.view.kind : explanation.kind;
  return { schema: `suture/explain-${name}/1`, generatedAt: now, ...explanation.view };
}

function vulnerabilityText(view: VulnerabilityView, look: Look): string {
  const { paint } = look;
  const lines = [
    `${paint.bold(clean(view.id))}  ${view.components.join(', ')}  ${view.severity} (${view.severityBy})${view.exploited ? '  known exploited' : ''}`,
  ];
  if (view.summary !== '') lines.push(wrap(view.summary, '  ', look.columns));
  if (view.aliases.length > 0) lines.push(paint.dim(`  also ${view.aliases.map(clean).join(', ')}`));
  if (view.notice !== null) lines.push(paint.yellow(`  ${view.notice}`));
  if (view.ratings?.level === view.severity) lines.push(...ratingsText(view.ratings, look));
  for (const lane of view.lanes) lines.push('', ...laneText(lane, look));
  lines.push(...verdictsText(view.verdicts, look));
  lines.push(...firstSeenText(view.records), '', '  what happened (UTC)');
  for (const event of view.events) {
    const seen = event.sinceEver === null ? '' : `, seen first ${second(event.sinceEver)}`;
    const width = event.precisionSeconds > 0 && seen === '' ? ` ±${spell(event.precisionSeconds)}` : seen;
    const at = event.sinceEver === null ? second(event.at) : left('before we looked', 20);
    const tone = { start: 'CLOCK START  ', stop: 'CLOCK STOP   ', exposed: 'EXPOSED      ', plain: '' }[event.tone];
    lines.push(`  ${at}  ${tone}${clean(event.words)}${paint.dim(`${width}  #${event.seq}`)}`);
  }
  return `${lines.join('\n')}\n`;
}

function laneText(lane: Lane, { paint, columns }: Look): readonly string[] {
  const { sign, word } = shownAs[lane.shown];
  const due = lane.clock.due === null ? '' : ` · due ${second(lane.clock.due)}`;
  const lines = [
    `  ${paintShown(lane.shown, `${sign} ${word}`, paint)}  ${paint.bold(clean(lane.line))}  ${lane.time}${due}`,
    ...lane.clocks.map(
      ({ name, counts, words, clock }) =>
        `      clock ${left(name, 18)} ${left(words, 28)} ${clock.t0 === null ? '' : `from ${second(clock.t0)}`}${counts ? '  (counts)' : ''}`,
    ),
  ];
  if (lane.hours.length > 0) {
    const where = lane.hours.map(({ name, seconds }) => `${phaseWords[name]} ${spell(seconds)}`).join(' │ ');
    lines.push(wrap(`where the time went   ${where}`, '      ', columns));
  }
  for (const claim of lane.claims) {
    const fix = claim.fix === null ? 'no usable release has the fix' : `fixed in ${claim.fix}`;
    lines.push(
      wrap(
        `claim ${claim.component} ${claim.stream}: ${claim.versions.length === 0 ? 'clean now' : `holds ${claim.versions.join(', ')} in ${claim.packages.join(', ') || 'no package'}`}; ${fix}`,
        '      ',
        columns,
      ),
    );
  }
  lines.push(paint.dim(wrap(lane.reason.text, '      ', columns)));
  if (lane.forecast !== null) lines.push(wrap(forecastWords(lane.forecast), '      ', columns));
  if (lane.remedies.length > 0) lines.push('      what would end it, and why or why not');
  for (const { remedy, taken, why } of lane.remedies) {
    const [first = '', ...rest] = wrap(why, ' '.repeat(24), columns).split('\n');
    lines.push(`      ${taken ? '✔' : '–'} ${left(remedy, 15)} ${first.trimStart()}`, ...rest);
  }
  return lines;
}

/** How the packages of a line differ from what upstream released. */
function deltaText({ origins }: LineView, columns: number): readonly string[] {
  const own = origins.filter((origin) => origin.kind === 'built');
  const imported = spellImported(origins);
  if (origins.length === 0) return [];
  return [
    '',
    '  upstream delta',
    ...own.flatMap((origin) => [
      `    ${clean(origin.name)} ${clean(origin.version)}`,
      wrap(clean(spellOrigin(origin)), '      ', columns),
    ]),
    ...(imported === undefined ? [] : [`    ${imported}`]),
  ];
}

function lineText(view: LineView, look: Look): string {
  const { paint, columns } = look;
  const lines = [paint.bold(clean(view.line))];
  if (view.notice !== null) lines.push(paint.yellow(`  ${view.notice}`));
  if (view.current.length === 0) lines.push('  nothing is published and confirmed yet');
  for (const { architecture, digest, confirmedAt } of view.current) {
    lines.push(`  ${left(architecture, 6)} ${digest}  confirmed ${second(confirmedAt)}`);
  }
  for (const { label, text, at } of view.life) {
    lines.push(`  ${left(label, 15)} ${clean(text)}${at === null ? '' : paint.dim(`  ${second(at)}`)}`);
  }
  for (const { text, note, at } of view.bounds) {
    lines.push(`  held back: ${text} at ${at}${note === null ? '' : ` ("${clean(note)}")`}`);
  }
  lines.push('', `  open ${view.open.length}`, ...view.open.map((row) => shortRow(row, paint)));
  lines.push(...toBeLookedAtText(view.toBeLookedAt, look));
  lines.push(`  ended ${view.ended.length}`, ...view.ended.slice(0, 10).map((row) => shortRow(row, paint)));
  lines.push(...deltaText(view, columns));
  lines.push('', '  digests, newest first');
  for (const each of view.digests.slice(0, 10)) {
    const fixes = each.fixes.length === 0 ? 'fixes nothing' : `fixes ${each.fixes.join(', ')}`;
    lines.push(
      `  ${each.current ? '●' : '○'} ${each.digest.slice(0, 19)}…  ${second(each.publishedAt)}`,
      wrap(`${spellChanges(each.changes)} · ${fixes}`, '      ', columns),
    );
  }
  return `${lines.join('\n')}\n`;
}

function shortRow(row: Row, paint: Paint): string {
  const sign = paintShown(row.shown, shownAs[row.shown].sign, paint);
  return `    ${sign} ${left(row.severity, 8)} ${left(row.time, 26)} ${clean(row.vulnerability)}`;
}

function digestText(view: DigestView, { paint }: Look): string {
  const lines = [paint.bold(view.digest)];
  if (view.notice !== null) lines.push(paint.yellow(`  ${view.notice}`));
  lines.push(...view.lines.flatMap((one) => digestInLineText(one, paint)));
  return `${lines.join('\n')}\n`;
}

/** What it is to one of the lines that serve or served it. */
function digestInLineText(view: DigestInLine, paint: Paint): readonly string[] {
  const lines = [
    `  ${view.line}${view.architectures.length > 0 ? ` for ${view.architectures.join(', ')}` : ''}, ${view.publishedAt === null ? 'never published' : `published ${second(view.publishedAt)}`}`,
    view.current ? '  ✔ current' : `  ▲ ${view.behind} behind; pull ${view.newest ?? 'the newest'}`,
  ];
  if (view.withdrawn !== null) lines.push(paint.red(`  ✘ withdrawn: ${clean(view.withdrawn)}`));
  lines.push(`  you miss ${view.missedFixes.length} fixes`, ...view.missedFixes.map((row) => shortRow(row, paint)));
  lines.push(`  still open ${view.stillOpen.length}`, ...view.stillOpen.map((row) => shortRow(row, paint)));
  lines.push(`  packages   ${view.packages.join(', ') || 'unknown'}`);
  return lines;
}

function codeText(view: CodeView, { paint, columns }: Look): string {
  return [
    `${paint.bold(view.code)}  ${view.title}`,
    `  exit code ${view.exitCode}: ${view.exitMeans}`,
    wrap(view.doNext, '  ', columns),
    '',
  ].join('\n');
}
