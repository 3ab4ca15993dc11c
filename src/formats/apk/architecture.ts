import type { Architecture } from '../../core/fact.ts';

/** What apk calls an architecture. */
export function apkArchitecture(architecture: Architecture): string {
  return architecture === 'amd64' ? 'x86_64' : 'aarch64';
}
