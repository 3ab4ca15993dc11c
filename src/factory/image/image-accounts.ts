import type { Line } from '../../core/catalog/catalog.ts';

const baseUsers = ['root:x:0:0:root:/root:/bin/sh', 'nobody:x:65534:65534:nobody:/:/bin/false'];
const baseGroups = ['root:x:0:', 'nobody:x:65534:'];

/** Text of passwd(5): the accounts that packages bring, root and nobody, and the user that the image runs as. */
export function passwdText(brought: readonly string[], { user }: Pick<Line, 'user'>): string {
  const home = user === null || user.uid === 0 ? '/root' : `/home/${user.name}`;
  const own = user === null ? [] : [`${user.name}:x:${user.uid}:${user.gid}::${home}:/bin/sh`];
  return merged(brought, [...baseUsers, ...own]);
}

/** Text of group(5), in the same way. */
export function groupText(brought: readonly string[], { user }: Pick<Line, 'user'>): string {
  return merged(brought, [...baseGroups, ...(user === null ? [] : [`${user.name}:x:${user.gid}:`])]);
}

/** The first line of a name counts. */
function merged(brought: readonly string[], added: readonly string[]): string {
  const lines = [...brought.flatMap((text) => text.split('\n').filter((line) => line !== '')), ...added];
  const byName = new Map<string, string>();
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(':'));
    if (!byName.has(name)) byName.set(name, line);
  }
  return [...byName.values()].map((line) => `${line}\n`).join('');
}
