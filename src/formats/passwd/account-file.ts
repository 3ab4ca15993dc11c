import type { Account } from '../../core/compat/image-facts.ts';

const BYTES_MAX = 2 ** 20;
const ACCOUNTS_MAX = 10_000;

/**
 * Who is listed in etc/passwd or etc/group (passwd(5), group(5)); undefined for every other path. Forgiving, as the C
 * library is: a damaged line is passed over, and of two lines for one name the first counts.
 */
export function accountsOfFile(path: string, content: Uint8Array): readonly Account[] | undefined {
  const parse = PARSERS.get(path);
  if (parse === undefined) return undefined;
  const accounts = new Map<string, Account>();
  for (const line of new TextDecoder().decode(content.subarray(0, BYTES_MAX)).split('\n')) {
    const account = parse(line.trim().split(':'));
    if (account === undefined || accounts.has(account.name)) continue;
    accounts.set(account.name, account);
    if (accounts.size === ACCOUNTS_MAX) break;
  }
  return [...accounts.values()];
}

const PARSERS: ReadonlyMap<string, (fields: readonly string[]) => Account | undefined> = new Map([
  ['etc/passwd', userOf],
  ['etc/group', groupOf],
]);

/** `app:x:1000:1000:The app:/srv:/bin/sh` */
function userOf(fields: readonly string[]): Account | undefined {
  const [name, , uid, gid, , home, shell] = fields;
  const [id, groupId] = [numberOf(uid), numberOf(gid)];
  if (fields.length !== 7 || !isName(name) || id === undefined || groupId === undefined) return undefined;
  return { kind: 'user', name, id, groupId, home: home ?? '', shell: shell ?? '' };
}

/** `adm:x:4:syslog,app` */
function groupOf(fields: readonly string[]): Account | undefined {
  const [name, , gid, members] = fields;
  const id = numberOf(gid);
  if (fields.length !== 4 || !isName(name) || id === undefined) return undefined;
  return { kind: 'group', name, id, members: (members ?? '').split(',').filter((member) => member !== '') };
}

/** Lines that start with `+` or `-` call for another source of accounts (nsswitch.conf(5), compat mode). */
function isName(name: string | undefined): name is string {
  return name !== undefined && /^[^+\-\s#:,/][^\s:,/]{0,255}$/.test(name);
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,10}$/.test(text) ? Number(text) : undefined;
}
