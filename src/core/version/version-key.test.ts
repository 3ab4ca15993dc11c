import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainOrders } from '../../../test/support/plain-orders.ts';
import type { VersionScheme } from '../match/advisory.ts';
import { compareVersions, isPrerelease, isValidVersion, versionKey } from './compare.ts';
import { versionSchemes } from './schemes.ts';

const isLong = process.env['SUTURE_LONG'] === '1';

/** What versions of each scheme are made of: few pieces, so that two of them often agree far. */
const pieces: Readonly<Record<VersionScheme, { readonly start: readonly string[]; readonly more: readonly string[] }>> =
  {
    semver: { start: ['1', '1.0', 'v1.0.0', '1.2.3.0'], more: ['-', '.', '+', 'a', 'B', '0', '10', '9', '01'] },
    go: {
      start: ['v1.0.0', 'go1.2', '1.2', '0.0.0'],
      more: ['-', '.', 'rc', 'beta', '0', '1', '+incompatible', '20240101000000'],
    },
    pub: { start: ['1', '1.0', '1.0.0', '0.1'], more: ['-', '.', '+', 'a', 'b', '0', '10', '9'] },
    bitnami: { start: ['1', '1.0', '1.0.0', '2.3.1'], more: ['-', '.', 'rc', '0', '1', '10'] },
    nuget: { start: ['1', '1.0', '1.0.0', '1.0.0.0'], more: ['-', '.', '+', 'a', 'A', 'rc', '0', '10', '9'] },
    dotted: { start: ['0', '1', '01', '1.0'], more: ['.', '-', '0', '1', '10', '9'] },
    deb: { start: ['1', '1:0', '0', '0:1.0'], more: ['.', '-', '~', '+', 'a', 'Z', 'deb', '0', '1', '00', '10'] },
    rpm: { start: ['1', '1:0', '0', '0:1.0'], more: ['.', '-', '~', '^', '_', '+', 'a', 'el', '0', '1', '00', '10'] },
    apk: {
      start: ['1', '0', '1.0', '10.01'],
      more: ['.0', '.1', '.01', '.10', 'a', 'b', '_alpha', '_rc', '_p', '_git', '2', '~1f', '~a', '-r0', '-r1'],
    },
    pypi: {
      start: ['1', '1.0', 'v1', '1!0', '0'],
      more: ['.0', '.1', 'a', '.b', '-rc', '0', '1', '10', '.post', '-1', '.dev', '+', '.local', '_1'],
    },
    rubygems: { start: ['1', '0', '1.0', '10'], more: ['.', '-', 'a', 'B', 'rc', '0', '00', '1', '10', '.0', '.a'] },
    packagist: {
      start: ['1', 'v1', '1.0', '10'],
      more: ['.', '-', '+', '_', 'alpha', 'B', 'RC', 'rc', 'dev', 'patch', 'x', '0', '1', '10'],
    },
    maven: {
      start: ['1', '0', '1.0', 'a', ''],
      more: [
        '.',
        '-',
        '0',
        '00',
        '1',
        '10',
        'a',
        'b',
        'alpha',
        'rc',
        'cr',
        'SP',
        'ga',
        'final',
        'x',
        'jre',
        '_',
        '.0',
        '-SNAPSHOT',
      ],
    },
    generic: {
      start: ['1', 'v1', '0', 'r', 'R13'],
      more: ['.', '-', '_', 'a', 'b', 'm', 'rc', 'dev', 'final', 'k', '0', '00', '1', '10'],
    },
  };

for (const scheme of versionSchemes) {
  test(`versionKey() keeps the order of a comparison written without keys: ${scheme}`, () => {
    const random = randomFrom(20_260_802);
    const wanted = isLong ? 400_000 : 20_000;
    let judged = 0;
    while (judged < wanted) {
      const a = versionOf(scheme, random);
      const b =
        random(3) === 0
          ? `${a.slice(0, 1 + random(a.length))}${pick(pieces[scheme].more, random)}`
          : versionOf(scheme, random);
      if (!isValidVersion(scheme, a) || !isValidVersion(scheme, b)) continue;
      judged += 1;
      const expected = plainOrders[scheme](a, b);
      if (compareVersions(scheme, a, b) !== expected) assert.fail(`${scheme}: ${a} and ${b} should be ${expected}`);
    }
  });
}

test('versionKey() is ASCII for any text, and its order that of its bytes', () => {
  const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 8 }));
  fc.assert(
    fc.property(fc.constantFrom(...versionSchemes), text, text, (scheme, a, b) => {
      const [left, right] = [versionKey(scheme, a), versionKey(scheme, b)];
      for (let at = 0; at < left.length; at += 1) assert.ok(left.charCodeAt(at) < 0x80, left);
      assert.equal(compareVersions(scheme, a, b), Buffer.compare(Buffer.from(left), Buffer.from(right)));
    }),
    { numRuns: isLong ? 100_000 : 1000 },
  );
});

test('compareVersions() knows numbers of any length', () => {
  const lengths = [1, 92, 93, 94, 95, 99, 100, 999, 1000, 70_000];
  for (const scheme of versionSchemes) {
    for (const [at, length] of lengths.entries()) {
      const [number, longer] = [`1${'0'.repeat(length - 1)}`, `1${'0'.repeat(lengths[at + 1] ?? length)}`];
      assert.equal(
        compareVersions(scheme, number, `${number.slice(0, -1)}1`),
        length === 1 ? 0 : -1,
        `${scheme} ${length}`,
      );
      assert.equal(compareVersions(scheme, number, longer), -1, `${scheme} ${length}`);
    }
  }
});

test('versions of 10,000 characters are placed in less than a second, whatever they hold', () => {
  const patterns = [
    '9',
    '0',
    '1.',
    '0.',
    'a',
    'a.',
    '1a',
    '-',
    '.',
    '1-',
    '~',
    '^',
    '_p1',
    '1.post1',
    '+1',
    '-x86',
    'é',
    ' ',
    '1!',
    ':',
    '1.0-',
  ];
  for (const scheme of versionSchemes) {
    for (const pattern of patterns) {
      for (const [start, end] of [
        ['', ''],
        ['1-', '\n1'],
      ] as const) {
        const text = start + pattern.repeat(10_000 / pattern.length) + end;
        const before = performance.now();
        compareVersions(scheme, text, `${text}1`);
        isValidVersion(scheme, text);
        isPrerelease(scheme, text);
        const took = performance.now() - before;
        assert.ok(took < 1000, `${scheme}: ${took} ms for ${start}${pattern}…${end}`);
      }
    }
  }
});

function versionOf(scheme: VersionScheme, random: (below: number) => number): string {
  const { start, more } = pieces[scheme];
  let version = pick(start, random);
  for (let left = random(6); left > 0; left -= 1) version += pick(more, random);
  return version;
}

function pick(from: readonly string[], random: (below: number) => number): string {
  return from[random(from.length)] ?? '';
}

/** A linear congruential generator (Numerical Recipes): the seed is the whole bug report. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
