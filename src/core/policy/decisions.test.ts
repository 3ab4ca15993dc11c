import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CherryPickCondition, Policy } from '../promise/policy.ts';
import { defaultPolicy } from '../promise/policy.ts';
import { type BackportSituation, backportDecision } from './backport.ts';
import { cherryPickDecision, type CherryPickSituation } from './cherry-pick.ts';
import { describePolicy } from './describe-policy.ts';

const at = (text: string) => Temporal.Instant.from(text);

const pick: CherryPickSituation = {
  severity: { level: 'critical', by: 'nvd' },
  exploited: false,
  epss: null,
  upstreamRelease: null,
  sources: ['upstream-merged'],
};

const cherryPicks: readonly (readonly [string, Partial<CherryPickSituation>, boolean, readonly string[]])[] = [
  [
    'critical, merged, unreleased',
    {},
    true,
    ['no release has the fix', 'nvd rates it critical', 'it is merged by upstream'],
  ],
  ['upstream has released it', { upstreamRelease: '1.0.1' }, false, ['upstream released 1.0.1']],
  [
    'medium',
    { severity: { level: 'medium', by: 'cna' } },
    false,
    ['cna rates it medium, it is not known to be exploited, it has no EPSS score'],
  ],
  [
    'medium but exploited',
    { severity: { level: 'medium', by: 'cna' }, exploited: true },
    true,
    ['it is known to be exploited'],
  ],
  ['low, score exactly at the bound', { severity: { level: 'low', by: 'cna' }, epss: 0.6 }, true, ['its score is 0.6']],
  [
    'low, score just below the bound',
    { severity: { level: 'low', by: 'cna' }, epss: 0.5999 },
    false,
    ['its score is 0.5999'],
  ],
  [
    'unrated counts as the policy says',
    { severity: { level: 'high', by: null } },
    true,
    ['nobody has rated it, which counts as high'],
  ],
  ['nobody vouches for the fix', { sources: [] }, false, ['nobody vouches for it']],
  [
    'two vouch for it',
    { sources: ['upstream-posted', 'distro-consensus'] },
    true,
    ['it is posted by upstream or carried by several distributions'],
  ],
];

for (const [situation, change, take, reasons] of cherryPicks) {
  test(`cherryPickDecision() is ${take ? 'taken' : 'not taken'}: ${situation}`, () => {
    const decision = cherryPickDecision(defaultPolicy, { ...pick, ...change });
    assert.equal(decision.take, take);
    assert.equal(decision.approvals, 2);
    assert.equal(decision.conditions.length, 3);
    const told = decision.conditions.map(({ why }) => why).join(' | ');
    for (const reason of reasons) assert.ok(told.includes(reason), `${told} says: ${reason}`);
    assert.equal(
      decision.conditions.every(({ holds }) => holds),
      take,
    );
  });
}

test('cherryPickDecision() is never taken by a policy without conditions', () => {
  const policy: Policy = { ...defaultPolicy, cherryPick: { ...defaultPolicy.cherryPick, all: [] } };
  assert.equal(cherryPickDecision(policy, pick).take, false);
  const empty: Policy = {
    ...defaultPolicy,
    cherryPick: { ...defaultPolicy.cherryPick, all: [{ kind: 'any', of: [] }] },
  };
  assert.equal(cherryPickDecision(empty, pick).take, false);
});

test('cherryPickDecision() adding a condition never opens what was closed', () => {
  const condition: fc.Arbitrary<CherryPickCondition> = fc.oneof(
    fc.constant({ kind: 'no-upstream-release' } as const),
    fc.constant({ kind: 'exploited' } as const),
    fc.double({ min: 0, max: 1, noNaN: true }).map((score) => ({ kind: 'epss-min', score }) as const),
    fc
      .subarray(['critical', 'high', 'medium', 'low'] as const, { minLength: 1 })
      .map((levels) => ({ kind: 'severity', levels }) as const),
  );
  const situation = fc.record({
    severity: fc.record({ level: fc.constantFrom('critical', 'high', 'medium', 'low'), by: fc.constant('nvd') }),
    exploited: fc.boolean(),
    epss: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    upstreamRelease: fc.option(fc.constant('1.0.1')),
    sources: fc.subarray(['upstream-merged', 'upstream-posted', 'distro-consensus'] as const),
  });
  fc.assert(
    fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), condition, situation, (all, more, s) => {
      const policy = (list: readonly CherryPickCondition[]): Policy => ({
        ...defaultPolicy,
        cherryPick: { ...defaultPolicy.cherryPick, all: list },
      });
      const before = cherryPickDecision(policy(all), s).take;
      const after = cherryPickDecision(policy([...all, more]), s).take;
      assert.ok(before || !after);
    }),
  );
});

const patch = { linesChanged: 20, gatesOpen: [], diffOfDiffs: 'empty' } as const;
const held: BackportSituation = {
  now: at('2026-08-16T00:00:00Z'),
  supportUntil: at('2027-05-01T00:00:00Z'),
  upstreamReleaseForLine: null,
  severity: { level: 'high', by: 'nvd' },
  patch,
};
const critical = { level: 'critical', by: 'nvd' } as const;
const lastMoment = at('2027-04-30T23:59:59.999999999Z');

