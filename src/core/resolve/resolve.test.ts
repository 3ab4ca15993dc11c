import assert from 'node:assert/strict';
import { test } from 'node:test';
import { literalPackage, literalPool } from '../../../test/support/literal-packages.ts';
import { combinePools } from './combine-pools.ts';
import { resolve } from './resolve.ts';
import type { AvailablePackage } from './available-package.ts';
import type { ResolveOptions } from './resolve.ts';
import type { WantedPackage } from './wanted-package.ts';

const deb = literalPackage;

/** What happens, the packages there are, what is wanted, and the set; null where there is none. */
const rules: readonly [string, readonly AvailablePackage[], string, string | null][] = [
  [
    'takes what is needed and no more',
    [deb('a 1', { depends: 'b, c' }), deb('b 1'), deb('c 1'), deb('d 1')],
    'a',
    'a b c',
  ],
  [
    'follows needs to their end, in circles too',
    [deb('a 1', { depends: 'b' }), deb('b 1', { depends: 'a' })],
    'a',
    'a b',
  ],
  ['leaves essential packages that nobody asks for', [deb('a 1'), deb('bash 5', { essential: true })], 'a', 'a'],
  ['takes the first alternative', [deb('a 1', { depends: 'b | c' }), deb('b 1'), deb('c 1')], 'a', 'a b'],
  [
    'takes the alternative that is wanted already',
    [deb('a 1', { depends: 'b | c' }), deb('b 1'), deb('c 1')],
    'a c',
    'a c',
  ],
  ['takes the next alternative where nobody has the first', [deb('a 1', { depends: 'b | c' }), deb('c 1')], 'a', 'a c'],
  [
    'takes the next alternative where the first lacks something',
    [deb('a 1', { depends: 'b | c' }), deb('b 1', { depends: 'd, x' }), deb('c 1'), deb('d 1')],
    'a',
    'a c',
  ],
  ['takes the newest version', [deb('a 2'), deb('a 10'), deb('a 1')], 'a', 'a=10'],
  ['meets >= at the version itself', [deb('a 1', { depends: 'b (>= 2-1)' }), deb('b 2-1')], 'a', 'a b'],
  ['does not meet >= below the version', [deb('a 1', { depends: 'b (>= 2-1)' }), deb('b 2-0')], 'a', null],
  ['meets << below the version', [deb('a 1', { depends: 'b (<< 2)' }), deb('b 2'), deb('b 2~rc1')], 'a', 'a b=2~rc1'],
  ['does not meet >> at the version itself', [deb('a 1', { depends: 'b (>> 2)' }), deb('b 2')], 'a', null],
  ['meets = by an older version', [deb('a 1', { depends: 'b (= 1)' }), deb('b 1'), deb('b 2')], 'a', 'a b=1'],
  [
    'takes another alternative before an older version, as apt does',
    [deb('a 1', { depends: 'b (= 1) | c' }), deb('b 1'), deb('b 2'), deb('c 1')],
    'a',
    'a c',
  ],
  ['takes a provider', [deb('a 1', { depends: 'v' }), deb('b 1', { provides: 'v' })], 'a', 'a b'],
  [
    'does not meet a bound by a bare provide',
    [deb('a 1', { depends: 'v (>= 1)' }), deb('b 9', { provides: 'v' })],
    'a',
    null,
  ],
  [
    'meets a bound by a versioned provide',
    [deb('a 1', { depends: 'v (>= 1)' }), deb('b 0', { provides: 'v (= 1)' })],
    'a',
    'a b',
  ],
  [
    'meets no bound by a lower versioned provide',
    [deb('a 1', { depends: 'v (>= 2)' }), deb('b 9', { provides: 'v (= 1)' })],
    'a',
    null,
  ],
  [
    'takes the package of the name before providers',
    [deb('a 1', { depends: 'v' }), deb('z 1', { provides: 'v', priority: 'required' }), deb('v 1')],
    'a',
    'a v',
  ],
  [
    'takes the provider of higher priority',
    [
      deb('a 1', { depends: 'v' }),
      deb('b 1', { provides: 'v', priority: 'standard' }),
      deb('c 1', { provides: 'v', priority: 'important' }),
      deb('d 1', { provides: 'v' }),
    ],
    'a',
    'a c',
  ],
  [
    'takes an essential provider first',
    [
      deb('a 1', { depends: 'v' }),
      deb('b 1', { provides: 'v', priority: 'required' }),
      deb('c 1', { provides: 'v', essential: true }),
    ],
    'a',
    'a c',
  ],
  ['refuses two that conflict, said by the first', [deb('a 1', { conflicts: 'b' }), deb('b 1')], 'a b', null],
  ['refuses two that conflict, said by the second', [deb('a 1'), deb('b 1', { conflicts: 'a' })], 'a b', null],
  [
    'takes two when the conflict is about other versions',
    [deb('a 1', { conflicts: 'b (<< 1)' }), deb('b 1')],
    'a b',
    'a b',
  ],
  [
    'never sets a package against itself or what it provides',
    [deb('a 1', { conflicts: 'a, v', provides: 'v' })],
    'a',
    'a',
  ],
  [
    'sets it against others that provide the name',
    [deb('a 1', { conflicts: 'v', provides: 'v' }), deb('b 1', { provides: 'v' })],
    'a b',
    null,
  ],
  [
    'lets a bounded conflict pass a bare provide',
    [deb('a 1', { conflicts: 'v (<< 9)' }), deb('b 1', { provides: 'v' })],
    'a b',
    'a b',
  ],
  [
    'goes around a conflict by another alternative',
    [deb('a 1', { depends: 'b | c, d' }), deb('b 1', { conflicts: 'd' }), deb('c 1'), deb('d 1')],
    'a',
    'a c d',
  ],
  [
    'goes around a conflict by an older version',
    [deb('a 1', { depends: 'b, c' }), deb('b 2', { conflicts: 'c' }), deb('b 1'), deb('c 1')],
    'a',
    'a b=1 c',
  ],
  [
    'finds the one version that two ask for',
    [deb('a 1', { depends: 'c (>= 2)' }), deb('b 1', { depends: 'c (<< 3)' }), deb('c 1'), deb('c 2'), deb('c 3')],
    'a b',
    'a b c=2',
  ],
  [
    'meets :any by Multi-Arch: allowed',
    [deb('a 1', { depends: 'b:any' }), deb('b 1', { multiArch: 'allowed' })],
    'a',
    'a b',
  ],
  ['does not meet :any otherwise', [deb('a 1', { depends: 'b:any' }), deb('b 1', { multiArch: 'foreign' })], 'a', null],
  [
    'meets :native and the own architecture',
    [deb('a 1', { depends: 'b:native, c:amd64' }), deb('b 1'), deb('c 1', { architecture: 'all' })],
    'a',
    'a b c',
  ],
  ['does not meet another architecture', [deb('a 1', { depends: 'b:arm64' }), deb('b 1')], 'a', null],
  ['takes nothing of another architecture', [deb('a 1', { architecture: 'arm64' })], 'a', null],
  [
    'takes the bound of what is wanted',
    [deb('expat 2.6.0-1'), deb('expat 2.5.0-1+deb12u2')],
    'expat<2.6',
    'expat=2.5.0-1+deb12u2',
  ],
  ['keeps all bounds on one name', [deb('a 1'), deb('a 2'), deb('a 3')], 'a>1 a<3', 'a=2'],
  ['takes the only provider of a wanted name', [deb('b 1', { provides: 'v' })], 'v', 'b'],
  ['wants a name when several provide it', [deb('b 1', { provides: 'v' }), deb('c 1', { provides: 'v' })], 'v', null],
];

