import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdvisoryRecord, AffectedPackage, Severity } from '../match/advisory.ts';
import { chosenRating, type RatingRule, ratingWords } from './chosen-rating.ts';
import { defaultPolicy } from './policy.ts';

const CURL = 'pkg:deb/debian/curl';
const says = (source: string, level: Severity['level'], over: Partial<Severity> = {}): Severity => ({
  source,
  type: 'CVSS_V3.1',
  vector: null,
  score: null,
  level,
  ...over,
});
const curl = (severities: readonly Severity[], name = CURL): AffectedPackage => ({
  package: name,
  stream: null,
  scheme: 'deb',
  ranges: [],
  versions: [],
  severities,
});
const record = (severities: readonly Severity[], affected: readonly AffectedPackage[] = []): AdvisoryRecord => ({
  id: 'CVE-2026-1',
  source: 'osv',
  aliases: [],
  summary: '',
  published: null,
  modified: '2026-03-01T00:00:00Z',
  withdrawn: null,
  severities,
  affected,
  exploitedSince: null,
  epss: null,
  malicious: false,
});

interface Case {
  readonly records: readonly AdvisoryRecord[];
  readonly rule?: Partial<RatingRule>;
  readonly level: Severity['level'];
  readonly why: string;
  readonly others?: readonly string[];
}

const first = "is of the first source in the policy's order that rates";
const cases: Readonly<Record<string, Case>> = {
  'the order of sources decides, not the height': {
    records: [record([says('nvd', 'critical', { score: 9.8 })]), record([says('cna', 'medium', { score: 5 })])],
    level: 'medium',
    why: `cna medium 5.0 ${first}`,
    others: ['nvd critical 9.8'],
  },
  'nobody rates': {
    records: [record([])],
    level: 'high',
    why: 'nobody whom the policy asks (vendor, cna, ghsa, nvd, cisa-adp) rates it, and then it counts as high',
  },
  'only who counts in no policy rates': {
    records: [record([says('other', 'low')])],
    level: 'high',
    why: 'nobody whom the policy asks (vendor, cna, ghsa, nvd, cisa-adp) rates it, and then it counts as high',
    others: ['other low'],
  },
  'the newest system within a source, though it says less': {
    records: [record([says('cna', 'critical', { score: 9.1 }), says('cna', 'high', { type: 'CVSS_V4', score: 8.7 })])],
    level: 'high',
    why: `cna high 8.7 ${first}, by its newest system and there the strictest`,
    others: ['cna critical 9.1'],
  },
  'the strictest of one system': {
    records: [record([says('cna', 'medium', { score: 5 }), says('cna', 'high', { score: 7.1 })])],
    level: 'high',
    why: `cna high 7.1 ${first}, by its newest system and there the strictest`,
    others: ['cna medium 5.0'],
  },
  "a distribution's word about its package before a vendor's about the vulnerability": {
    records: [
      record([says('vendor', 'critical', { score: 9.1 })]),
      record([], [curl([says('vendor', 'low', { type: 'label', provider: 'debian' })])]),
    ],
    rule: { packages: [CURL] },
    level: 'low',
    why: `vendor (debian) low ${first}; for ${CURL} alone, which counts before what it says of all`,
    others: ['vendor critical 9.1'],
  },
  "a distribution's word about another package is not asked": {
    records: [
      record([says('vendor', 'critical', { score: 9.1 })]),
      record([], [curl([says('vendor', 'low')], 'pkg:deb/debian/bye')]),
    ],
    rule: { packages: [CURL] },
    level: 'critical',
    why: `vendor critical 9.1 ${first}`,
    others: [],
  },
  "NVD's word, only copied by a distribution, has NVD's place": {
    records: [record([says('cna', 'medium')], [curl([says('nvd', 'low', { provider: 'debian' })])])],
    rule: { packages: [CURL] },
    level: 'medium',
    why: `cna medium ${first}`,
    others: ['nvd (debian) low'],
  },
  'NVD a level above, and the contract takes the higher': {
    records: [record([says('cna', 'medium', { score: 6.9 }), says('nvd', 'high', { score: 7 })])],
    rule: { highestOfDisagreement: true },
    level: 'high',
    why: 'nvd high 7.0 is a level above cna medium 6.9, and the contract takes the higher one',
    others: ['cna medium 6.9'],
  },
  'NVD higher in the same level': {
    records: [record([says('cna', 'high', { score: 7 }), says('nvd', 'high', { score: 8.9 })])],
    rule: { highestOfDisagreement: true },
    level: 'high',
    why: `cna high 7.0 ${first}`,
    others: ['nvd high 8.9'],
  },
  "NVD's copy of somebody else's is not NVD's": {
    records: [record([says('cna', 'medium'), says('nvd', 'high', { rank: 'secondary' })])],
    rule: { highestOfDisagreement: true },
    level: 'medium',
    why: `cna medium ${first}`,
    others: ['nvd high'],
  },
};

for (const [situation, { records, rule, level, why, others }] of Object.entries(cases)) {
  test(`chosenRating() is ${level}: ${situation}`, () => {
    const chosen = chosenRating(records, { policy: defaultPolicy, ...rule });
    assert.deepEqual([chosen.level, chosen.why], [level, why]);
    if (others !== undefined) assert.deepEqual(chosen.others.map(ratingWords), others);
  });
}
