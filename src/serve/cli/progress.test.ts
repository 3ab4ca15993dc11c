import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progress } from './progress.ts';
import type { Terminal } from './terminal.ts';

const START = Temporal.Instant.from('2026-08-02T11:30:00Z');

/** A terminal that records, and a clock that is set by hand. */
function recording(errIsTty: boolean) {
  let written = '';
  let elapsed = 0;
  const terminal: Terminal = {
    out: () => {},
    err: (text: string) => void (written += text),
    outIsTty: errIsTty,
    errIsTty,
    isInteractive: errIsTty,
    columns: 80,
    env: {},
  };
  const now = (): Temporal.Instant => START.add({ seconds: elapsed });
  return {
    options: { terminal, now, quiet: false },
    pass: (seconds: number) => void (elapsed += seconds),
    written: () => written,
  };
}

test('progress() on a terminal: one line for each finished step, with what it took', () => {
  const screen = recording(true);
  const shown = progress('auto', screen.options);
  shown.on({ step: 'fetch', state: 'running', words: '3 sources' });
  screen.pass(125);
  shown.on({ step: 'fetch', state: 'done', words: '3 sources, signatures good' });
  shown.on({ step: 'nginx:1.28', state: 'blocked', words: 'a person must decide' });
  shown.end();
  const lines = screen.written().split('\n');
  assert.match(lines[0] ?? '', /^ ✔ fetch {8}3 sources, signatures good {20,}2 m 05 s$/);
  assert.match(lines[1] ?? '', /^ ▲ nginx:1\.28 {3}a person must decide/);
});

test('progress() on a terminal of 80 columns: no line is longer', () => {
  const screen = recording(true);
  const shown = progress('auto', screen.options);
  shown.on({ step: 'a-very-long-step-name', state: 'done', words: 'word '.repeat(50) });
  shown.end();
  for (const line of screen.written().split('\n')) assert.ok(Array.from(line).length <= 80, line);
});

test('progress() in a pipe: plain lines with time and duration', () => {
  const screen = recording(false);
  const shown = progress('auto', screen.options);
  shown.on({ step: 'curl', state: 'running', words: 'test 41 %' });
  screen.pass(182);
  shown.on({ step: 'curl', state: 'failed', words: 'one test failed' });
  shown.end();
  assert.equal(
    screen.written(),
    '11:30:00Z curl      running test 41 %\n11:33:02Z curl      failed  one test failed  3 m 02 s\n',
  );
});

test('progress() with words from outside: escape sequences are taken out', () => {
  const screen = recording(false);
  const shown = progress('plain', screen.options);
  shown.on({ step: 'curl', state: 'done', words: 'says \u001b[2J\u202ehello' });
  shown.end();
  assert.match(screen.written(), /says hello/);
});

test('progress() none: silence', () => {
  const screen = recording(true);
  progress('none', screen.options).on({ step: 'curl', state: 'failed', words: 'x' });
  assert.equal(screen.written(), '');
});
