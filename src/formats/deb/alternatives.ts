import { scriptCalls } from './script-calls.ts';
import type { Argument } from './script-calls.ts';

/** A file that offers itself under a common name (update-alternatives(1)): `/usr/bin/mawk` for `/usr/bin/awk`. */
export interface Alternative extends AlternativeLink {
  readonly priority: number;
  /** Links that follow it: its manual page. */
  readonly slaves: readonly AlternativeLink[];
}

export interface AlternativeLink {
  /** The generic name: `/usr/bin/awk`. */
  readonly link: string;
  /** Below /etc/alternatives: `awk`. */
  readonly name: string;
  /** What it leads to. */
  readonly path: string;
}

/** What a postinst would install with update-alternatives, as far as its text says so; the rest is counted. */
export function alternativesOf(script: string): {
  readonly alternatives: readonly Alternative[];
  readonly notUnderstood: number;
} {
  const calls = scriptCalls(script, ['update-alternatives'])
    .map((call) => call.arguments)
    .filter((words) => words.includes('--install'));
  const alternatives = calls.flatMap((words) => alternativeOf(words) ?? []);
  return { alternatives, notUnderstood: calls.length - alternatives.length };
}

function alternativeOf(words: readonly Argument[]): Alternative | undefined {
  let master: Omit<Alternative, 'slaves'> | undefined;
  const slaves: AlternativeLink[] = [];
  for (let at = 0; at < words.length; ) {
    switch (words[at]) {
      case '--install': {
        const link = linkOf(words.slice(at + 1, at + 4));
        const priority = words[at + 4] ?? '';
        if (link === undefined || master !== undefined || !/^-?[0-9]{1,9}$/.test(priority)) return undefined;
        master = { ...link, priority: Number(priority) };
        at += 5;
        break;
      }
      case '--slave': {
        const link = linkOf(words.slice(at + 1, at + 4));
        if (link === undefined) return undefined;
        slaves.push(link);
        at += 4;
        break;
      }
      case '--quiet':
      case '--verbose':
      case '--force':
      case '--skip-auto':
        at += 1;
        break;
      default:
        return undefined;
    }
  }
  return master === undefined ? undefined : { ...master, slaves };
}

/** Link and path are absolute and plain; the name is a file's. */
function linkOf([link, name, path]: readonly Argument[]): AlternativeLink | undefined {
  if (typeof link !== 'string' || typeof name !== 'string' || typeof path !== 'string') return undefined;
  const areFiles = [link, path].every((text) => /^(?:\/[^/\s]+)+$/.test(text) && !/\/\.\.?(?:\/|$)/.test(text));
  return areFiles && /^[^/\s]{1,200}$/.test(name) && !/^\.\.?$/.test(name) ? { link, name, path } : undefined;
}
