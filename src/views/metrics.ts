import type { Pulse } from '../core/forecast/pulse.ts';
import type { BoardView } from './board.ts';
import { standings } from './shown.ts';

/**
 * A few figures for monitors, in the text form of Prometheus (exposition format 0.0.4). None is labelled with a
 * vulnerability: their number would grow for ever.
 */
export function metrics(view: BoardView, pulse: Pulse | null): string {
  const { summary, groups, waivers, dataAsOf } = view;
  const atRisk = groups.reduce((sum, group) => sum + group.atRisk, 0);
  const left = groups.flatMap(({ rows }) => rows.flatMap(({ leftSeconds }) => leftSeconds ?? [])).filter((s) => s >= 0);
  return [
    ...gauge(
      'suture_obligations',
      'Obligations by standing',
      standings.map((standing) => [`{standing="${standing}"}`, summary.counts[standing] ?? 0]),
    ),
    ...gauge(
      'suture_obligations_at_risk',
      'On track, and little time left or forecast to be late; of the rows of the board',
      atRisk,
    ),
    ...gauge(
      'suture_kept_ratio',
      'Met of all that was due; overdue counts as missed',
      summary.due === 0 ? null : summary.met / summary.due,
    ),
    ...gauge(
      'suture_next_deadline_seconds',
      'Until the next deadline that can still be kept',
      left.length === 0 ? null : Math.min(...left),
    ),
    ...gauge('suture_waivers', 'Exclusions in force that are listed on the board', waivers.length),
    ...gauge(
      'suture_last_turn_timestamp_seconds',
      'When the factory turned last',
      pulse === null ? null : secondsOf(pulse.at),
    ),
    ...gauge('suture_sources_watched', 'Feeds and upstreams that are looked at', pulse?.sources.watched ?? null),
    ...gauge(
      'suture_sources_late',
      'Those that failed or were not looked at for two looks',
      pulse?.sources.late.length ?? null,
    ),
    ...gauge('suture_queue_steps', 'Steps that can be run now', pulse === null ? null : queued(pulse)),
    ...gauge('suture_held_steps', 'Steps that failed and are kept back', pulse?.queue.held.length ?? null),
    ...gauge(
      'suture_newest_fact_timestamp_seconds',
      'When the newest fact was recorded',
      dataAsOf === null ? null : secondsOf(dataAsOf),
    ),
  ].join('');
}

/** What is not known is left out, not told as nought. */
function gauge(
  name: string,
  help: string,
  value: number | null | readonly (readonly [labels: string, value: number])[],
): readonly string[] {
  if (value === null) return [];
  const samples = typeof value === 'number' ? ([['', value]] as const) : value;
  return [
    `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`,
    ...samples.map(([labels, each]) => `${name}${labels} ${each}\n`),
  ];
}

function queued({ queue }: Pulse): number {
  return queue.steps.length + Object.values(queue.beyond).reduce((sum, count) => sum + count, 0);
}

function secondsOf(instant: Temporal.Instant): number {
  return instant.epochMilliseconds / 1000;
}
