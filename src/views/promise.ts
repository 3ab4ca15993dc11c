import type { Policy } from '../core/promise/policy.ts';
import { spell } from './durations.ts';

/** "critical/high 48 h, medium/low 14 d, from the fixing upstream release". */
export function promiseInOneLine(policy: Policy): string {
  const groups: { seconds: number; levels: string[] }[] = [];
  for (const level of ['critical', 'high', 'medium', 'low'] as const) {
    const seconds = policy.promise[level];
    const last = groups.at(-1);
    if (last?.seconds === seconds) last.levels.push(level);
    else groups.push({ seconds, levels: [level] });
  }
  const hours = groups.map(({ seconds, levels }) => `${levels.join('/')} ${spell(seconds)}`);
  const start =
    policy.clock.start === 'release'
      ? 'from the fixing upstream release'
      : 'from the fixing upstream release, once publicly tied to the vulnerability';
  return `${hours.join(', ')}, ${start}`;
}