interface BackportCase {
  readonly situation: string;
  readonly change: Partial<BackportSituation>;
  readonly take: boolean;
  readonly approvals: number;
}

const backports: readonly BackportCase[] = [
  { situation: 'exactly as many lines as go without approval', change: {}, take: true, approvals: 0 },
  { situation: 'one line more', change: { patch: { ...patch, linesChanged: 21 } }, take: true, approvals: 1 },
  {
    situation: 'a gate is open',
    change: { patch: { ...patch, gatesOpen: ['test-of-fix'] } },
    take: true,
    approvals: 1,
  },
  { situation: 'no patch yet', change: { patch: null }, take: true, approvals: 1 },
  { situation: 'critical and as upstream wrote it', change: { severity: critical }, take: true, approvals: 0 },
  {
    situation: 'critical and different from upstream',
    change: { severity: critical, patch: { ...patch, diffOfDiffs: 'not-empty' } },
    take: true,
    approvals: 2,
  },
  {
    situation: 'upstream has a release for the line',
    change: { upstreamReleaseForLine: '1.0.2' },
    take: false,
    approvals: 1,
  },
  { situation: 'the last moment of support', change: { now: lastMoment }, take: true, approvals: 0 },
  { situation: 'support has just ended', change: { now: at('2027-05-01T00:00:00Z') }, take: false, approvals: 1 },
  { situation: 'no end of support is known', change: { supportUntil: null }, take: true, approvals: 0 },
];

for (const { situation, change, take, approvals } of backports) {
  test(`backportDecision() is ${take ? `taken with ${approvals} approvals` : 'not taken'}: ${situation}`, () => {
    const decision = backportDecision(defaultPolicy, { ...held, ...change });
    assert.equal(decision.take, take);
    assert.equal(decision.approvals, approvals);
    assert.equal(decision.automatic, approvals === 0);
    for (const { condition, why } of [...decision.conditions, ...decision.automaticConditions]) {
      assert.ok(condition.length > 0 && why.length > 0);
    }
  });
}

test('describePolicy() of the default policy is the promise in words', () => {
  const sentences = describePolicy(defaultPolicy).map(({ about, sentence }) => `${about}: ${sentence}`);
  assert.deepEqual(sentences, [
    'deadlines: A critical or high vulnerability is remediated within 48 hours.',
    'deadlines: A medium or low vulnerability is remediated within 14 days.',
    'deadlines: One that is known to be exploited is remediated within 48 hours, or sooner where its severity says so.',
    'deadlines: Remediated means: every supported architecture is published, pulled back from the registry, rescanned from the pulled bytes, and clean.',
    'clock: The clock starts at the earliest moment at which a release with the fix may have been available upstream.',
    'clock: It does not stop for nights, weekends or holidays, nor for reasons of our own.',
    'severity: The severity that counts is that of the first of these who rates it: vendor, cna, ghsa, nvd, cisa-adp.',
    'severity: While nobody has rated it, it counts as high.',
    'high-profile: A vulnerability is high-profile if its severity is critical or high and at least 25 % of all lines hold it, or if it is known to be exploited and at least 10 % of all lines hold it, or if a person declares it so.',
    'high-profile: Then every supported line that holds it is rebuilt ahead of all other work, with the aim of being done within 24 hours.',
    'compilers: A new compiler or build root rebuilds a package only if it patches vulnerabilities that are in that very package.',
    'backport: A fix is carried to an older version only if the line is supported and upstream has no release with the fix that the line may take.',
    'backport: Nobody has to approve it if it changes at most 20 lines and every gate passed; otherwise one person approves.',
    "backport: For critical vulnerabilities, when the patch differs from upstream's, 2 people approve.",
    'cherry-pick: A fix is applied before upstream has released it only if all of these hold: upstream has not released the fix — and — its severity is critical or high, or it is known to be exploited, or its EPSS score is at least 0.6 — and — the fix is merged by upstream, posted by upstream or carried by several distributions.',
    'cherry-pick: For that, 2 people approve; it is looked at again every 30 days and dropped when upstream ships the fix.',
    'compatibility: Within a line, an image is not published if a shared library is gone, a symbol of a library is gone, a file is gone, a configuration file changed, the entrypoint changed, the user or an account changed or a program newly runs with the rights of its owner or group.',
  ]);
});

test('describePolicy() says so where a policy allows nothing, and keeps odd lengths of time', () => {
  const policy: Policy = {
    ...defaultPolicy,
    promise: { critical: 1, high: 90 * 60, medium: 3600, low: 49 * 3600, exploited: 60 },
    backport: { ...defaultPolicy.backport, all: [] },
    cherryPick: { ...defaultPolicy.cherryPick, all: [] },
    highProfile: { ...defaultPolicy.highProfile, any: [] },
    compatibility: { refuse: [] },
  };
  const text = describePolicy(policy)
    .map(({ sentence }) => sentence)
    .join('\n');
  for (const part of [
    /critical .* 1 second\./,
    /high .* 90 minutes\./,
    /medium .* 1 hour\./,
    /low .* 49 hours\./,
    /exploited .* 1 minute,/,
  ]) {
    assert.match(text, part);
  }
  assert.match(text, /No fix is carried to an older version\./);
  assert.match(text, /No fix is applied before upstream has released it\./);
  assert.match(text, /No vulnerability is treated as high-profile\./);
});
