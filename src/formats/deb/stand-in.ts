import type { TarEntry } from '../tar/entry.ts';
import type { Alternative } from './alternatives.ts';
import { accountLines } from './account-lines.ts';
import type { MaintainerWork } from './maintainer-work.ts';
import { mergedPath } from './usr-merge.ts';

/** What is made in place of maintainer scripts, none of which is ever run, and what is left undone. */
export interface StandIn {
  /** Links of alternatives, the bundle of certificates. */
  readonly entries: readonly TarEntry[];
  /** Lines for /etc/passwd and /etc/group, without line ends. */
  readonly passwd: readonly string[];
  readonly group: readonly string[];
  /** One sentence for each thing that was done, and for each that was not. */
  readonly done: readonly string[];
  readonly notDone: readonly string[];
}

const BUNDLE = 'etc/ssl/certs/ca-certificates.crt';

/** Decides for a set of packages and the files that they bring together; `mtime` dates what is made. */
export function standIn(
  works: readonly MaintainerWork[],
  tree: { readonly has: (path: string) => boolean; readonly mtime: number },
): StandIn {
  const links = alternativeLinks(works, tree);
  const bundle = works.map(({ certificates }) => certificates).join('');
  const accounts = accountLines(works);
  const entries = [...links.entries];
  if (bundle !== '' && !tree.has(BUNDLE)) entries.push(file(BUNDLE, bundle, tree.mtime));
  const known = new Set([...accounts.passwd, ...accounts.group].map((line) => line.slice(0, line.indexOf(':'))));
  return {
    entries,
    ...accounts,
    done: [
      ...links.done,
      ...(bundle === '' ? [] : [`${bundle.split('-----BEGIN').length - 1} certificates are in one bundle`]),
      ...(accounts.passwd.length === 0 ? [] : [`${accounts.passwd.length} accounts are those that packages declare`]),
    ],
    notDone: works.flatMap((work) => undoneBy(work, known)),
  };
}

function undoneBy({ package: name, accounts, alternativesNotUnderstood }: MaintainerWork, known: ReadonlySet<string>) {
  const absent = accounts.filter((account) => !known.has(account));
  return [
    ...(absent.length === 0 ? [] : [`${name}: its script would create ${absent.join(', ')}`]),
    ...(alternativesNotUnderstood === 0
      ? []
      : [`${name}: ${alternativesNotUnderstood} of its alternatives are only known to its script`]),
  ];
}

/** The alternative with the highest priority of each name whose file is there (update-alternatives(1)), as two links. */
function alternativeLinks(
  works: readonly MaintainerWork[],
  tree: Parameters<typeof standIn>[1],
): { readonly entries: readonly TarEntry[]; readonly done: readonly string[] } {
  const best = new Map<string, Alternative>();
  for (const each of works.flatMap(({ alternatives }) => alternatives)) {
    const before = best.get(each.name);
    if (!tree.has(inTree(each.path)) || (before !== undefined && before.priority >= each.priority)) continue;
    best.set(each.name, each);
  }
  const made = new Map<string, TarEntry>();
  const done: string[] = [];
  for (const { name, link, path, slaves } of [...best.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (tree.has(inTree(link))) continue;
    done.push(`${link} is ${path}`);
    for (const each of [{ name, link, path }, ...slaves]) {
      if (!tree.has(inTree(each.path)) || tree.has(inTree(each.link))) continue;
      const indirect = `etc/alternatives/${each.name}`;
      made.set(inTree(each.link), symlink(inTree(each.link), `/${indirect}`, tree.mtime));
      made.set(indirect, symlink(indirect, each.path, tree.mtime));
    }
  }
  return { entries: [...made.values()], done };
}

function inTree(path: string): string {
  return mergedPath(path.replace(/^\/+/, ''));
}

function symlink(path: string, linkTarget: string, mtime: number): TarEntry {
  return { path, kind: 'symlink', mode: 0o777, uid: 0, gid: 0, mtime, linkTarget };
}

function file(path: string, text: string, mtime: number): TarEntry {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime, content: Buffer.from(text) };
}
