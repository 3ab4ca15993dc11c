import { findingsAbout } from './findings-about.ts';
import type { CompatibilityFinding } from './compare-images.ts';
import type { Account, ImageFacts } from './image-facts.ts';

/** Users and groups that are gone, or are somebody else now. New ones are fine. */
export function changedAccounts(previous: ImageFacts, next: ImageFacts): readonly CompatibilityFinding[] {
  const now = new Map(next.accounts.map((account) => [keyOf(account), account]));
  const changed = previous.accounts.flatMap((before) => {
    const after = now.get(keyOf(before));
    const what = after === undefined ? ['is gone'] : changesOf(before, after);
    return what.length === 0 ? [] : [`${keyOf(before)} ${what.join(' and ')}`];
  });
  return findingsAbout('user-changed', changed, (count) =>
    count === 1 ? '1 account is gone or changed' : `${count} accounts are gone or changed`,
  );
}

function keyOf({ kind, name }: Account): string {
  return `${kind} ${name}`;
}

function changesOf(before: Account, after: Account): readonly string[] {
  const now = fieldsOf(after);
  return [
    ...[...fieldsOf(before)].flatMap(([field, value]) => {
      const then = now.get(field) ?? '';
      return then === value ? [] : [`has ${field} ${then} instead of ${value}`];
    }),
    ...lostMembers(before, after).map((member) => `lost its member ${member}`),
  ];
}

function fieldsOf(account: Account): ReadonlyMap<string, string> {
  switch (account.kind) {
    case 'user':
      return new Map([
        ['uid', `${account.id}`],
        ['gid', `${account.groupId}`],
        ['home', account.home],
        ['shell', account.shell],
      ]);
    case 'group':
      return new Map([['gid', `${account.id}`]]);
  }
}

function lostMembers(before: Account, after: Account): readonly string[] {
  if (before.kind !== 'group' || after.kind !== 'group') return [];
  return before.members.filter((member) => !after.members.includes(member));
}
