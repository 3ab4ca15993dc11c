import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { conformanceTool } from './tools-root.ts';

/** Where the registry that most people run listens, until the test ends: a host with a port, plain http. */
export async function dockerRegistry(t: TestContext): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'suture-registry-'));
  const server = await conformanceTool(t, 'docker-registry', [folder]);
  if (server === undefined) {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'config.yml');
  await writeFile(
    config,
    [
      'version: 0.1',
      'log: { level: error }',
      `storage: { filesystem: { rootdirectory: ${folder}/data }, delete: { enabled: true } }`,
      `http: { addr: "${host}" }`,
      '',
    ].join('\n'),
  );
  const [program = '', ...words] = server.words;
  const child = spawn(program, [...words, 'serve', config], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const up = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (up?.ok === true) return host;
    await sleep(25);
  }
  return assert.fail(`docker-registry did not start with ${config}`);
}

/** Free a moment ago: docker-registry cannot be told to take any. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
