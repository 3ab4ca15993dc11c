import { existsSync, readFileSync } from 'node:fs';

/** The most memory that this process had so far. Of it alone: `maxRSS` begins with what the process that started it had. */
export function peakMb(): number {
  const peak = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const [, kb] = /^VmHWM:\s+([0-9]+) kB$/m.exec(peak) ?? [];
  return (kb === undefined ? process.resourceUsage().maxRSS : Number(kb)) / 1024;
}
