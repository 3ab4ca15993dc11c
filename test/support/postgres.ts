import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A PostgreSQL server of one's own: a temporary folder, a unix socket in it, nothing on the network. */
export interface PostgresServer {
  /** A fresh, empty database, as an address for `openStore`. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

const startMilliseconds = 20_000;

/**
 * Undefined when no `initdb` is on this machine: what needs it is then skipped with words, or fails where
 * `SUTURE_REQUIRE` names `postgres`.
 */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const programs = programsFolder();
  if (programs === undefined) {
    if ((process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('postgres')) throw new Error('no initdb found');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'suture-postgres-'));
  const data = join(folder, 'data');
  const asUser = unprivileged(folder);
  const run = ([command = '', ...rest]: readonly string[]) =>
    execFileSync(command, rest, { cwd: folder, stdio: 'pipe' });
  run([...asUser, join(programs, 'initdb'), '-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8']);

  const options = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=60'];
  const [command = '', ...rest] = [...asUser, join(programs, 'postgres'), ...options];
  const server = spawn(command, rest, { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<void>((done) => server.once('exit', () => done()));
  // A test that is interrupted takes the server with it: SIGQUIT is PostgreSQL's immediate shutdown.
  const onExit = () => void server.kill('SIGQUIT');
  process.once('exit', onExit);

  const addressOf = (database: string) => `postgres://postgres@localhost/${database}?host=${folder}`;
  await answers(addressOf('postgres'));
  let databases = 0;
  return {
    async database() {
      databases += 1;
      const name = `store_${databases}`;
      await query(addressOf('postgres'), `create database ${name}`);
      return addressOf(name);
    },
    async stop() {
      process.off('exit', onExit);
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function programsFolder(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(debian, version, 'bin'));
  return [...folders, ...(process.env['PATH'] ?? '').split(delimiter)].find((each) => existsSync(join(each, 'initdb')));
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made, who must own the folder. */
function unprivileged(folder: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  execFileSync('chown', ['postgres:postgres', folder]);
  // The server goes when its parent goes, even when that was killed.
  return ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--pdeathsig=QUIT', '--'];
}

async function answers(address: string): Promise<void> {
  const end = performance.now() + startMilliseconds;
  for (;;) {
    try {
      return await query(address, 'select 1');
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(50);
    }
  }
}

async function query(address: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
