import type { IsolatedCommand } from './bubblewrap.ts';

/**
 * Without isolation the command runs on the host, in the host's own root; paths of mounts, wherever they appear in
 * words, environment and working folder, become the folders that would have been mounted there.
 */
export function hostCommand(run: IsolatedCommand): {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
} {
  const onHost = (text: string) =>
    run.mounts.reduce((result, mount) => replacePath(result, mount.to, mount.from), text);
  return {
    words: run.command.map(onHost),
    env: Object.fromEntries(Object.entries(run.env).map(([name, value]) => [name, onHost(value)])),
    cwd: onHost(run.cwd),
  };
}

/** Replaces a path and what lies below it, not other paths that merely begin alike. */
function replacePath(text: string, path: string, by: string): string {
  const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\w/.-])${escaped}(?![\\w.-])`, 'g'), () => by);
}
