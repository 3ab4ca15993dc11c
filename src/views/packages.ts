/** What changed between two lists of `name=version-revision`. */
export interface PackageChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

export function packageChanges(before: readonly string[], after: readonly string[]): PackageChanges {
  const old = versions(before);
  const fresh = versions(after);
  return {
    added: [...fresh].filter(([name]) => !old.has(name)).map(([name, version]) => `${name} ${version}`),
    removed: [...old].filter(([name]) => !fresh.has(name)).map(([name, version]) => `${name} ${version}`),
    changed: [...fresh].flatMap(([name, to]) => {
      const from = old.get(name);
      return from === undefined || from === to ? [] : [{ name, from, to }];
    }),
  };
}

/** "curl 8.15.0-r0 → 8.15.1-r0, + zlib 1.3.2-r0"; "no package changed" when nothing did. */
export function spellChanges(changes: PackageChanges): string {
  const words = [
    ...changes.changed.map(({ name, from, to }) => `${name} ${from} → ${to}`),
    ...changes.added.map((each) => `+ ${each}`),
    ...changes.removed.map((each) => `− ${each}`),
  ];
  return words.length === 0 ? 'no package changed' : words.join(', ');
}

function versions(packages: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    packages.toSorted().map((each) => {
      const at = each.indexOf('=');
      return at < 0 ? [each, ''] : [each.slice(0, at), each.slice(at + 1)];
    }),
  );
}
