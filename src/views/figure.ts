import type { Account, Point } from './account.ts';
import type { BoardView } from './board.ts';
import type { Row } from './row.ts';
import { shownAs, standings } from './shown.ts';
import type { Figure } from './subject.ts';

/** A number of the board explained to its rows: what is counted, how, and each row that it is made of. */
export function figureAccount(figure: Figure, view: BoardView, rows: readonly Row[]): Account {
  const { summary, notice, now } = view;
  const isKept = figure === 'kept';
  const shown = isKept ? rows : rows.filter((row) => row.shown === figure || row.standing === figure);
  const count = isKept ? summary.due : figure === 'at-risk' ? shown.length : (summary.counts[figure] ?? 0);
  return {
    notice,
    now,
    kind: 'figure',
    title: isKept ? summary.words : `${count} ${shownAs[figure].word}`,
    about: isKept
      ? 'Met of all that was due: met, missed and overdue. What is overdue counts as missed, so leaving it open does not help; a waiver takes a row out, and is listed above the figure.'
      : `${shownAs[figure].word}: ${shownAs[figure].means}.`,
    points: isKept ? pointsOf(view) : [],
    why: null,
    rows: shown,
    count,
    events: [],
    next: shown[0] === undefined ? null : `suture explain ${shown[0].vulnerability}`,
  };
}

/** Whether a number stands as it was asked for, to as many digits as were given; a word alone asks for none. */
export function standsAs(asked: string, { title, count }: Pick<Account, 'title' | 'count'>): boolean {
  const [, met, due] = /^([0-9]+) of ([0-9]+)/.exec(title) ?? [];
  const share = /^([0-9]+) of ([0-9]+)/.exec(asked);
  if (share !== null) return share[1] === met && share[2] === due;
  const [, percent, digits = ''] = /^([0-9]+(?:[.,]([0-9]+))?) ?%$/.exec(asked) ?? [];
  if (percent !== undefined) {
    const shown = /\(([0-9.]+) %\)/.exec(title)?.[1];
    const exact = ((100 * Number(met)) / Number(due)).toFixed(digits.length);
    // Never a hundred unless every one was met.
    return [shown, met !== due && exact.startsWith('100') ? '' : exact].includes(percent.replace(',', '.'));
  }
  const number = /^([0-9]+) /.exec(asked)?.[1];
  return number === undefined || Number(number) === count;
}

/** The sum closes: every obligation has one standing. */
function pointsOf({ summary, dataAsOf }: BoardView): readonly Point[] {
  return [
    ...standings.map((standing) => ({
      label: shownAs[standing].word,
      text: `${summary.counts[standing] ?? 0}`,
      at: null,
    })),
    { label: 'all together', text: `${summary.population}`, at: null },
    ...(dataAsOf === null ? [] : [{ label: 'newest fact', text: 'the figures rest on it', at: dataAsOf }]),
  ];
}
