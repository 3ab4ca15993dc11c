import { spawnSync } from 'node:child_process';
import { chmod, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { machineClock } from '../../../src/io/clock.ts';
import { openStore } from '../../../src/io/store/open-store.ts';
import { placesOf } from '../../../src/wire/places.ts';
import { noteWorldTime } from '../../../src/wire/world.ts';
import { bump, put, type World } from '../../support/broken-world.ts';
import type { BadInput } from './case.ts';

const places = (world: World) => placesOf(world.catalog, {});

function inStore(world: World, statement: string): Promise<void> {
  using database = new DatabaseSync(places(world).store);
  database.exec(statement);
  return Promise.resolve();
}

/** Of util-linux: a program in namespaces of its own. */
const unshare = 'unshare';

/** Mounts of its own, for one command. */
const withMounts = (script: string) => (world: World) => [
  unshare,
  '--mount',
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  'sh',
  '-euc',
  `cd ${world.folder} && ${script}`,
  'mounts',
];

function cannotMount(): string | undefined {
  const map = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const tried = spawnSync(unshare, ['--mount', ...map, 'mount', '-t', 'tmpfs', 'none', '/mnt']);
  if (tried.status === 0) return undefined;
  if ((process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('mounts')) throw new Error('mounts are required');
  return 'skipped: nothing can be mounted here';
}

const state = 'catalog/.suture';

export const stores: readonly BadInput[] = [
  {
    name: 'a fact whose words were changed',
    breaks: (world) => inStore(world, "update payloads set json = replace(json, '1.0.0', '9.9.9') where seq = 6"),
    argv: ['ledger', 'verify'],
    code: null,
    exitCode: 2,
    says: /The payload of fact 6 was changed/,
    ruins: true,
  },
  {
    name: 'a fact that was taken out',
    breaks: (world) =>
      inStore(world, 'pragma foreign_keys = off; delete from payloads where seq = 6; delete from facts where seq = 6'),
    argv: ['ledger', 'verify'],
    code: null,
    exitCode: 2,
    says: /Fact 6 is missing before fact 7/,
    ruins: true,
  },
  {
    name: 'a fact that says it was recorded at another time',
    breaks: (world) => inStore(world, "update facts set recorded_at = '2026-03-01T00:00:00Z' where seq = 6"),
    argv: ['ledger', 'verify'],
    code: null,
    exitCode: 2,
    says: /[Ff]act 6/,
    ruins: true,
  },
  {
    name: 'a store that is no database',
    breaks: async (world) => {
      for (const name of await readdir(places(world).state))
        if (name.startsWith('suture.db')) await rm(join(places(world).state, name));
      await writeFile(places(world).store, 'these are my notes, not a database\n'.repeat(200));
    },
    argv: ['status'],
    code: 'E0803',
    exitCode: 69,
    ruins: true,
  },
  {
    name: 'a store that is out of reach',
    prefix: () => ['env', 'DATABASE_URL=postgres://127.0.0.1:1/nobody'],
    argv: ['status'],
    code: 'E0803',
    exitCode: 75,
  },
  {
    name: 'a folder that cannot be written to',
    varies: true,
    breaks: bump,
    skip: cannotMount,
    prefix: withMounts(`mount --bind ${state} ${state} && mount -o remount,ro,bind ${state} && exec "$@"`),
    argv: ['run'],
    code: 'E0803',
    exitCode: 69,
  },
  {
    name: 'a disk that is full',
    varies: true,
    breaks: bump,
    skip: cannotMount,
    prefix: withMounts(
      `mkdir disk && mount --bind ${state} disk && mount -t tmpfs -o size=$(($(du -sk disk | cut -f1) + 24))k full ${state} && cp -a disk/. ${state}/ && code=0 && { "$@" || code=$?; } && rm -rf disk/* && cp -a ${state}/. disk/ && exit $code`,
    ),
    argv: ['run'],
    code: 'E0803',
    exitCode: 75,
  },
  {
    name: 'a second daemon',
    breaks: async (world) => {
      await rm(places(world).world);
      const store = await openStore({ url: places(world).store, clock: machineClock });
      const lock = await store.daemonLock();
      return async () => {
        await lock.release();
        await store.close();
      };
    },
    argv: ['serve', '--port', '0'],
    code: 'E0802',
    exitCode: 75,
  },
  {
    name: 'a signing key that others can read',
    breaks: (world) => chmod(join(places(world).keys, 'signing-key.pem'), 0o644),
    argv: ['run'],
    code: 'E0303',
    exitCode: 77,
  },
  {
    name: 'a signing key that is no key',
    breaks: async (world) => {
      await put(join(places(world).keys, 'signing-key.pem'), 'my key is under the mat\n');
      await chmod(join(places(world).keys, 'signing-key.pem'), 0o600);
    },
    argv: ['run'],
    code: 'E0303',
    exitCode: 77,
  },
  {
    name: 'a clock that went back',
    breaks: async (world) => {
      await bump(world);
      const now = Temporal.Instant.from('2026-03-01T08:00:00Z');
      await noteWorldTime(places(world), { now, notice: 'A made-up world.' });
    },
    argv: ['run'],
    code: 'E0701',
    exitCode: 75,
  },
];
