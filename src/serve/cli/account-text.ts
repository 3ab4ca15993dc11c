import type { Account } from '../../views/account.ts';
import { shownAs } from '../../views/shown.ts';
import { clean, left, second, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { paintShown } from './paint.ts';

interface Look {
  readonly paint: Paint;
  readonly columns: number;
}

/** So many rows fit before nobody reads them; --json has all. */
const ROWS_SHOWN = 50;
const LABEL_WIDTH = 18;

/** A fact, a figure or an upstream in full. */
export function accountText(view: Account, { paint, columns }: Look): string {
  const lines = [paint.bold(clean(view.title)), wrap(clean(view.about), '  ', columns)];
  if (view.notice !== null) lines.push(paint.yellow(`  ${view.notice}`));
  if (view.points.length > 0) lines.push('');
  for (const { label, text, at } of view.points) {
    const [first = '', ...rest] = wrap(clean(text), ' '.repeat(LABEL_WIDTH + 3), columns).split('\n');
    const when = at === null ? '' : paint.dim(`  ${second(at)}`);
    lines.push(`  ${left(clean(label), LABEL_WIDTH)} ${first.trimStart()}${rest.length === 0 ? when : ''}`, ...rest);
    if (rest.length > 0 && at !== null) lines.push(`${' '.repeat(LABEL_WIDTH + 1)}${when}`);
  }
  if (view.why !== null) {
    const who = view.why.who === 'person' ? 'a person: ' : '';
    lines.push('', wrap(`why: ${who}${clean(view.why.text)}`, '  ', columns));
  }
  if (view.count > 0) lines.push('', `  rows ${view.count}`);
  for (const row of view.rows.slice(0, ROWS_SHOWN)) {
    const sign = paintShown(row.shown, shownAs[row.shown].sign, paint);
    lines.push(
      `    ${sign} ${left(row.severity, 8)} ${left(row.time, 26)} ${clean(row.vulnerability)}  ${clean(row.line)}`,
    );
    lines.push(paint.dim(wrap(clean(row.reason.text), '        ', columns)));
  }
  const more = view.count - Math.min(ROWS_SHOWN, view.rows.length);
  if (more > 0) lines.push(paint.dim(`    … ${more} more (--json)`));
  if (view.events.length > 0) lines.push('', '  facts (UTC)');
  for (const { recordedAt, words, seq } of view.events) {
    lines.push(`  ${second(recordedAt)}  ${clean(words)}${paint.dim(`  #${seq}`)}`);
  }
  if (view.next !== null) lines.push('', `next: ${view.next}`);
  return `${lines.join('\n')}\n`;
}
