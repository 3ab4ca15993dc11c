const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A length of time as people say it: "45 s", "4 m 03 s", "16 m", "3 h 12 m", "11 d 2 h". Hours are used up to three
 * days, because promises of 48 hours are counted in hours. Rounded down, so that time left is never overstated.
 */
export function spell(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < 10 * MINUTE) return pair(whole, MINUTE, 'm', 1, 's', 2);
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} m`;
  if (whole < 3 * DAY) return pair(whole, HOUR, 'h', MINUTE, 'm', 2);
  return pair(whole, DAY, 'd', HOUR, 'h', 1);
}

/** "3 h 12 m left" or "overdue by 2 h 05 m"; exactly at the deadline nothing is overdue yet. */
export function spellLeft(seconds: number): string {
  return seconds >= 0 ? `${spell(seconds)} left` : `overdue by ${spell(seconds)}`;
}

/** "met, 46 h 52 m to spare" or "missed by 2 h 05 m". */
export function spellMargin(seconds: number): string {
  return seconds >= 0 ? `met, ${spell(seconds)} to spare` : `missed by ${spell(seconds)}`;
}

/** ISO 8601 duration of whole seconds, for JSON: "PT172800S". */
export function isoDuration(seconds: number): string {
  return `${seconds < 0 ? '-' : ''}PT${Math.abs(Math.trunc(seconds))}S`;
}

/** Whole seconds from one instant to another; negative when `to` comes first. */
export function secondsBetween(from: Temporal.Instant, to: Temporal.Instant): number {
  return Math.floor((to.epochMilliseconds - from.epochMilliseconds) / 1000);
}

function pair(seconds: number, big: number, bigUnit: string, small: number, smallUnit: string, width: number): string {
  const rest = Math.floor((seconds % big) / small);
  const head = `${Math.floor(seconds / big)} ${bigUnit}`;
  return rest === 0 ? head : `${head} ${String(rest).padStart(width, '0')} ${smallUnit}`;
}
