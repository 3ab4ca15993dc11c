import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { detectIsolation } from '../sandbox/detect-isolation.ts';
import { fails, warns, works } from './check.ts';
import type { Finding } from './check.ts';

export async function lookAtIsolation(): Promise<Finding> {
  const isolation = await detectIsolation();
  switch (isolation.kind) {
    case 'bubblewrap':
      return works(isolation.detail);
    case 'unshare':
      return warns(isolation.detail, 'install bubblewrap, which also changes the root for good');
    case 'none':
      return fails(isolation.detail, await whatForbids());
  }
}

export async function lookAtLimits(): Promise<Finding> {
  const { limits } = await detectIsolation();
  const words = `memory: ${limits.memory}; processes: ${limits.processes}; time: ${limits.time}`;
  if (limits.memory === 'none') return warns(words, 'install util-linux (prlimit)');
  if (limits.processes === 'none') return warns(words, 'run as an ordinary user, or where cgroups may be made');
  return works(words);
}

export async function lookAtBuildRoot(root: string): Promise<Finding> {
  if ((await stat(join(root, 'oci-layout')).catch(() => undefined)) !== undefined) return works(`${root} (OCI layout)`);
  const shell = await stat(join(root, 'bin/sh')).catch(() => undefined);
  if (shell !== undefined) return works(root);
  const there = await stat(root).catch(() => undefined);
  return there === undefined
    ? fails(`${root} does not exist`, 'set build.root in suture.yaml to a root folder or an OCI layout')
    : fails(`${root} has no bin/sh`, 'set build.root in suture.yaml to a folder that steps can run in');
}

/** The usual settings of distributions that stand in the way, each with the command that lifts it. */
async function whatForbids(): Promise<string> {
  for (const { file, forbids, fix } of KERNEL_SETTINGS) {
    const value = await readFile(file, 'utf8').catch(() => undefined);
    if (value?.trim() === forbids) return fix;
  }
  return 'install bubblewrap (apt-get install bubblewrap, or the same of your system)';
}

const KERNEL_SETTINGS = [
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    fix: 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for bwrap',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    fix: 'sudo sysctl -w kernel.unprivileged_userns_clone=1',
  },
  { file: '/proc/sys/user/max_user_namespaces', forbids: '0', fix: 'sudo sysctl -w user.max_user_namespaces=15000' },
];
