import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../core/failure.ts';
import { parseFeedYaml } from '../feed-yaml.ts';
import { parseRubysec } from './parse-rubysec.ts';

const name = 'gems/hello/CVE-2026-0001.yml';
const advisory = `---
gem: hello
cve: 2026-0001
ghsa: aaaa-bbbb-cccc
title: Reads past the end
date: 2026-03-01
cvss_v3: 9.8
cvss_v2: 10.0
unaffected_versions:
  - "< 1.0"
patched_versions:
  - "~> 2.3.5"
  - ">= 3.0.1"
`;

const read = (text: string) => parseRubysec(parseFeedYaml(Buffer.from(text), name), { name });

test('parseRubysec() affects what is neither patched nor unaffected', () => {
  assert.deepEqual(read(advisory), {
    id: 'CVE-2026-0001',
    source: 'rubysec hello',
    aliases: ['GHSA-aaaa-bbbb-cccc'],
    summary: 'Reads past the end',
    published: '2026-03-01T00:00:00Z',
    modified: '2026-03-01T00:00:00Z',
    withdrawn: null,
    severities: [
      { source: 'nvd', type: 'CVSS_V3.1', vector: null, score: 9.8, level: 'critical', provider: 'rubysec' },
      { source: 'nvd', type: 'CVSS_V2', vector: null, score: 10, level: 'high', provider: 'rubysec' },
    ],
    affected: [
      {
        package: 'pkg:gem/hello',
        stream: null,
        scheme: 'rubygems',
        ranges: [
          { introduced: '1.0', fixed: '2.3.5', lastAffected: null },
          { introduced: '2.4.a', fixed: '3.0.1', lastAffected: null },
        ],
        versions: [],
      },
    ],
    exploitedSince: null,
    epss: null,
    malicious: false,
  });
});

test('parseRubysec() affects all versions where none is patched, and takes interpreters for no gems', () => {
  const ruby = advisory.slice(0, advisory.indexOf('unaffected')).replace('gem: hello', 'engine: jruby');
  const [affected] = read(ruby).affected;
  assert.equal(affected?.package, 'pkg:generic/jruby');
  assert.deepEqual(affected?.ranges, [{ introduced: '0', fixed: null, lastAffected: null }]);
});

test('parseRubysec() goes by GHSA or OSVDB where there is no CVE', () => {
  const without = (...keys: string[]) =>
    advisory
      .split('\n')
      .filter((line) => !keys.some((key) => line.startsWith(key)))
      .join('\n');
  assert.equal(read(without('cve:')).id, 'GHSA-aaaa-bbbb-cccc');
  assert.equal(read(`${without('cve:', 'ghsa:')}osvdb: 1234\n`).id, 'OSVDB-1234');
});

test('parseRubysec() says what is wrong', () => {
  const rows: readonly [string, RegExp][] = [
    ['- a\n', /the record/],
    [advisory.replace('gem: hello\n', ''), /neither a gem/],
    [advisory.replace(/^(?:cve|ghsa).*\n/gm, ''), /none of cve, ghsa and osvdb/],
    [advisory.replace('>= 3.0.1', 'newer'), /"newer" is no requirement/],
    [advisory.replace('2026-03-01', 'March'), /^date/],
    [advisory.replace('cve: 2026-0001', 'cve: CVE-2026-0001'), /^cve/],
  ];
  for (const [text, why] of rows) {
    assert.throws(
      () => read(text),
      (error) => error instanceof Failure && error.code === 'E0202' && why.test(error.detail.why ?? ''),
    );
  }
});
