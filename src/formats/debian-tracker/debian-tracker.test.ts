import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../core/match/match.ts';
import { Failure } from '../../core/failure.ts';
import { debianStreams } from './debian-streams.ts';
import { parseDebianTracker } from './parse-debian-tracker.ts';
import { parseNoticeList } from './parse-notice-list.ts';

const observedAt = Temporal.Instant.from('2026-03-01T10:00:00Z');
const origin = { name: 'debian.json', observedAt };

/** What one release of one package says. */
function state(release: object, codename = 'bookworm') {
  const json = { hello: { 'CVE-2026-0001': { description: 'x', releases: { [codename]: release } } } };
  const { records, problems } = parseDebianTracker(json, origin);
  assert.deepEqual(problems, []);
  return records[0]?.affected ?? [];
}

const everything = [{ introduced: '0', fixed: null, lastAffected: null }];

test('parseDebianTracker() tells the state of a source package in a release, by number', () => {
  const rows: readonly [object, object][] = [
    [
      { status: 'resolved', fixed_version: '1.2-1' },
      { ranges: [{ introduced: '0', fixed: '1.2-1', lastAffected: null }] },
    ],
    [
      { status: 'resolved', fixed_version: '0' },
      { ranges: [], verdict: 'not-affected' },
    ],
    [{ status: 'undetermined' }, { ranges: [], verdict: 'undetermined' }],
    [{ status: 'open' }, { ranges: everything }],
    [
      { status: 'open', nodsa: 'Minor issue', nodsa_reason: '' },
      { ranges: everything, noFix: 'no-notice' },
    ],
    [
      { status: 'open', nodsa: 'Minor issue', nodsa_reason: 'postponed' },
      { ranges: everything, noFix: 'postponed' },
    ],
    [
      { status: 'open', nodsa: 'Minor issue', nodsa_reason: 'ignored' },
      { ranges: everything, noFix: 'refused' },
    ],
    [
      { status: 'open', urgency: 'end-of-life' },
      { ranges: everything, noFix: 'unsupported' },
    ],
  ];
  for (const [release, expected] of rows) {
    const about = { package: 'pkg:deb/debian/hello', stream: '12', scheme: 'deb', versions: [] };
    assert.deepEqual(state(release), [{ ...about, ...expected }]);
  }
});

test('parseDebianTracker() affects what is older than the fix, in the release alone', () => {
  const [affected] = state({ status: 'resolved', fixed_version: '1:2.37-1' });
  assert.ok(affected !== undefined);
  assert.equal(judge(affected, '1:2.37-1~deb12u1', '12'), 'affected');
  assert.equal(judge(affected, '1:2.37-1', '12'), 'not-affected');
  assert.equal(judge(affected, '1:2.36-1', '13'), 'not-affected');
});

test("parseDebianTracker() rates by urgency; two stars are NVD's, and some words rate nothing", () => {
  const rated = (urgency: string) =>
    state({ status: 'open', urgency })[0]?.severities?.map(
      ({ source, level, provider }) => `${source} ${level} ${provider}`,
    );
  assert.deepEqual(rated('high**'), ['nvd high debian']);
  assert.deepEqual(rated('medium'), ['vendor medium debian']);
  assert.deepEqual(rated('unimportant'), ['vendor low debian']);
  assert.deepEqual(rated('not yet assigned'), undefined);
  assert.deepEqual(rated('end-of-life'), undefined);
});

test('parseDebianTracker() tells one flaw of several packages in one record', () => {
  const issue = { releases: { sid: { status: 'open' } } };
  const { records } = parseDebianTracker({ a1: { 'CVE-2026-0001': issue }, b1: { 'CVE-2026-0001': issue } }, origin);
  assert.deepEqual(
    records.map(({ id, affected }) => [id, ...affected.map((each) => `${each.package} ${each.stream}`)]),
    [['CVE-2026-0001', 'pkg:deb/debian/a1 sid', 'pkg:deb/debian/b1 sid']],
  );
});

