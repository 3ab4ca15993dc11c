import type { MaintainerWork } from './maintainer-work.ts';
import { type Sysuser, sysusersOf } from './sysusers.ts';

/** First of the numbers that systems give to accounts of their own (Debian Policy 9.2.2), counted downwards. */
const SYSTEM_ID_MAX = 999;

/**
 * Lines of passwd(5) and group(5) for the accounts that packages declare: the master files of base-passwd as they are, and
 * sysusers.d(5) with numbers given in the order of names where it leaves them open.
 */
export function accountLines(works: readonly MaintainerWork[]): {
  readonly passwd: readonly string[];
  readonly group: readonly string[];
} {
  const passwd = firstOfEach(works.flatMap(({ passwd: text }) => linesOf(text)));
  const group = firstOfEach(works.flatMap(({ group: text }) => linesOf(text)));
  const numbers = new Numbers([...passwd.values(), ...group.values()]);
  for (const each of declared(works)) {
    const id = each.id ?? numbers.next();
    if (!group.has(each.name)) group.set(each.name, `${each.name}:x:${each.gid ?? id}:`);
    if (each.kind === 'user' && !passwd.has(each.name)) {
      passwd.set(each.name, `${each.name}:x:${id}:${each.gid ?? id}:${each.gecos}:${each.home}:${each.shell}`);
    }
  }
  return { passwd: [...passwd.values()], group: [...group.values()] };
}

function declared(works: readonly MaintainerWork[]): readonly Sysuser[] {
  return works.flatMap(({ sysusers }) => sysusersOf(sysusers)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** base-passwd's master files hold `*` for a password: nobody logs in by one. */
function firstOfEach(lines: readonly string[]): Map<string, string> {
  const byName = new Map<string, string>();
  for (const line of lines) {
    const [name = '', , ...rest] = line.split(':');
    if (name !== '' && !byName.has(name)) byName.set(name, [name, 'x', ...rest].join(':'));
  }
  return byName;
}

class Numbers {
  readonly #taken: ReadonlySet<number>;
  #next = SYSTEM_ID_MAX;

  constructor(lines: readonly string[]) {
    this.#taken = new Set(lines.map((line) => Number(line.split(':')[2])));
  }

  next(): number {
    while (this.#taken.has(this.#next)) this.#next -= 1;
    const id = this.#next;
    this.#next -= 1;
    return id;
  }
}