for (const [what, packages, wanted, expected] of rules) {
  test(`resolve() ${what}`, () => {
    const resolution = resolve(wish(wanted), combinePools([literalPool(packages)]), { architecture: 'amd64' });
    if (expected === null) assert.equal(resolution.kind, 'impossible');
    else assert.deepEqual(setOf(resolution, expected), expected);
  });
}

const own = deb('a 1-1suture1', { suite: 'own' });

test('resolve() prefers what is built here to a newer version of a suite, unless told not to', () => {
  const pool = combinePools([literalPool([deb('a 2-1'), deb('b 1', { depends: 'a' })])], [own]);
  assert.equal(setOf(solve('a', pool)), 'a=1-1suture1');
  assert.equal(setOf(solve('b', pool)), 'a=1-1suture1 b=1');
  assert.equal(setOf(solve('a', pool, { preferOwn: false })), 'a=2-1');
});

test('resolve() leaves what is built here where the bound asks for another', () => {
  const pool = combinePools([literalPool([deb('a 2-1')])], [own]);
  assert.equal(setOf(solve('a>=2', pool)), 'a=2-1');
});

test('resolve() passes over what is excluded, for an older version, and says so', () => {
  const pool = combinePools([
    literalPool([deb('a 1', { depends: 'b' }), deb('b 3'), deb('b 2'), deb('b 1'), deb('c 9')]),
  ]);
  const without = (...names: string[]) => ({ excluded: (one: AvailablePackage) => names.includes(nameOf(one)) });
  assert.deepEqual(passedOverOf(solve('a', pool, without('b 3', 'b 1', 'c 9'))), ['b 3 for b 2']);
  assert.deepEqual(passedOverOf(solve('a', pool, without('b 3', 'b 2'))), ['b 2 for b 1', 'b 3 for b 1']);
  assert.deepEqual(passedOverOf(solve('a', pool)), []);
});

