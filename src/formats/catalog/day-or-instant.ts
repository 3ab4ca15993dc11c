import type { InstantText } from '../../core/fact.ts';
import type { Trouble } from './problem.ts';

/**
 * A day such as 2027-04-30, or an instant in UTC. A day begins with its first instant and is over at its end: until
 * 2027-04-30 ends with the first instant of May. Null when it is neither, or there is no such day.
 */
export function dayOrInstant(text: string, side: 'begin' | 'end'): InstantText | null {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      const day = Temporal.PlainDate.from(text);
      return (side === 'begin' ? day : day.add({ days: 1 })).toZonedDateTime('UTC').toInstant().toString();
    }
    if (/^\d{4}-\d{2}-\d{2}T.*Z$/.test(text)) return Temporal.Instant.from(text).toString();
  } catch {
    // No such day or time.
  }
  return null;
}

export function noDay(text: string): Trouble {
  return {
    code: 'E0101',
    what: `${text.slice(0, 60)} is not a day`,
    hint: 'Write a day such as 2027-04-30, or an instant in UTC such as 2027-04-30T12:00:00Z.',
  };
}