test('parseDebianTracker() passes over what it cannot use and reads the rest', () => {
  const good = { releases: { sid: { status: 'open' } } };
  const json = {
    'Not a package': {},
    hello: {
      'BUG-1': good,
      'CVE-2026-0001': { releases: { sid: { status: 'maybe' } } },
      'TEMP-0000000-ABCDEF': good,
      'CVE-2026-0002': { releases: [] },
    },
  };
  const { records, problems } = parseDebianTracker(json, origin);
  assert.deepEqual(
    records.map(({ id }) => id),
    ['TEMP-0000000-ABCDEF', 'CVE-2026-0002'],
  );
  assert.deepEqual(
    problems.map(({ detail }) => detail.at),
    ['debian.json: Not a package', 'debian.json: hello BUG-1', 'debian.json: hello CVE-2026-0001'],
  );
  assert.throws(() => parseDebianTracker([], origin), { code: 'E0202' });
});

test('debianStreams() gives the number of a release, its name while there may be no number, else the name alone', () => {
  assert.deepEqual(['bookworm', 'forky', 'sid'].map(debianStreams), [['12'], ['14', 'forky'], ['sid']]);
});

const list = `[31 Mar 2023] DSA-5380-2 hello - regression update
\t{CVE-2026-0001 CVE-2026-0002}
\t[bullseye] - hello 1:2.0-1+deb11u6
\t[buster] - hello <end-of-life>
\t[sarge] - hello <not-affected> (Vulnerable code not present)
\t[woody] - hello <removed>
\tNOTE: fixed in testing at the time of DSA
[01 Aug 2002] DSA-141 mpack - buffer overflow
        {CVE-2002-1425}
        [woody] - mpack 1.5-7woody2 (bug #1; medium)
[07 Jun 2015] DSA-3281-1 Debian Security Team PGP/GPG key change notice
`;
const notices = (text: string) => parseNoticeList(Buffer.from(text), { name: 'DSA/list' });

test('parseNoticeList() tells what a notice fixes, where and when', () => {
  const { records, problems } = notices(list);
  assert.deepEqual(problems, []);
  const [several, single, none] = records;
  const about = { package: 'pkg:deb/debian/hello', scheme: 'deb', versions: [] };
  assert.deepEqual(several, {
    id: 'DSA-5380-2',
    source: 'dsa',
    aliases: [],
    upstream: ['CVE-2026-0001', 'CVE-2026-0002'],
    summary: 'hello - regression update',
    published: '2023-03-31T00:00:00Z',
    modified: '2023-03-31T00:00:00Z',
    withdrawn: null,
    severities: [],
    affected: [
      { ...about, stream: '11', ranges: [{ introduced: '0', fixed: '1:2.0-1+deb11u6', lastAffected: null }] },
      { ...about, stream: '10', ranges: everything, noFix: 'unsupported' },
      { ...about, stream: '3.1', ranges: [], verdict: 'not-affected' },
    ],
    exploitedSince: null,
    epss: null,
    malicious: false,
  });
  assert.deepEqual(
    [single?.aliases, single?.upstream, single?.published],
    [['CVE-2002-1425'], undefined, '2002-08-01T00:00:00Z'],
  );
  assert.deepEqual([none?.id, none?.affected], ['DSA-3281-1', []]);
});

test('parseNoticeList() names each line that says nothing to it', () => {
  const odd = `${list}[99 Mar 2023] DSA-1-1 x\n\t[woody] - x\n${list.slice(0, 60)}\n[1 Jan 2023] DLA-2-1 x\n\t[sid] - x later\n`;
  const { records, problems } = notices(odd);
  assert.equal(records.length, 4);
  assert.deepEqual(
    problems.map(({ detail }) => detail.at),
    ['DSA/list:12:1', 'DSA/list:14:1', 'DSA/list:17:1'],
  );
  assert.throws(
    () => notices('CVE-2026-0001\n\t- hello 1.0-1\n'),
    (error) => error instanceof Failure && error.code === 'E0202',
  );
});
