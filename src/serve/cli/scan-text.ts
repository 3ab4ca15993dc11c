import type { ScanRow, ScanView } from '../../views/scan.ts';
import { LEVELS } from '../../views/scan.ts';
import { clean, left, wrap } from './layout.ts';
import type { Session } from './session.ts';

export interface ScanTextOptions {
  readonly onlyFixed: boolean;
  readonly showSuppressed: boolean;
  /** What the command was called with, so that the next one sees the same: target, feeds, statements. */
  readonly again: readonly string[];
}

/** The findings worst first, then what nobody can say, and a line that adds up. */
export function scanText(
  view: ScanView,
  options: ScanTextOptions,
  session: Pick<Session, 'paint' | 'columns'>,
): string {
  const { paint, columns } = session;
  const shown = options.onlyFixed ? view.findings.filter(({ fixedIn }) => fixedIn !== null) : view.findings;
  const hidden = view.findings.length - shown.length;
  const lines = [
    paint.bold(headline(view)),
    ...table(shown, session),
    ...(hidden > 0 ? [`  ${hidden} without a fix are not shown (--only-fixed)`] : []),
    ...section('to be looked at: nobody can say whether they are affected', view.undetermined, session),
    ...(options.showSuppressed ? section('suppressed', view.suppressed, session) : []),
    ...notAssessed(view).map((text) => wrap(text, '  ', columns)),
    wrap(summary(view, options), '', columns),
  ];
  const [first] = shown;
  if (first !== undefined) {
    lines.push(paint.dim(`next: suture scan ${options.again.map(quoted).join(' ')} --why ${first.vulnerability}`));
  }
  return `${lines.join('\n')}\n`;
}

