import type { Standing } from '../core/promise/standing.ts';

/** A standing as shown: `at-risk` is on-track with less than a quarter of the time left, or forecast to be late. */
export type Shown = Standing | 'at-risk';

/** Status is always a shape and a word (and, where there is colour, a colour): never colour alone. */
export const shownAs: Readonly<
  Record<Shown, { readonly sign: string; readonly word: string; readonly means: string }>
> = {
  overdue: { sign: '◆', word: 'overdue', means: 'the deadline has passed and the fix is not published' },
  'at-risk': {
    sign: '▲',
    word: 'at risk',
    means: 'less than a quarter of the time is left, or it is forecast to be late',
  },
  'on-track': { sign: '●', word: 'on track', means: 'the clock runs' },
  waiting: { sign: '○', word: 'waiting', means: 'upstream has no fix yet; the clock has not started' },
  met: { sign: '✔', word: 'met', means: 'published and confirmed clean within the deadline' },
  missed: { sign: '✘', word: 'missed', means: 'was still open after the deadline; this stays' },
  'fixed-early': { sign: '✓', word: 'fixed early', means: 'fixed before the clock could start' },
  'not-affected': { sign: '–', word: 'not affected', means: 'a statement says why the flaw cannot be reached' },
  void: { sign: '·', word: 'void', means: 'the vulnerability was rejected or withdrawn' },
  excluded: { sign: '▨', word: 'excluded', means: 'an agreed exclusion with an approver and an end' },
  'not-covered': { sign: 'n/c', word: 'not covered', means: 'no promise is made here' },
};

/** All standings in the order in which they are listed; their counts add up to the population. */
export const standings: readonly Standing[] = [
  'overdue',
  'on-track',
  'waiting',
  'met',
  'missed',
  'fixed-early',
  'not-affected',
  'void',
  'excluded',
  'not-covered',
];
