import type { Millis } from './instant.ts';

/**
 * A fact as the timelines read it: what it says, and when it happened in the world. `from` and `to` move when better
 * evidence arrives (promise rule 9); all else stays.
 */
export interface Dated<T> {
  readonly fact: string;
  readonly seq: number;
  readonly recordedAt: Millis;
  readonly says: T;
  readonly from: Millis;
  readonly to: Millis;
}

/** Facts may arrive late: they take their place by when they happened, then by when they were appended. */
export function insertInOrder<T>(list: Dated<T>[], entry: Dated<T>): void {
  list.splice(placeOf(entry, list), 0, entry);
}

/** The same as a new list. */
export function withInOrder<T>(list: readonly Dated<T>[], entry: Dated<T>): readonly Dated<T>[] {
  return list.toSpliced(placeOf(entry, list), 0, entry);
}

export function sortByTime(list: Dated<unknown>[]): void {
  list.sort(inOrder);
}

/** The same as a new list. */
export function sortedByTime<T>(list: readonly Dated<T>[]): readonly Dated<T>[] {
  return list.toSorted(inOrder);
}

/** The newest that happened at or before `at`; the list is in order of time. */
export function newestAt<T>(list: readonly Dated<T>[], at: Millis): Dated<T> | undefined {
  return list.findLast((entry) => entry.from <= at);
}

function placeOf(entry: Dated<unknown>, list: readonly Dated<unknown>[]): number {
  let place = list.length;
  for (let before = list[place - 1]; before !== undefined && isLater(before, entry); before = list[place - 1]) place--;
  return place;
}

function inOrder(a: Dated<unknown>, b: Dated<unknown>): number {
  return a.from - b.from || a.seq - b.seq;
}

function isLater(a: Dated<unknown>, b: Dated<unknown>): boolean {
  return inOrder(a, b) > 0;
}
