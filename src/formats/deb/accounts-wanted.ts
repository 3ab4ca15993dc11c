import { scriptCalls } from './script-calls.ts';
import type { ScriptCall } from './script-calls.ts';

/**
 * Names of the users and groups that a postinst would create with adduser(8), useradd(8) and their like, as far as its
 * text says so, each once in the order of the script.
 */
export function accountsWanted(script: string): readonly string[] {
  return [...new Set(scriptCalls(script, programs).flatMap((call) => accountOf(call) ?? []))];
}

const programs = ['adduser', 'useradd', 'addgroup', 'groupadd'];

/** Options that take the word behind them, of all four programs. */
const withValue = new Set(
  (
    '--home --shell --gecos --comment --uid --gid --ingroup --firstuid --lastuid --firstgid --lastgid --conf --add_extra ' +
    '--home-dir --base-dir --skel --groups --key --expiredate --inactive --password --root --prefix --selinux-user ' +
    '-d -b -s -c -u -g -G -k -K -e -f -p -R -P -Z'
  ).split(' '),
);

function accountOf({ program, arguments: words }: ScriptCall): string | undefined {
  const names: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (typeof word !== 'string') continue;
    if (withValue.has(word) && !(program === 'groupadd' && word === '-f')) at += 1;
    else if (!word.startsWith('-')) names.push(word);
  }
  // `adduser USER GROUP` puts one that is there into a group.
  const [name = '', ...others] = names;
  const isAccount = others.length === 0 && /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(name);
  return isAccount ? name : undefined;
}
