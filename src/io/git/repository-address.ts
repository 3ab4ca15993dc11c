import { Failure } from '../../core/failure.ts';
import type { GitProtocol } from './git.ts';

/** The environment that lets git speak the allowed protocols and no other (git(1) GIT_ALLOW_PROTOCOL). */
export function allowedProtocols(protocols: readonly GitProtocol[]): Readonly<Record<string, string>> {
  return { GIT_ALLOW_PROTOCOL: protocols.join(':') };
}

/**
 * Refuses (E0206) addresses that are options in disguise, name a transport that runs programs (`ext::`), go over a
 * protocol that is not allowed, or carry a password.
 */
export function checkAddress(address: string, protocols: readonly GitProtocol[]): void {
  const protocol = protocolOf(address);
  if (protocol === undefined || !protocols.includes(protocol)) {
    throw new Failure('E0206', `The repository address ${withoutPassword(address)} is not allowed`, {
      at: withoutPassword(address),
      why: `allowed are ${protocols.join(', ')}`,
      kept: 'nothing was sent there',
    });
  }
  if (/^[a-z]+:\/\/[^/@]*:[^/@]*@/.test(address)) {
    throw new Failure('E0206', `The repository address ${withoutPassword(address)} carries a password`, {
      at: withoutPassword(address),
      hint: 'use ssh with a key, or a mirror without one',
    });
  }
}

function protocolOf(address: string): GitProtocol | undefined {
  // oxlint-disable-next-line no-control-regex -- a line break would end up in files that git writes
  if (address.startsWith('-') || /[\x00-\x20\x7f]/.test(address) || address.includes('::')) return undefined;
  if (address.startsWith('https://')) return 'https';
  if (address.startsWith('ssh://')) return /^ssh:\/\/([\w.-]+@)?[\w.]/.test(address) ? 'ssh' : undefined;
  if (address.startsWith('file:///') || address.startsWith('/')) return 'file';
  return /^([\w.-]+@)?\w[\w.-]*:[^:]/.test(address) && !address.includes('://') ? 'ssh' : undefined;
}

function withoutPassword(address: string): string {
  return JSON.stringify(address.replace(/:\/\/[^/@]*@/, '://…@').slice(0, 200));
}
