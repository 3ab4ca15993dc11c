import type { Standing } from '../../core/promise/standing.ts';

/** The standings that are asked for (all when none is named), the most urgent on top: open ones first. */
export function boardOrder(wanted: readonly string[] | undefined): readonly Standing[] {
  return wanted === undefined ? order : order.filter((standing) => wanted.includes(standing));
}

const order: readonly Standing[] = [
  'overdue',
  'on-track',
  'waiting',
  'missed',
  'met',
  'fixed-early',
  'excluded',
  'not-affected',
  'void',
  'not-covered',
];
