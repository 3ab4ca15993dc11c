import type { InstantText } from '../../core/fact.ts';

/** In our form; null for what is missing, no instant, or left open: some databases write the year 1 there. */
export function instantOf(text: string | null | undefined): InstantText | null {
  const instant = parseInstant(text ?? '');
  return instant !== null && instant.epochMilliseconds > 0 ? instant.toString() : null;
}

/** A day as the instant at which it begins in UTC; null when it is no day. */
export function startOfDay(day: string | null | undefined): InstantText | null {
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day ?? '') ? instantOf(`${day ?? ''}T00:00:00Z`) : null;
}

export function parseInstant(text: string): Temporal.Instant | null {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return null;
  }
}
