import { existsSync } from 'node:fs';
import type { Architecture } from '../../core/fact.ts';

/** Whether programs of an architecture run on this machine, by themselves or through the kernel's emulator table. */
export function runsHere(architecture: Architecture): boolean {
  if (architecture === ownArchitecture()) return true;
  const emulator = { amd64: 'qemu-x86_64', arm64: 'qemu-aarch64' }[architecture];
  return existsSync(`/proc/sys/fs/binfmt_misc/${emulator}`);
}

function ownArchitecture(): Architecture | undefined {
  if (process.arch === 'x64') return 'amd64';
  return process.arch === 'arm64' ? 'arm64' : undefined;
}
