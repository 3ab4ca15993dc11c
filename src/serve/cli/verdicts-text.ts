import type { AdvisoryView } from '../../views/advisory.ts';
import type { RatingsView } from '../../views/ratings.ts';
import type { VerdictRow } from '../../views/verdicts.ts';
import { clean, left, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

interface Look {
  readonly paint: Paint;
  readonly columns: number;
}

export function advisoryText(view: AdvisoryView, look: Look): string {
  const { paint, columns } = look;
  const lines = [`${paint.bold(clean(view.id))}  ${view.ratings.level}`];
  if (view.summary !== '') lines.push(wrap(clean(view.summary), '  ', columns));
  if (view.aliases.length > 0) lines.push(paint.dim(`  also ${view.aliases.map(clean).join(', ')}`));
  if (view.notice !== null) lines.push(paint.yellow(`  ${view.notice}`));
  lines.push(...ratingsText(view.ratings, look));
  const isOpen = view.verdicts.some(({ verdict }) => verdict === 'indeterminate');
  lines.push(
    '',
    wrap(
      `No line is held to it${isOpen ? ', but somebody has to look at what nobody could determine' : ''}.`,
      '  ',
      columns,
    ),
    ...verdictsText(view.verdicts, look),
  );
  return `${lines.join('\n')}\n`;
}

export function ratingsText({ why, others }: RatingsView, { paint, columns }: Look): readonly string[] {
  const told = others.map(
    ({ by, level, score, type }) => `${by} ${level}${score === null ? '' : ` ${score.toFixed(1)}`} (${type})`,
  );
  const beside = told.length === 0 ? '' : `. Beside it: ${told.join(', ')}`;
  return [paint.dim(wrap(clean(`rated: ${why}${beside}`), '  ', columns))];
}

/** So many that a screen shows them; JSON has all. */
const SHOWN_MAX = 20;

/** What each record says of what the lines serve now. */
export function verdictsText(rows: readonly VerdictRow[], look: Look): readonly string[] {
  if (rows.length === 0) return [];
  const hidden = rows.length - SHOWN_MAX;
  return [
    '',
    '  what the records say of what is served now',
    ...rows.slice(0, SHOWN_MAX).flatMap((row) => verdictText(row, look)),
    ...(hidden > 0 ? [`    and ${hidden} more: --json`] : []),
  ];
}

/** What a person has to look at in one line. */
export function toBeLookedAtText(rows: readonly VerdictRow[], look: Look): readonly string[] {
  if (rows.length === 0) return [];
  return [
    look.paint.yellow(`  to be looked at ${rows.length}`),
    ...rows
      .slice(0, SHOWN_MAX)
      .flatMap((row) => [
        `    ${SIGNS[row.verdict]} ${left(row.id, 20)} ${clean(row.component)}`,
        wrap(clean(`${row.words} (${row.source})`), '        ', look.columns),
      ]),
  ];
}

const SIGNS = { affected: '✘', indeterminate: '?', 'not-affected': '✔' } as const;

function verdictText(row: VerdictRow, { paint, columns }: Look): readonly string[] {
  const { verdict, line, architectures, component, words, id, source, fixedIn } = row;
  const named = verdict === 'indeterminate' ? paint.yellow('to be looked at') : verdict;
  const inside = row.package === '' ? '' : ` in ${clean(row.package)}`;
  return [
    `    ${SIGNS[verdict]} ${named}  ${paint.bold(clean(line))} (${architectures.join(', ')})  ${clean(component)}${inside}`,
    wrap(clean(`${words}${fixedIn === null ? '' : `; fixed in ${fixedIn}`} (${source} ${id})`), '        ', columns),
  ];
}
