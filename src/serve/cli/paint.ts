import type { Shown } from '../../views/shown.ts';

/** Colour for words that carry their meaning without it. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
}

export function paint(colour: boolean): Paint {
  const wrap =
    (open: number, close: number) =>
    (text: string): string =>
      colour && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: wrap(1, 22),
    dim: wrap(2, 22),
    red: wrap(31, 39),
    green: wrap(32, 39),
    yellow: wrap(33, 39),
    blue: wrap(34, 39),
  };
}

/** The colour of a status, beside its shape and word. */
export function paintShown(shown: Shown, text: string, brush: Paint): string {
  return brush[colours[shown]](text);
}

const colours: Readonly<Record<Shown, Exclude<keyof Paint, 'bold'>>> = {
  overdue: 'red',
  missed: 'red',
  'at-risk': 'yellow',
  'on-track': 'blue',
  met: 'green',
  'fixed-early': 'green',
  waiting: 'dim',
  'not-affected': 'dim',
  void: 'dim',
  excluded: 'dim',
  'not-covered': 'dim',
};
