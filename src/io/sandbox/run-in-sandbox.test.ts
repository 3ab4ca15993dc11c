import assert from 'node:assert/strict';
import { chmod, chown, copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { hostToolsRoot, isolationOr } from '../../../test/support/isolation.ts';
import { Failure } from '../../core/failure.ts';
import { runBounded } from '../process/run-bounded.ts';
import { detect } from './detect-isolation.ts';
import { runInSandbox } from './run-in-sandbox.ts';
import type { SandboxResult, SandboxRun } from './sandbox.ts';

let root = '';
let scratch = '';
before(async () => {
  root = await hostToolsRoot();
  scratch = await mkdtemp(join(tmpdir(), 'suture-sandbox-test-'));
  await chmod(scratch, 0o711);
});
after(() => rm(scratch, { recursive: true, force: true }));

type Kind = 'bubblewrap' | 'unshare';
const kinds: readonly Kind[] = ['bubblewrap', 'unshare'];

async function run(
  t: TestContext,
  kind: Kind,
  script: string,
  more: Partial<SandboxRun> = {},
): Promise<SandboxResult | undefined> {
  const isolation = await isolationOr(t, kind);
  if (isolation === undefined) return undefined;
  return runInSandbox({ ...(await plainRun(script)), ...more }, isolation);
}

async function plainRun(script: string): Promise<SandboxRun> {
  const home = await mkdtemp(join(scratch, 'home-'));
  return {
    root,
    mounts: [{ from: home, to: '/home/build', writable: true }],
    command: ['/bin/sh', '-c', script],
    cwd: '/home/build',
    env: { PATH: '/usr/bin', GREETING: 'a b; $(c)' },
    timeoutSeconds: 20,
    memoryBytes: 2 * 1024 ** 3,
    outputBytesMax: 65_536,
    network: false,
  };
}

for (const kind of kinds) {
  test(`runInSandbox() by ${kind}: exit code, streams, environment and folder are the command's own`, async (t) => {
    const result = await run(t, kind, 'echo "$GREETING"; pwd; env | sort; id -u; echo bad >&2; exit 7');
    if (result === undefined) return;
    assert.equal(result.exitCode, 7);
    assert.equal(result.stderr, 'bad\n');
    assert.equal(result.stdout, 'a b; $(c)\n/home/build\nGREETING=a b; $(c)\nPATH=/usr/bin\nPWD=/home/build\n1000\n');
    assert.equal(result.isolation, kind);
  });

  test(`runInSandbox() by ${kind}: no capabilities, no new privileges, no nested user namespaces`, async (t) => {
    const own = await mkdtemp(join(scratch, 'tools-'));
    const result = await run(
      t,
      kind,
      `grep -E '^(CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs):' /proc/self/status | tr -s '\\t' ' '
       node -e 'const r = require("node:child_process").spawnSync("/usr/bin/unshare", ["-U", "true"]); console.log(r.status !== 0)'`,
      { overlay: { folder: await withTools(own, ['unshare']), writable: false } },
    );
    if (result === undefined) return;
    const none = '0000000000000000';
    assert.equal(
      result.stdout,
      `CapInh: ${none}\nCapPrm: ${none}\nCapEff: ${none}\nCapAmb: ${none}\nNoNewPrivs: 1\ntrue\n`,
      result.stderr,
    );
  });

  test(`runInSandbox() by ${kind}: no network, not even a server on this machine's loopback`, async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    t.after(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const result = await run(
      t,
      kind,
      `node -e 'for (const host of ["127.0.0.1", "1.1.1.1"])
         require("node:net").connect(${address.port}, host).on("connect", () => console.log("connected"))
           .on("error", (e) => console.log(e.code))'
       grep -c : /proc/net/dev`,
    );
    if (result === undefined) return;
    assert.doesNotMatch(result.stdout, /^connected/m);
    assert.match(result.stdout, /ECONNREFUSED|ENETUNREACH/);
    assert.match(result.stdout, /^1$/m, 'lo is the only interface');
  });

  test(`runInSandbox() by ${kind}: root and kernel settings cannot be written, nothing of the host is seen`, async (t) => {
    const secret = join(scratch, `secret-${kind}`);
    await writeFile(secret, 'secret');
    const result = await run(
      t,
      kind,
      `for file in /x /usr/bin/sh /etc/passwd /proc/x; do (echo x >>$file) 2>/dev/null && echo "wrote $file"; done
       now=$(cat /proc/sys/kernel/printk_ratelimit)
       (echo $now >/proc/sys/kernel/printk_ratelimit) 2>/dev/null && echo 'wrote a kernel setting'
       cat ${secret} /proc/1/root${secret} /etc/shadow 2>/dev/null
       ls -d /proc/[0-9]* | wc -l | tr -d ' '
       echo ok >/tmp/x && echo ok >/home/build/x && cat /tmp/x /home/build/x`,
    );
    if (result === undefined) return;
    const [processes, ...rest] = result.stdout.trim().split('\n');
    assert.deepEqual(rest, ['ok', 'ok'], result.stdout);
    assert.ok(Number(processes) < 8, 'only processes of its own');
  });

  test(`runInSandbox() by ${kind}: killed at its time limit with everything it started`, async (t) => {
    const mark = `${41_000 + (process.pid % 1000)}.${kind === 'unshare' ? 1 : 2}`;
    const result = await run(
      t,
      kind,
      `echo started; (sleep ${mark}) & sh -c 'setsid sleep ${mark} & exec sleep ${mark}'`,
      {
        timeoutSeconds: 1,
        overlay: { folder: await withTools(await mkdtemp(join(scratch, 'tools-')), ['setsid']), writable: false },
      },
    );
    if (result === undefined) return;
    assert.equal(result.killedBy, 'timeout');
    assert.equal(result.exitCode, null);
    assert.equal(result.stdout, 'started\n');
    assert.deepEqual(await processesWith(mark), []);
  });

  test(`runInSandbox() by ${kind}: ends with the process that started it, however that ends`, async (t) => {
    if ((await isolationOr(t, kind)) === undefined) return;
    const mark = `${43_000 + (process.pid % 1000)}.${kind === 'unshare' ? 1 : 2}`;
    const program = `
      import { runInSandbox } from ${JSON.stringify(join(import.meta.dirname, 'run-in-sandbox.ts'))};
      import { detect } from ${JSON.stringify(join(import.meta.dirname, 'detect-isolation.ts'))};
      await runInSandbox(${JSON.stringify(await plainRun(`(sleep ${mark}) & sleep ${mark}`))}, await detect('${kind}'));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: scratch },
    });
    await until(async () => (await processesWith(mark)).length === 2);
    child.kill('SIGKILL');
    await until(async () => (await processesWith(mark)).length === 0);
  });

  test(`runInSandbox() by ${kind}: memory is bounded`, async (t) => {
    const result = await run(
      t,
      kind,
      `node -e 'const kept = []; for (let i = 0; i < 40; i++) kept.push(Buffer.alloc(64 << 20, 1)); console.log("had it")' 2>/dev/null`,
      { memoryBytes: 1024 ** 3 },
    );
    if (result === undefined) return;
    assert.notEqual(result.exitCode, 0);
    assert.doesNotMatch(result.stdout, /had it/);
  });

  test(`runInSandbox() by ${kind}: a fork bomb is bounded`, async (t) => {
    const isolation = await isolationOr(t, kind);
    if (isolation === undefined) return;
    if (isolation.limits.processes === 'none') return t.skip('skipped: no limit on processes holds here');
    const script = 'i=0; while [ $i -lt 200 ]; do sleep 3 & i=$((i + 1)); done; echo all started';
    const result = await runInSandbox({ ...(await plainRun(script)), processesMax: 40 }, isolation);
    assert.doesNotMatch(result.stdout, /all started/);
    assert.match(result.stderr, /[Cc]annot fork|Resource temporarily unavailable/);
  });

  test(`runInSandbox() by ${kind}: of its output the end is kept`, async (t) => {
    const result = await run(t, kind, 'seq 1 200000; echo end', { outputBytesMax: 1000 });
    if (result === undefined) return;
    assert.equal(result.exitCode, 0);
    assert.equal(result.stdout.length, 1000);
    assert.ok(result.stdout.endsWith('200000\nend\n'));
    assert.ok(result.droppedBytes > 1_000_000);
  });

  test(`runInSandbox() by ${kind}: an overlay is seen, writable or not, and the root stays as it was`, async (t) => {
    const folder = await anOverlay('overlay-');
    const before = await readFile(join(root, 'etc/passwd'), 'utf8');
    const script =
      'cat /etc/passwd /added; (echo x >>/etc/group) 2>/dev/null && echo wrote; sha256sum </usr/bin/sh >/dev/null';
    const readOnly = await run(t, kind, script, { overlay: { folder, writable: false } });
    // The kernel has another meaning for a comma, so this one is put together file by file.
    const linked = await run(t, kind, script, { overlay: { folder: await anOverlay('over,lay-'), writable: false } });
    const writable = await run(t, kind, script, { overlay: { folder, writable: true } });
    if (readOnly === undefined || linked === undefined || writable === undefined) return;
    assert.equal(readOnly.stdout, 'mine\nadded\n', readOnly.stderr);
    assert.equal(linked.stdout, 'mine\nadded\n', linked.stderr);
    assert.equal(writable.stdout, 'mine\nadded\nwrote\n');
    assert.equal(await readFile(join(root, 'etc/passwd'), 'utf8'), before);
    assert.doesNotMatch(await readFile(join(root, 'etc/group'), 'utf8'), /x$/m);
  });

  test(`runInSandbox() by ${kind} is E0402: a folder of the overlay lies over something else, or the other way`, async (t) => {
    const isolation = await isolationOr(t, kind);
    if (isolation === undefined) return;
    for (const name of ['overlay-', 'over,lay-']) {
      const over = async (make: (folder: string) => Promise<unknown>) => {
        const folder = await anOverlay(name);
        await make(folder);
        return runInSandbox({ ...(await plainRun(':')), overlay: { folder, writable: false } }, isolation);
      };
      const isRefused = (error: unknown) => error instanceof Failure && error.code === 'E0402';
      await assert.rejects(
        over((folder) => mkdir(join(folder, 'etc/group'))),
        isRefused,
      );
      await assert.rejects(
        over((folder) => writeFile(join(folder, 'usr'), '')),
        isRefused,
      );
    }
  });

  test(`runInSandbox() by ${kind}: works for an ordinary user`, async (t) => {
    if (process.getuid?.() !== 0) return t.skip('skipped: this is an ordinary user');
    if ((await isolationOr(t, kind)) === undefined) return;
    const script = 'echo x >/home/build/x && id -u && grep CapEff /proc/self/status | cut -f 2';
    const outcome = await asOrdinaryUser(kind, script);
    assert.deepEqual(outcome, { exitCode: 0, stdout: '1000\n0000000000000000\n' });
    const laidOver = await asOrdinaryUser(kind, `cat /added; ${script}`, await anOverlay('overlay-'));
    assert.deepEqual(laidOver, { exitCode: 0, stdout: 'added\n1000\n0000000000000000\n' });
    const bomb = 'i=0; while [ $i -lt 200 ]; do sleep 3 & i=$((i + 1)); done; echo all started';
    assert.deepEqual(await asOrdinaryUser(kind, bomb), { exitCode: 2, stdout: '' });
  });
}

test('runInSandbox() by none: runs on the host, with paths of mounts put in their place', async () => {
  const isolation = await detect('none');
  assert.match(isolation.detail, /on the host/);
  assert.equal(isolation.limits.time, 'group');
  const request = await plainRun('pwd; echo made >/home/build/file; cat /home/build/file; echo /home/builder');
  const result = await runInSandbox(request, isolation);
  assert.equal(result.stdout, `${request.mounts[0]?.from}\nmade\n/home/builder\n`);
  assert.equal(result.isolation, 'none');
});

test('runInSandbox() is E0403: a mount point of the root is a link out of it', async (t) => {
  const isolation = await isolationOr(t, 'bubblewrap');
  if (isolation === undefined) return;
  const hostile = await mkdtemp(join(scratch, 'hostile-'));
  await mkdir(join(hostile, 'home'));
  await symlink(scratch, join(hostile, 'home/build'));
  await assert.rejects(
    runInSandbox({ ...(await plainRun(':')), root: hostile }, isolation),
    (error) => error instanceof Failure && error.code === 'E0403',
  );
});

test('detect() is E0403: an isolation that is not known', async () => {
  await assert.rejects(detect('docker'), (error) => error instanceof Failure && error.code === 'E0403');
});

/** A folder with a file of its own and one in the place of the root's. */
async function anOverlay(name: string): Promise<string> {
  const folder = await mkdtemp(join(scratch, name));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'etc'));
  await writeFile(join(folder, 'etc/passwd'), 'mine\n');
  await writeFile(join(folder, 'added'), 'added\n');
  return folder;
}

/** A folder with tools laid out as in the root; their libraries are there already. */
async function withTools(folder: string, tools: readonly string[]): Promise<string> {
  await mkdir(join(folder, 'usr/bin'), { recursive: true });
  for (const tool of tools) await copyFile(`/usr/bin/${tool}`, join(folder, 'usr/bin', tool));
  return folder;
}

/** Waits for something that is only a matter of a moment. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (await isSo()) return;
    await sleep(25);
  }
  assert.fail('it did not come about');
}

async function processesWith(argument: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    const words = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (words.split('\0')[0]?.endsWith('sleep') && words.includes(argument)) found.push(name);
  }
  return found;
}

/** The same in a process of another user, whose files the root and the scratch folder are not. */
async function asOrdinaryUser(kind: Kind, script: string, overlay?: string): Promise<unknown> {
  const home = await mkdtemp(join(scratch, 'user-'));
  for (const folder of [home, overlay].filter((each) => each !== undefined)) await chown(folder, 65532, 65532);
  const program = `
    import { runInSandbox } from ${JSON.stringify(join(import.meta.dirname, 'run-in-sandbox.ts'))};
    import { detect } from ${JSON.stringify(join(import.meta.dirname, 'detect-isolation.ts'))};
    const { exitCode, stdout } = await runInSandbox({
      root: ${JSON.stringify(root)}, mounts: [{ from: ${JSON.stringify(home)}, to: '/home/build', writable: true }],
      command: ['/bin/sh', '-c', ${JSON.stringify(script)}], processesMax: 40,
      cwd: '/', env: { PATH: '/usr/bin' }, timeoutSeconds: 20, memoryBytes: 1 << 30, outputBytesMax: 4096, network: false,
      ${overlay === undefined ? '' : `overlay: { folder: ${JSON.stringify(overlay)}, writable: false },`}
    }, await detect('${kind}'));
    console.log(JSON.stringify({ exitCode, stdout }));`;
  const outcome = await runBounded({
    command: [
      'setpriv',
      '--reuid=65532',
      '--regid=65532',
      '--clear-groups',
      process.execPath,
      '--input-type=module',
      '-e',
      program,
    ],
    env: { PATH: process.env['PATH'] ?? '' },
    timeoutSeconds: 30,
    outputBytesMax: 65_536,
    onOverflow: 'tail',
  });
  const text = new TextDecoder();
  return JSON.parse(text.decode(outcome.stdout) || JSON.stringify(text.decode(outcome.stderr)));
}