test('resolve() passes over a version that depends on what is excluded', () => {
  const packages = [1, 2].flatMap((n) => [deb(`lib-dev ${n}`, { depends: `lib (= ${n})` }), deb(`lib ${n}`)]);
  const resolution = solve('lib-dev', combinePools([literalPool(packages)]), {
    excluded: (one) => nameOf(one) === 'lib 2',
  });
  assert.equal(setOf(resolution), 'lib=1 lib-dev=1');
  assert.deepEqual(passedOverOf(resolution), ['lib 2 for lib 1']);
});

test('resolve() passes over an excluded package for another alternative', () => {
  const pool = literalPool([deb('a 1', { depends: 'b | c' }), deb('b 1'), deb('c 1')]);
  const resolution = solve('a', pool, { excluded: (one) => one.name === 'b' });
  assert.deepEqual([setOf(resolution), passedOverOf(resolution)], ['a=1 c=1', ['b 1 for none']]);
});

test('resolve() does not replace a wanted package of ours that cannot be installed by one of a suite', () => {
  const broken = deb('a 1-1suture1', { suite: 'own', depends: 'x' });
  const pool = combinePools([literalPool([deb('a 2-1'), deb('b 1', { depends: 'a' })])], [broken]);
  assert.deepEqual(solve('a', pool), { kind: 'impossible', reasons: ['a needs x, and no suite has x'] });
  assert.equal(setOf(solve('b', pool)), 'a=2-1 b=1');
});

/** The packages, what is wanted, and the sentences. */
const sentences: readonly [readonly AvailablePackage[], string, readonly string[]][] = [
  [[deb('b 1')], 'a', ['a is wanted, and no suite has a']],
  [
    [deb('expat 2.6-1'), deb('expat 2.7-1')],
    'expat<2.6',
    ['expat (< 2.6) is wanted, and the suites have 2.6-1 at least'],
  ],
  [
    [deb('b 1', { provides: 'v' }), deb('c 1', { provides: 'v' })],
    'v',
    ['v is wanted, and v is only provided, by b, c'],
  ],
  [
    [deb('nginx 1', { depends: 'libssl3 (>= 3.0.17)' }), deb('libssl3 3.0.16-1'), deb('libssl3 3.0.9-1')],
    'nginx',
    ['nginx needs libssl3 (>= 3.0.17), and the suites have 3.0.16-1 at most'],
  ],
  [
    [deb('a 1', { depends: 'b' }), deb('b 1', { depends: 'c | d (= 2)' }), deb('d 3')],
    'a',
    ['a needs b, which needs c | d (= 2), and no suite has c; the suites have 3'],
  ],
  [[deb('a 1', { depends: 'b:arm64' }), deb('b 1')], 'a', ['a needs b:arm64, and no suite has b:arm64']],
  [
    [deb('a 1', { depends: 'b' }), deb('b 1'), deb('c 1', { conflicts: 'b' })],
    'a c',
    ['a needs b, and c 1, which is wanted, conflicts with b 1'],
  ],
  [
    [deb('a 1', { depends: 'c (= 1)' }), deb('b 1', { depends: 'c (= 2)' }), deb('c 1'), deb('c 2')],
    'a b',
    ['b needs c (= 2), and c 2 cannot be there with c 1, which a needs'],
  ],
];

