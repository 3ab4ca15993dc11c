import { readFileSync } from 'node:fs';
import type { Architecture } from '../../core/fact.ts';

/**
 * Whether programs of an architecture run on this machine, in a root of their own: by themselves, or through the kernel's
 * emulator table with flag F, which needs no emulator inside of the root (Linux admin-guide/binfmt-misc.rst).
 */
export function runsHere(architecture: Architecture): boolean {
  if (architecture === ownArchitecture()) return true;
  const emulator = { amd64: 'qemu-x86_64', arm64: 'qemu-aarch64' }[architecture];
  return isEnabled(`/proc/sys/fs/binfmt_misc/${emulator}`);
}

function isEnabled(file: string): boolean {
  try {
    const entry = readFileSync(file, 'utf8');
    return /^enabled$/m.test(entry) && /^flags:.*F/m.test(entry);
  } catch {
    return false;
  }
}

function ownArchitecture(): Architecture | undefined {
  if (process.arch === 'x64') return 'amd64';
  return process.arch === 'arm64' ? 'arm64' : undefined;
}
