import { secondsBetween, spell } from '../../views/durations.ts';
import { clean, left, right } from './layout.ts';
import type { Terminal } from './terminal.ts';

export type ProgressChoice = 'auto' | 'plain' | 'json' | 'none';

/** One change of one step of long work. The same `step` again replaces what was said about it. */
export interface ProgressEvent {
  /** Short and stable: "fetch", "openssl", "nginx:1.28". */
  readonly step: string;
  readonly state: 'running' | 'done' | 'failed' | 'blocked';
  readonly words: string;
}

export interface Progress {
  on(event: ProgressEvent): void;
  /** The nearest deadline, for the last line of the tree. */
  deadline(due: Temporal.Instant | null, words: string): void;
  /** Leaves the screen clean; further events are passed over. */
  end(): void;
}

export interface ProgressOptions {
  readonly terminal: Terminal;
  readonly now: () => Temporal.Instant;
  readonly quiet: boolean;
}

/** A tree with a spinner on a terminal; plain lines with times elsewhere and in CI; JSON lines on request; or nothing. */
export function progress(choice: ProgressChoice, options: ProgressOptions): Progress {
  const { terminal, quiet } = options;
  if (choice === 'none' || (quiet && choice === 'auto')) return silent;
  if (choice === 'json') return lines(options, (event) => JSON.stringify(event));
  const calm = !terminal.errIsTty || isSet(terminal.env['CI']) || terminal.env['TERM'] === 'dumb';
  if (choice === 'plain' || calm) return plain(options);
  return tree(options);
}

const silent: Progress = { on: () => {}, deadline: () => {}, end: () => {} };

const HEARTBEAT_MS = 30_000;

/** "11:34:06Z curl     done built, 214 tests 182 s"; every 30 seconds what is still running, without escape codes. */
function plain(options: ProgressOptions): Progress {
  const width = 9;
  return lines(options, ({ at, step, state, words, seconds }) => {
    const time = at.slice(11);
    const took = state === 'running' && seconds === 0 ? '' : `  ${spell(seconds)}`;
    return `${time} ${left(step, width)} ${left(state, 7)} ${words}${took}`.trimEnd();
  });
}

interface LineEvent extends ProgressEvent {
  /** RFC 3339, to the second. */
  readonly at: string;
  readonly seconds: number;
}

function lines({ terminal, now }: ProgressOptions, render: (event: LineEvent) => string): Progress {
  const running = new Map<string, { since: Temporal.Instant; event: ProgressEvent }>();
  const say = (event: ProgressEvent, since: Temporal.Instant): void => {
    const at = now();
    const seconds = secondsBetween(since, at);
    const words = clean(event.words);
    terminal.err(`${render({ at: at.toString({ smallestUnit: 'second' }), ...event, words, seconds })}\n`);
  };
  const heartbeat = setInterval(() => {
    for (const { event, since } of running.values()) say(event, since);
  }, HEARTBEAT_MS).unref();
  return {
    on(event) {
      const since = running.get(event.step)?.since ?? now();
      if (event.state === 'running') running.set(event.step, { since, event });
      else running.delete(event.step);
      say(event, since);
    },
    deadline() {},
    end: () => clearInterval(heartbeat),
  };
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SIGNS = { running: '·', done: '✔', failed: '✖', blocked: '▲' } as const;
const REDRAW_MS = 100;

/** Finished steps stay as one line each; running ones are redrawn below them, ten times a second at most. */
function tree({ terminal, now }: ProgressOptions): Progress {
  const running = new Map<string, { since: Temporal.Instant; words: string }>();
  let drawn = 0;
  let frame = 0;
  let nearest = '';
  const erase = (): void => {
    if (drawn > 0) terminal.err(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const line = (sign: string, step: string, words: string, since: Temporal.Instant): string => {
    const took = spell(secondsBetween(since, now()));
    const room = Math.max(10, terminal.columns - 28);
    return ` ${sign} ${left(step.slice(0, 12), 12)} ${left(clean(words).slice(0, room), room)} ${right(took, 9)}\n`;
  };
  const draw = (): void => {
    erase();
    const sign = FRAMES[frame % FRAMES.length] ?? '·';
    const live = [...running].map(([step, { words, since }]) => line(sign, step, words, since));
    if (nearest !== '' && live.length > 0) live.push(`   ${nearest}\n`);
    terminal.err(live.join(''));
    drawn = live.length;
  };
  const timer = setInterval(() => {
    frame += 1;
    if (running.size > 0) draw();
  }, REDRAW_MS).unref();
  return {
    on({ step, state, words }) {
      const since = running.get(step)?.since ?? now();
      if (state === 'running') {
        running.set(step, { since, words });
        return;
      }
      running.delete(step);
      erase();
      terminal.err(line(SIGNS[state], step, words, since));
      draw();
    },
    deadline(due, words) {
      nearest = due === null ? '' : `${spell(secondsBetween(now(), due))} to the nearest deadline (${words})`;
    },
    end() {
      clearInterval(timer);
      erase();
    },
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false';
}