for (const [packages, wanted, expected] of sentences) {
  test(`resolve() says why it is impossible: ${expected[0]}`, () => {
    const resolution = solve(wanted, combinePools([literalPool(packages)]));
    assert.deepEqual(resolution.kind === 'impossible' && resolution.reasons, expected);
  });
}

test('resolve() says that a file cannot be had where nothing else is in the way', () => {
  const resolution = solve('a', literalPool([deb('a 1', { depends: 'b' }), deb('b 1')]), {
    excluded: (one) => one.name === 'b',
  });
  assert.deepEqual(resolution, { kind: 'impossible', reasons: ['a needs b, and the file of b 1 cannot be had'] });
});

test('resolve() gives up after a bounded number of choices', () => {
  // Pigeons and holes: each hole is for one pigeon, and there is a pigeon too many.
  const [pigeons, holes] = [10, 9];
  const packages = Array.from({ length: pigeons }, (_, pigeon) => [
    deb(`pigeon${pigeon} 1`, {
      depends: Array.from({ length: holes }, (_, hole) => `in${pigeon}-${hole}`).join(' | '),
    }),
    ...Array.from({ length: holes }, (_, hole) =>
      deb(`in${pigeon}-${hole} 1`, { conflicts: `hole${hole}`, provides: `hole${hole}` }),
    ),
  ]).flat();
  const resolution = solve(
    Array.from({ length: pigeons }, (_, pigeon) => `pigeon${pigeon}`).join(' '),
    combinePools([literalPool(packages)]),
  );
  assert.deepEqual(resolution, { kind: 'impossible', reasons: ['No set was found within 200000 choices'] });
});

function solve(wanted: string, pool: Parameters<typeof resolve>[1], options: Partial<ResolveOptions> = {}) {
  return resolve(wish(wanted), pool, { architecture: 'amd64', ...options });
}

function wish(text: string): WantedPackage[] {
  return text.split(' ').map((each) => {
    const [, name = '', operator, version = ''] = /^([a-z0-9.+-]+?)(?:(<=|>=|[<>=~])(.+))?$/.exec(each) ?? [];
    if (operator === undefined) return { name, bound: null };
    return { name, bound: { operator: operator as '<', version } };
  });
}

/** `a b=1`: versions where the expectation states them, or always when there is none. */
function setOf(resolution: ReturnType<typeof resolve>, expected?: string): string {
  assert.equal(resolution.kind, 'resolved', JSON.stringify(resolution));
  const stated = expected?.split(' ').map((each) => each.split('='));
  const showsVersion = (name: string) => stated?.some((each) => each[0] === name && each.length > 1) ?? true;
  return resolution.packages.map(({ name, version }) => (showsVersion(name) ? `${name}=${version}` : name)).join(' ');
}

function passedOverOf(resolution: ReturnType<typeof resolve>): string[] {
  assert.equal(resolution.kind, 'resolved', JSON.stringify(resolution));
  return resolution.passedOver.map(({ package: one, by }) => `${nameOf(one)} for ${by === null ? 'none' : nameOf(by)}`);
}

function nameOf(one: AvailablePackage): string {
  return `${one.name} ${one.version}`;
}
