import { Failure } from '../../core/failure.ts';

/** What a report is about: from the first instant up to, not including, the last. */
export interface Period {
  /** As people name it: "2026-Q3", "last-90d". */
  readonly name: string;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

/**
 * Reads `2026-Q3`, `2026-08`, `2026`, `2026-01-01..2026-03-31` (both days inside) or `last-90d` (up to `now`, exact to
 * the second). Days are UTC. E0902 when it cannot be read, or has not begun.
 */
export function parsePeriod(text: string, now: Temporal.Instant): Period {
  const period = lastDays(text, now) ?? calendar(text) ?? range(text);
  if (period === undefined) {
    throw new Failure('E0902', `the period ${text.slice(0, 60)} cannot be read`, {
      why: 'a quarter, a month, a year, two days with two dots between them, or a number of days is needed',
      hint: '--period 2026-Q3, 2026-08, 2026, 2026-01-01..2026-03-31 or last-90d',
    });
  }
  if (Temporal.Instant.compare(period.from, now) >= 0) {
    throw new Failure('E0902', `the period ${text} has not begun`, {
      why: 'a report tells what was recorded, not what will be',
      hint: '--period last-90d',
    });
  }
  return period;
}

function lastDays(name: string, now: Temporal.Instant): Period | undefined {
  const days = Number(/^last-([1-9]\d{0,3})d$/.exec(name)?.[1]);
  return Number.isNaN(days) ? undefined : { name, from: now.subtract({ hours: 24 * days }), to: now };
}

function calendar(name: string): Period | undefined {
  const [, year, quarter, month] = /^(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?$/.exec(name) ?? [];
  if (year === undefined) return undefined;
  const first = quarter === undefined ? Number(month ?? 1) : 3 * Number(quarter) - 2;
  const months = quarter !== undefined ? 3 : month !== undefined ? 1 : 12;
  const from = Temporal.PlainDate.from({ year: Number(year), month: first, day: 1 });
  return { name, from: midnight(from), to: midnight(from.add({ months })) };
}

function range(name: string): Period | undefined {
  const [, first = '', last = ''] = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(name) ?? [];
  try {
    const [from, to] = [
      midnight(Temporal.PlainDate.from(first)),
      midnight(Temporal.PlainDate.from(last).add({ days: 1 })),
    ];
    return Temporal.Instant.compare(from, to) < 0 ? { name, from, to } : undefined;
  } catch {
    return undefined;
  }
}

function midnight(day: Temporal.PlainDate): Temporal.Instant {
  return day.toZonedDateTime('UTC').toInstant();
}
