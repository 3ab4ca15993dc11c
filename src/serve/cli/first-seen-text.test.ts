import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsFrom, instant } from '../../../test/support/literals.ts';
import { obligation } from '../../../test/support/obligation.ts';
import type { AdvisoryRecord, AffectedPackage } from '../../core/match/advisory.ts';
import { recordsSeen } from '../../views/first-seen.ts';
import { firstSeenText } from './first-seen-text.ts';

const claims = obligation({ vulnerability: 'CVE-2026-1', line: 'nginx:1.28', standing: 'on-track' }).claims;

function recorded(id: string, at: readonly [string, string], fixed: readonly string[], about = 'openssl') {
  const affected: AffectedPackage = {
    package: `pkg:generic/${about}`,
    stream: null,
    scheme: 'generic',
    ranges: fixed.map((version) => ({ introduced: '0', fixed: version, lastAffected: null })),
    versions: [],
  };
  const payload: AdvisoryRecord = {
    id,
    source: 'osv',
    aliases: [],
    summary: '',
    published: null,
    modified: at[0],
    withdrawn: null,
    severities: [],
    affected: [affected],
    exploitedSince: null,
    epss: null,
    malicious: false,
  };
  const interval = { from: instant(at[0]), to: instant(at[1]) };
  return { type: 'advisory-recorded' as const, at: interval, by: 'test', payload, evidence: [] };
}

test('firstSeenText() tells of each record when it was published, named a fix, corrected it and took it back', () => {
  const facts = factsFrom([
    recorded('CVE-2026-1', ['2026-08-01T10:00:00Z', '2026-08-01T10:30:00Z'], []),
    recorded('GHSA-1', ['2026-08-01T09:00:00Z', '2026-08-01T09:00:00Z'], []),
    recorded('CVE-2026-1', ['2026-08-02T10:00:00Z', '2026-08-02T10:30:00Z'], ['3.0.18']),
    recorded('CVE-2026-1', ['2026-08-03T10:00:00Z', '2026-08-03T10:00:00Z'], ['3.0.19']),
    recorded('CVE-2026-1', ['2026-08-04T10:00:00Z', '2026-08-04T10:00:00Z'], []),
    recorded('CVE-2026-1', ['2026-08-05T10:00:00Z', '2026-08-05T10:00:00Z'], ['9.9'], 'of-no-concern'),
    recorded('CVE-2026-2', ['2026-08-05T10:00:00Z', '2026-08-05T10:00:00Z'], ['3.0.1']),
  ]);
  assert.deepEqual(firstSeenText(recordsSeen(['CVE-2026-1', 'GHSA-1'], claims, facts)), [
    '',
    '  when it became known (UTC)',
    '  2026-08-01 09:00:00Z  GHSA-1 published (osv)',
    '                          no fix was ever named',
    '  2026-08-01 10:00:00Z  CVE-2026-1 published (osv), seen within 30 m',
    '  2026-08-02 10:00:00Z    openssl 3: fix named: 3.0.18, seen within 30 m',
    '  2026-08-03 10:00:00Z    openssl 3: corrected: 3.0.19, not 3.0.18',
    '  2026-08-04 10:00:00Z    openssl 3: 3.0.19 named no more',
  ]);
});

test('firstSeenText() is silent about records of other things', () => {
  const facts = factsFrom([recorded('CVE-2026-1', ['2026-08-01T10:00:00Z', '2026-08-01T10:30:00Z'], ['9.9'], 'other')]);
  assert.deepEqual(firstSeenText(recordsSeen(['CVE-2026-1'], claims, facts)), []);
});
