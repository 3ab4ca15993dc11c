import { mergedFolders } from '../../formats/deb/usr-merge.ts';
import { databaseFormat } from '../../formats/deb/package-files.ts';
import { standIn } from '../../formats/deb/stand-in.ts';
import type { TarEntry } from '../../formats/tar/entry.ts';
import type { TopLayerInput } from './apk-top-layer.ts';
import { groupText, passwdText } from './image-accounts.ts';
import { TopTree } from './top-tree.ts';

/**
 * What no package brings to an image based on Debian: dpkg's database, the links of merged /usr, accounts, and what stands
 * in for maintainer scripts. Says what was made in their place and what was left undone.
 */
export function debTopLayer(input: TopLayerInput & { readonly release: string | null }): {
  readonly entries: TarEntry[];
  readonly notes: readonly string[];
} {
  const { packages, line, owned, release } = input;
  const mtime = Math.max(0, ...packages.map((one) => one.builtAt));
  const top = new TopTree(owned, mtime);
  top.standardFolders(line);
  for (const name of mergedFolders) if (owned.has(`usr/${name}`) && !owned.has(name)) top.link(name, `usr/${name}`);
  top.file('var/lib/dpkg/status', packages.map((one) => one.record).join(''));
  top.add(databaseFormat(mtime));
  const made = standIn(
    packages.flatMap(({ own }) => (own.format === 'deb' ? [own.work] : [])),
    { has: (path) => owned.has(path), mtime },
  );
  for (const entry of made.entries) top.add(entry);
  if (!top.has('etc/os-release') && !top.has('usr/lib/os-release')) top.file('etc/os-release', osRelease(release));
  top.file('etc/passwd', passwdText(made.passwd, line));
  top.file('etc/group', groupText(made.group, line));
  const noScripts = packages.some(({ own }) => own.format === 'deb' && own.work.scripts.length > 0)
    ? ['no maintainer script was run']
    : [];
  return {
    entries: top.entries(),
    notes: [...noScripts, ...made.done, ...made.notDone.map((text) => `left undone: ${text}`)],
  };
}

/** os-release(5), where base-files is not in the image: scanners read from it whose advisories count. */
function osRelease(release: string | null): string {
  const version = release === null || !/^[0-9.]+$/.test(release) ? [] : [`VERSION_ID="${release}"`];
  const name = ['Debian GNU/Linux', ...(release === null ? [] : [release])].join(' ');
  return ['ID=debian', 'NAME="Debian GNU/Linux"', `PRETTY_NAME="${name}"`, ...version]
    .map((line) => `${line}\n`)
    .join('');
}
