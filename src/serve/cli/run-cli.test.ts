import assert from 'node:assert/strict';
import { test } from 'node:test';
import { literalOpens, suture } from '../../../test/support/cli.ts';
import { Failure } from '../../core/failure.ts';
import type { Globals } from './globals.ts';

const ESCAPE = '\u001b';

test('runCli() with an unknown command: the nearest one, exit 64', async () => {
  const { exitCode, out, err } = await suture(['statsu']);
  assert.deepEqual({ exitCode, out }, { exitCode: 64, out: '' });
  assert.match(err, /^error\[E0902\]: unknown command 'statsu'\n {2}hint: did you mean status\?/);
});

test('runCli() with an unknown option: the nearest one, exit 64', async () => {
  const { exitCode, err } = await suture(['status', '--limt', '3']);
  assert.equal(exitCode, 64);
  assert.match(err, /did you mean --limit\?/);
});

test('runCli() with a value out of range: exit 64', async () => {
  const { exitCode, err } = await suture(['serve', '--port', '65536']);
  assert.equal(exitCode, 64);
  assert.match(err, /a whole number from 0 to 65535/);
});

test('runCli() with too many operands: exit 64', async () => {
  assert.equal((await suture(['explain', 'a:1', 'b:2'])).exitCode, 64);
});

test('runCli() with a catalog as operand: as --cwd, and E0902 when --cwd names another or there is no such folder', async () => {
  const here = import.meta.dirname;
  const asked: string[] = [];
  const opens = {
    run: async (globals: Globals) => {
      asked.push(globals.cwd);
      return literalOpens.run(globals);
    },
  };
  const ran = await suture(['run', here, '--once'], { opens });
  assert.match(ran.out, new RegExp(`next: suture status --cwd ${here}\n$`));
  await suture(['run', here, '--cwd', `${here}/../cli`], { opens });
  assert.deepEqual(asked, [here, here]);
  for (const argv of [[here, '--cwd', '/'], [`${here}/none`], [import.meta.filename]]) {
    assert.equal((await suture(['run', ...argv], { opens })).exitCode, 64);
  }
  assert.equal(asked.length, 2);
});

test('runCli() with a global option before the command: understood', async () => {
  const { out } = await suture(['--json', 'status']);
  assert.equal((JSON.parse(out) as { schema: string }).schema, 'suture/status/1');
});

test('runCli() with --json and a failure: a problem document on stdout, nothing else', async () => {
  const { exitCode, out, err } = await suture(['explain', 'CVE-1999-0001', '--json']);
  assert.deepEqual({ exitCode, err }, { exitCode: 64, err: '' });
  const { error } = JSON.parse(out) as { error: Record<string, unknown> };
  assert.deepEqual(
    { code: error['code'], exitCode: error['exitCode'], retryable: error['retryable'] },
    { code: 'E0902', exitCode: 64, retryable: false },
  );
});

const failing = (error: unknown) => ({
  ...literalOpens,
  status: async () => {
    throw error;
  },
});

test('runCli() when the world fails: what, where, why, kept, hint and its own exit code', async () => {
  const failure = new Failure('E0602', 'Registry ghcr.example refused to push nginx: HTTP 403', {
    at: 'https://ghcr.example/v2/nginx',
    why: 'the token may only read',
    kept: 'the published image is unchanged',
    hint: 'suture doctor',
  });
  const { exitCode, err } = await suture(['status'], { opens: failing(failure) });
  assert.equal(exitCode, 77);
  assert.equal(
    err,
    `error[E0602]: Registry ghcr.example refused to push nginx: HTTP 403
  ┌─ https://ghcr.example/v2/nginx
  = why   the token may only read
  = kept  the published image is unchanged
  hint: suture doctor
  docs: suture explain E0602
`,
  );
});

