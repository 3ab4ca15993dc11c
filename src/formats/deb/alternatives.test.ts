import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alternativesOf } from './alternatives.ts';

const link = (name: string, path: string, folder = '/usr/bin') => ({ link: `${folder}/${name}`, name, path });
const cc = { ...link('cc', '/usr/bin/gcc'), priority: 20, slaves: [] };

test('alternativesOf() reads calls over several lines, with slaves, options and a comment that ends them', () => {
  const script = `#!/bin/sh
set -e
update-alternatives --quiet \\
    --install /usr/bin/cc cc /usr/bin/gcc 20 \\
    #--slave /usr/share/man/man1/cc.1.gz cc.1.gz /usr/share/man/man1/gcc.1.gz

if [ "$1" = configure ] && ! false; then
\tupdate-alternatives --install "/usr/bin/awk" 'awk' /usr/bin/mawk -5 \\
\t  --slave /usr/bin/nawk nawk /usr/bin/mawk --slave /usr/share/man/man1/awk.1.gz awk.1.gz \\
\t  /usr/share/man/man1/mawk.1.gz >/dev/null 2>&1 || true
fi
`;
  assert.deepEqual(alternativesOf(script), {
    alternatives: [
      cc,
      {
        ...link('awk', '/usr/bin/mawk'),
        priority: -5,
        slaves: [
          link('nawk', '/usr/bin/mawk'),
          link('awk.1.gz', '/usr/share/man/man1/mawk.1.gz', '/usr/share/man/man1'),
        ],
      },
    ],
    notUnderstood: 0,
  });
});

const install = 'update-alternatives --install /usr/bin/cc cc /usr/bin/gcc 20';

for (const [what, script] of [
  ['at the end without line feed', install],
  ['behind a wrapper', `in_sysroot ${install}\n`],
  ['by its path', `/usr/bin/${install}`],
  ['after then on one line', `if true; then ${install}; fi`],
  ['in a case', `case "$1" in\n  configure) ${install} ;;\nesac`],
  ['with variables that are set once before', `ver=gcc\nprio=20\n${install.replace('gcc 20', '${ver} $prio')}`],
  ['beside a here document', `cat <<-'EOF' >/tmp/x\n\tit's "\n\tEOF\n${install}`],
  ['beside a substitution', `x=$(echo ")" \\) (y))\n${install}`],
] as const) {
  test(`alternativesOf() understands a call ${what}`, () => {
    assert.deepEqual(alternativesOf(script), { alternatives: [cc], notUnderstood: 0 });
  });
}

for (const [what, script] of [
  ['a variable from elsewhere', install.replace('cc cc', '$name cc')],
  ['a variable that is set twice', `p=20\np=30\n${install.replace('20', '$p')}`],
  ['a variable that is set under a condition', `[ x ] && p=20\n${install.replace('20', '$p')}`],
  ['a variable that is set in a branch', `if x; then\np=20\nfi\n${install.replace('20', '$p')}`],
  ['a variable that is set after', `${install.replace('20', '$p')}\np=20`],
  ['a variable of a loop', `for p in 20 30; do ${install.replace('20', '$p')}; done`],
  ['a variable for one command', `p=20 true\n${install.replace('20', '$p')}`],
  ['a variable that is read', `p=20\nread p\n${install.replace('20', '$p')}`],
  ['an expansion with default', install.replace('20', '${p:-20}')],
  ['a substitution', install.replace('20', '$(prio)')],
  ['backticks', install.replace('20', '`prio`')],
  ['arguments of the script', install.replace('20', '"$@"')],
  ['a pattern', install.replace('bin/gcc', 'bin/gcc-*')],
  ['a priority that is none', install.replace('20', 'high')],
  ['a relative link', install.replace('/usr/bin/cc', 'cc')],
  ['a link that climbs', install.replace('/usr/bin/cc', '/usr/../etc/cc')],
  ['a path that climbs', install.replace('/usr/bin/gcc', '/usr/bin/..')],
  ['a name with a slash', install.replace('cc cc', 'cc ../cc')],
  ['too few words', 'update-alternatives --install /usr/bin/cc cc'],
  ['half a slave', `${install} --slave /usr/bin/x x`],
  ['an option that is unknown here', `update-alternatives --altdir /x ${install.slice(20)}`],
  ['two installs in one', `${install} ${install.slice(20)}`],
] as const) {
  test(`alternativesOf() counts what it does not understand: ${what}`, () => {
    assert.deepEqual(alternativesOf(script), { alternatives: [], notUnderstood: 1 });
  });
}

for (const [what, script] of [
  ['in a comment', `# ${install}`],
  ['in a here document', `cat <<EOF\n${install}\nEOF\n`],
  ['in quotes', `echo "\n${install}\n"`],
  ['in the words of echo', `echo ${install}`],
  ['of another kind', 'update-alternatives --remove cc /usr/bin/gcc; update-alternatives --auto cc'],
] as const) {
  test(`alternativesOf() sees no call where it stands ${what}`, () => {
    assert.deepEqual(alternativesOf(script), { alternatives: [], notUnderstood: 0 });
  });
}

test('alternativesOf() bounds a script, and is through with a strange one soon', () => {
  assert.throws(() => alternativesOf(' '.repeat(2 ** 22 + 1)), { code: 'E0205' });
  for (const piece of ['$(', '`', '"', "'", '<<', '<<A ', '${', '\\', '$((', ' x=', 'if ']) {
    alternativesOf(`update-alternatives ${piece.repeat(100_000)}`);
    alternativesOf(`update-alternatives $("${piece.repeat(1000)}\\`);
  }
});