/** Everything about one vulnerability in what was scanned. */
export function whyText(rows: readonly (ScanRow & { readonly state: string })[], { paint, columns }: Session): string {
  const lines = rows.flatMap((row) => [
    paint.bold(`${row.vulnerability}  ${clean(row.package)} ${clean(row.version)}  ${row.state}, ${row.level}`),
    ...(row.aliases.length === 0 ? [] : [`  also     ${row.aliases.join(', ')}`]),
    `  purl     ${clean(row.purl)}`,
    ...(row.location === null
      ? []
      : [`  found in ${clean(row.location)}${row.ownedBy === null ? '' : ` of ${row.ownedBy}`}`]),
    ...(row.layer === null ? [] : [`  layer    ${layerWords(row.layer)}`]),
    `  why      ${wrap(row.because, ' '.repeat(11), columns).trimStart()}`,
    `  fix      ${fixWords(row)}`,
    `  severity ${wrap(row.rating.why, ' '.repeat(11), columns).trimStart()}`,
    ...(row.exploitedSince === null ? [] : [`  exploited since ${row.exploitedSince.slice(0, 10)}`]),
    ...(row.epss === null ? [] : [`  likely to be exploited in 30 days: ${percent(row.epss)}`]),
    ...(row.contradiction === null ? [] : [paint.yellow(`  ${clean(row.contradiction)}`)]),
    ...row.records.map(({ id, source, verdict, words }) =>
      wrap(`${id} (${source}): ${verdict}, ${words}`, '  · ', columns).replaceAll('\n  · ', '\n    '),
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

function layerWords({ index, digest }: NonNullable<ScanRow['layer']>): string {
  return `${digest ?? 'without a digest'} (number ${index} from the bottom, which is 0)`;
}

function headline({ target, feeds }: ScanView): string {
  const data = feeds.newestModified === null ? 'no dated record' : `data of ${feeds.newestModified.slice(0, 10)}`;
  const what = target.detail === null ? target.kind : `${target.kind}, ${target.detail}`;
  return `${clean(target.name)} (${clean(what)}) · ${target.components} components · ${feeds.records} records, ${data}`;
}

function table(rows: readonly ScanRow[], { paint, columns }: Pick<Session, 'paint' | 'columns'>): readonly string[] {
  const widest = (texts: readonly string[], limit: number): number =>
    Math.min(limit, Math.max(0, ...texts.map((text) => text.length)));
  const room = Math.max(12, Math.floor((columns - 34) / 3));
  const names = widest(
    rows.map((row) => row.package),
    room,
  );
  const versions = widest(
    rows.map((row) => row.version),
    room,
  );
  const fixes = widest(rows.map(shortFix), room);
  return rows.map((row) => {
    const cells = [
      left(cut(clean(row.package), names), names),
      left(cut(clean(row.version), versions), versions),
      left(cut(clean(shortFix(row)), fixes), fixes),
      left(row.vulnerability, 19),
    ];
    return ` ${coloured(row.level, paint)} ${cells.join('  ')}${tags(row)}`.trimEnd();
  });
}

function coloured(level: ScanRow['level'], paint: Session['paint']): string {
  const text = left(level, 8);
  if (level === 'medium') return paint.yellow(text);
  return level === 'low' ? paint.dim(text) : paint.red(text);
}

function tags({ exploitedSince, malicious, informational, epss, rating }: ScanRow): string {
  const words = [
    ...(malicious ? ['malicious'] : []),
    ...(exploitedSince === null ? [] : ['exploited']),
    ...(informational === null ? [] : [informational]),
    ...(rating.by === null ? ['unrated'] : []),
    ...(epss !== null && epss >= 0.1 ? [`epss ${percent(epss)}`] : []),
  ];
  return words.length === 0 ? '' : ` ${words.join(', ')}`;
}

function section(title: string, rows: readonly ScanRow[], { columns }: Pick<Session, 'columns'>): readonly string[] {
  if (rows.length === 0) return [];
  const each = ({ vulnerability, package: name, version, because }: ScanRow): string =>
    wrap(`${vulnerability} ${name} ${version}: ${because}`, '  ? ', columns).replaceAll('\n  ? ', '\n    ');
  const shown = rows.slice(0, SECTION_ROWS).map(each);
  return [
    title,
    ...shown,
    ...(rows.length > SECTION_ROWS ? [`    … ${rows.length - SECTION_ROWS} more (--json)`] : []),
  ];
}

const SECTION_ROWS = 20;

function notAssessed({ notAssessed: ecosystems, target, feeds }: ScanView): readonly string[] {
  const named = ecosystems.map(({ ecosystem, components }) => `${components} of ${ecosystem}`);
  const unread = target.unread.filter((path) => !target.unreadDatabases.includes(path));
  return [
    ...target.unreadDatabases.map(
      (path) => `not assessed: an rpm database (${clean(path)}); none of the packages that it lists was looked at`,
    ),
    ...(named.length === 0 ? [] : [`not assessed, for no record here speaks of their ecosystem: ${named.join(', ')}`]),
    ...(unread.length === 0
      ? []
      : [`not read: ${unread.slice(0, 3).join(', ')}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''}`]),
    ...(feeds.broken === 0 ? [] : [`${feeds.broken} records of the feeds cannot be used: ${feeds.problems[0] ?? ''}`]),
    ...(feeds.statements === 0
      ? []
      : [`${feeds.statements} documents of others in the feeds count only when named with --vex`]),
    ...passedOver(feeds),
    ...(feeds.notKeptIn === null
      ? []
      : [`${clean(feeds.notKeptIn)} cannot be written, so the feeds are read anew each time`]),
  ];
}

function passedOver({ passedOver: { links, versionless } }: ScanView['feeds']): readonly string[] {
  const words = [
    ...(links === 0 ? [] : [`${links} links within the feeds, which are not followed`]),
    ...(versionless === 0 ? [] : [`${versionless} entries that name no version, as those that tell of commits alone`]),
  ];
  return words.length === 0 ? [] : [`passed over: ${words.join(', ')}`];
}

function summary(
  { summary: sums, findings, suppressed, undetermined }: ScanView,
  { showSuppressed }: ScanTextOptions,
): string {
  const levels = LEVELS.filter((level) => sums.levels[level] > 0).map((level) => `${sums.levels[level]} ${level}`);
  return [
    `${sums.assessed} of ${sums.components} components assessed`,
    findings.length > 0
      ? levels.join(', ')
      : sums.assessed === 0 && sums.components > 0
        ? 'nothing can be said'
        : 'nothing known is open',
    ...(findings.length === 0 ? [] : [`${sums.fixable} with a fix`]),
    ...(suppressed.length === 0
      ? []
      : [`${suppressed.length} suppressed${showSuppressed ? '' : ' (--show-suppressed)'}`]),
    ...(undetermined.length === 0 ? [] : [`${undetermined.length} to be looked at`]),
  ].join(' · ');
}

function shortFix(row: ScanRow): string {
  return row.fixedIn ?? (row.noFix === null ? 'no fix' : NO_FIX[row.noFix]) ?? 'no fix';
}

function fixWords(row: ScanRow): string {
  return row.fixedIn === null ? shortFix(row) : `${row.fixedIn} or later`;
}

const NO_FIX: Readonly<Record<string, string>> = {
  postponed: 'put off',
  'no-notice': 'left to later',
  refused: 'will not fix',
  unsupported: 'unsupported',
};

/** The end of a name tells more than its beginning: hosts come first. */
function cut(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - Math.max(0, width - 1))}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** For pasting into a shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