test('runCli() when we are wrong: exit 1, and a stack trace only under -vv', async () => {
  const opens = failing(new Error('invariant broken: an image has a layer'));
  const { exitCode, err } = await suture(['status'], { opens });
  assert.equal(exitCode, 1);
  assert.match(err, /^error\[E0901\]: invariant broken/);
  assert.doesNotMatch(err, /run-cli\.test\.ts/);
  assert.match((await suture(['status', '-vv'], { opens })).err, /run-cli\.test\.ts/);
});

test('runCli() when the place is a line of a file: the line with a caret', async () => {
  const failure = new Failure('E0101', 'unknown key', { at: 'golden.ts:1:8' });
  const { err } = await suture(['status'], { opens: failing(failure) });
  assert.match(err, /┌─ golden\.ts:1:8\n1 │ import .*\n {2}│ {8}\^/);
});

test('runCli() with escape sequences in a message: taken out', async () => {
  const failure = new Failure('E0202', 'feed says \u001b[2J\u001b]0;owned\u0007 hello');
  const { err } = await suture(['status'], { opens: failing(failure) });
  assert.equal(err.includes(ESCAPE), false);
});

test('runCli() after Ctrl-C: exit 130, with what was kept', async () => {
  const controller = new AbortController();
  const opens = {
    ...literalOpens,
    run: async () => ({
      notice: null,
      close: async () => {},
      run: async () => {
        controller.abort('SIGINT');
        return { ticks: 1, done: {}, failed: [], problems: [], waiting: [], blocked: [], unavailable: [], settled: [] };
      },
    }),
  };
  const { exitCode, err } = await suture(['run'], { opens, signal: controller.signal });
  assert.equal(exitCode, 130);
  assert.match(err, /cancelled[\s\S]*kept[\s\S]*suture run/);
});

test('runCli() with --color: always colours, NO_COLOR does not, a pipe does not', async () => {
  assert.ok((await suture(['status', '--color', 'always'])).out.includes(`${ESCAPE}[31m`));
  assert.equal((await suture(['status'], { env: { NO_COLOR: '1' } })).out.includes(ESCAPE), false);
  assert.equal((await suture(['status'])).out.includes(ESCAPE), false);
});

test('runCli() run: progress on stderr only, plain outside a terminal', async () => {
  const { out, err } = await suture(['run']);
  assert.match(err, /^11:30:00Z curl {6}running building\n11:30:00Z curl {6}done {4}built, 214 tests {2}0 s\n/);
  assert.doesNotMatch(out, /11:30:00Z/);
  assert.equal(err.includes(ESCAPE), false);
});

test('runCli() ledger verify: how far it is on stderr, and the answer alone on stdout', async () => {
  const ledger = async (globals: Globals) => {
    const deps = await literalOpens.ledger(globals);
    const verify: typeof deps.verify = async (asked) => {
      asked.onProgress(100_000);
      return await deps.verify(asked);
    };
    return { ...deps, verify };
  };
  const { out, err } = await suture(['ledger', 'verify'], { opens: { ledger } });
  assert.match(err, /^11:30:00Z verify {4}running 100000 facts so far\n/);
  assert.match(out, /^ ✔ \d+ facts, each follows/);
});

test('runCli() run in CI on a terminal: plain all the same', async () => {
  const { err } = await suture(['run'], { errIsTty: true, env: { CI: 'true' } });
  assert.equal(err.includes(ESCAPE), false);
});

test('runCli() run with --progress json: one object on each line', async () => {
  const { err } = await suture(['run', '--progress', 'json']);
  assert.deepEqual(
    err
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { state: string }).state),
    ['running', 'done'],
  );
});

test('runCli() run --quiet: no progress', async () => {
  assert.equal((await suture(['run', '-q'])).err, '');
});

test('runCli() with --as-of in the future: refused, as the ledger does not hold it', async () => {
  const { exitCode, err } = await suture(['--as-of', '2999-01-01T00:00:00Z', 'status']);
  assert.equal(exitCode, 64);
  assert.match(err, /--as-of 2999-01-01T00:00:00Z has not come yet/);
});
