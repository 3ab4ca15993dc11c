import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MOUNT = '/sys/fs/cgroup';
let made = 0;

/** Which controllers we may divide, and whether they follow version 1 (a folder each) or 2 (one folder). */
export interface OurCgroups {
  readonly memory: boolean;
  readonly pids: boolean;
}

/** A group of one run. Processes are put in by whoever starts them, through `join`. */
export interface RunCgroup {
  /** Files to write one's process id into. */
  readonly join: readonly string[];
  /** Whether the kernel killed something in it for lack of memory. */
  outOfMemory(): Promise<boolean>;
  /** Removes it, once empty. */
  remove(): Promise<void>;
}

/**
 * Groups have one writer: another manager's group (systemd's, a container engine's) is not ours to divide, and leaving
 * it would leave its limits. So a controller is used only where this process sits at its top (which is also what a
 * container with a cgroup namespace of its own sees), and only by root. Kernel docs: cgroup-v1/, cgroup-v2.rst.
 */
export async function cgroupsAreOurs(): Promise<OurCgroups> {
  if (process.getuid?.() !== 0) return { memory: false, pids: false };
  const places = await groupFolders();
  return { memory: places.memory !== undefined, pids: places.pids !== undefined };
}

/** Makes a group with the given limits in whichever controllers are ours; undefined when none is. */
export async function makeRunCgroup(limits: {
  readonly memoryBytes: number;
  readonly processesMax: number;
}): Promise<RunCgroup | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const places = await groupFolders();
  for (const place of new Set([places.memory, places.pids])) await sweep(place);
  made += 1;
  const name = `suture-${process.pid}-${made}`;
  const folders = new Set<string>();
  const memory = await limit(
    places.memory,
    name,
    places.version === 2 ? 'memory.max' : 'memory.limit_in_bytes',
    limits.memoryBytes,
  );
  const pids = await limit(places.pids, name, 'pids.max', limits.processesMax);
  for (const folder of [memory, pids]) if (folder !== undefined) folders.add(folder);
  if (folders.size === 0) return undefined;
  return {
    join: [...folders].map((folder) => join(folder, 'cgroup.procs')),
    outOfMemory: async () => memory !== undefined && /oom_kill [1-9]/.test(await oomEvents(memory, places.version)),
    remove: async () => {
      for (const folder of folders) await removeWhenEmpty(folder);
    },
  };
}

interface GroupFolders {
  readonly version: 1 | 2;
  readonly memory: string | undefined;
  readonly pids: string | undefined;
}

async function groupFolders(): Promise<GroupFolders> {
  const own = await readFile('/proc/self/cgroup', 'utf8').catch(() => '');
  const unified = await readFile(join(MOUNT, 'cgroup.subtree_control'), 'utf8').catch(() => undefined);
  if (unified !== undefined) {
    const ours = own.includes('0::/\n') && (await isWritable(MOUNT));
    const enabled = (name: string) => (ours && unified.split(/\s/).includes(name) ? MOUNT : undefined);
    return { version: 2, memory: enabled('memory'), pids: enabled('pids') };
  }
  const atTop = async (name: string) => {
    const folder = join(MOUNT, name);
    return new RegExp(`^\\d+:${name}:/$`, 'm').test(own) && (await isWritable(folder)) ? folder : undefined;
  };
  return { version: 1, memory: await atTop('memory'), pids: await atTop('pids') };
}

/** Containers often see the hierarchy read-only: only making a group tells. */
async function isWritable(folder: string): Promise<boolean> {
  const probe = join(folder, `suture-probe-${process.pid}`);
  try {
    await mkdir(probe);
    await rmdir(probe);
    return true;
  } catch {
    return false;
  }
}

async function limit(parent: string | undefined, name: string, file: string, value: number) {
  if (parent === undefined) return undefined;
  const folder = join(parent, name);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), String(value));
    return folder;
  } catch {
    await rmdir(folder).catch(() => {});
    return undefined;
  }
}

function oomEvents(folder: string, version: 1 | 2): Promise<string> {
  return readFile(join(folder, version === 2 ? 'memory.events' : 'memory.oom_control'), 'utf8').catch(() => '');
}

const STALE_SECONDS = 60;

/** Removes empty groups that a killed factory left behind. */
async function sweep(place: string | undefined): Promise<void> {
  if (place === undefined) return;
  for (const name of await readdir(place)) {
    const pid = /^suture-(\d+)-\d+$/.exec(name)?.[1];
    if (pid === undefined || (await exists(`/proc/${pid}`))) continue;
    const found = await stat(join(place, name)).catch(() => undefined);
    const isStale = found !== undefined && Date.now() - found.mtimeMs > STALE_SECONDS * 1000;
    if (isStale) await rmdir(join(place, name)).catch(() => {}); // somebody is still in it
  }
}

/** Killed processes leave their group a moment after they are gone. */
async function removeWhenEmpty(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const gone = await rmdir(folder).then(
      () => true,
      async () => !(await exists(folder)),
    );
    if (gone) return;
    await sleep(20);
  }
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
