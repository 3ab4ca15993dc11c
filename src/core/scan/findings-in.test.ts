import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advisory, affectedBelow, component, recordSource } from '../../../test/support/literal-scan.ts';
import type { AdvisoryRecord } from '../match/advisory.ts';
import type { Component } from '../match/inventory.ts';
import { defaultPolicy } from '../promise/policy.ts';
import { findingsIn } from './findings-in.ts';

const found = (components: readonly Component[], records: readonly AdvisoryRecord[]) =>
  findingsIn({ packages: [], components }, recordSource(records), { policy: defaultPolicy, options: { os: 'linux' } });
const told = (components: readonly Component[], records: readonly AdvisoryRecord[]) =>
  found(components, records).flaws.map(({ vulnerability, verdict, fixedIn }) => [vulnerability, verdict, fixedIn]);

const pad = component('pkg:npm/left-pad@1.2.0');
const below = (fixed: string) => [affectedBelow('pkg:npm/left-pad', fixed)];

test('findingsIn() makes one finding of a vulnerability under all its names, called by its CVE', () => {
  const records = [
    advisory('GHSA-1', below('1.3.0'), { aliases: ['CVE-2026-1'] }),
    advisory('OSV-1', below('1.2.5'), { aliases: ['CVE-2026-1'] }),
    advisory('GHSA-2', below('1.2.1')),
  ];
  const { flaws } = found([pad], records);
  assert.deepEqual(
    flaws.map(({ vulnerability, ids, said }) => [vulnerability, ids, said.length]),
    [
      ['CVE-2026-1', ['CVE-2026-1', 'GHSA-1', 'OSV-1'], 2],
      ['GHSA-2', ['GHSA-2'], 1],
    ],
  );
});

test('findingsIn() says nothing of the version that fixes it, and one below is affected', () => {
  const records = [advisory('GHSA-1', below('1.2.0'))];
  assert.deepEqual(told([pad], records), []);
  assert.deepEqual(told([component('pkg:npm/left-pad@1.1.9')], records), [['GHSA-1', 'affected', '1.2.0']]);
});

test('findingsIn() keeps what nobody can decide apart', () => {
  const tool = component('pkg:golang/x.example/t@main', { scheme: 'go' });
  const go = advisory('GO-1', [affectedBelow('pkg:golang/x.example/t', '1.0.0', { scheme: 'go' })]);
  assert.deepEqual(told([tool], [go]), [['GO-1', 'indeterminate', null]]);
});

test('findingsIn() takes ratings, exploitation and scores from records that name no package', () => {
  const severity = { source: 'nvd', type: 'CVSS_V3.1', vector: null, score: 9.1, level: 'critical' } as const;
  const records = [
    advisory('GHSA-1', below('1.3.0'), { aliases: ['CVE-2026-1'] }),
    advisory('CVE-2026-1', [], { source: 'nvd', severities: [severity] }),
    advisory('CVE-2026-1', [], { source: 'kev', exploitedSince: '2026-01-01T00:00:00Z' }),
  ];
  const [flaw] = found([pad], records).flaws;
  assert.deepEqual([flaw?.rating.level, flaw?.exploitedSince], ['critical', '2026-01-01T00:00:00Z']);
});

test('findingsIn(): what the distribution mended in the package that owns the file is suppressed, with its word', () => {
  const owner = component('pkg:apk/alpine/py3-x@1.0-r2', { scheme: 'apk', stream: '3.20', package: 'py3-x' });
  const inside = component('pkg:pypi/x@1.0', {
    scheme: 'pypi',
    edge: 'contains',
    ownedBy: 'py3-x',
    package: 'py3-x',
  });
  const pypi = advisory('PYSEC-1', [affectedBelow('pkg:pypi/x', '1.1', { scheme: 'pypi' })], {
    aliases: ['CVE-2026-1'],
  });
  const mended = (fixed: string) =>
    advisory('CVE-2026-1', [affectedBelow('pkg:apk/alpine/py3-x', fixed, { scheme: 'apk', stream: '3.20' })], {
      source: 'secdb alpine 3.20 main',
    });
  const states = (records: readonly AdvisoryRecord[]) =>
    found([owner, inside], records).flaws.map(({ component: { purl }, overruled }) => [
      purl,
      overruled?.kind ?? 'open',
    ]);
  assert.deepEqual(states([pypi, mended('1.0-r2')]), [['pkg:pypi/x@1.0', 'owner']]);
  assert.deepEqual(
    states([pypi, mended('1.0-r3')]).map(([, state]) => state),
    ['open', 'open'],
  );
});

test('findingsIn() names components of ecosystems, and of releases, that no record speaks of', () => {
  const debian = (stream: string) => component('pkg:deb/debian/bash@5.2-1', { scheme: 'deb', stream });
  const record = advisory('CVE-2026-1', [affectedBelow('pkg:deb/debian/zlib', '1', { scheme: 'deb', stream: '12' })]);
  const anyRelease = advisory('CVE-2026-1', [affectedBelow('pkg:deb/debian/zlib', '1', { scheme: 'deb' })]);
  const missing = (records: readonly AdvisoryRecord[], of: Component) => found([of], records).notCovered.length;
  assert.deepEqual(
    [
      missing([record], debian('12')),
      missing([record], debian('13')),
      missing([anyRelease], debian('13')),
      missing([record], pad),
    ],
    [0, 1, 0, 1],
  );
});

test('findingsIn() takes records of one nameless ecosystem for no word on another', () => {
  const busybox = component('pkg:generic/busybox@1.36', { scheme: 'generic' });
  const record = advisory('X-1', [affectedBelow('pkg:generic/brand-new/thing', '1', { scheme: 'generic' })]);
  assert.deepEqual(found([busybox], [record]).notCovered, [busybox]);
});

test('findingsIn() tells two versions under one purl apart', () => {
  const two = ['1.0.0', '1.2.0'].map((version) => component('pkg:npm/left-pad@1.2.0', { version }));
  const { flaws } = found(two, [advisory('GHSA-1', below('1.3.0'))]);
  assert.deepEqual(
    flaws.map(({ component: { version } }) => version),
    ['1.0.0', '1.2.0'],
  );
});

test('findingsIn(): a module in a package of Debian is left to Debian where its release is spoken of, and only there', () => {
  const owner = component('pkg:deb/debian/python-x@1.0-1', { scheme: 'deb', stream: '12', package: 'python3-x' });
  const inside = component('pkg:pypi/x@1.0', {
    scheme: 'pypi',
    edge: 'contains',
    ownedBy: 'python3-x',
    package: 'python3-x',
  });
  const pypi = advisory('PYSEC-1', [affectedBelow('pkg:pypi/x', '1.1', { scheme: 'pypi' })]);
  const debian = (stream: string) =>
    advisory('CVE-2026-9', [affectedBelow('pkg:deb/debian/zlib', '1', { scheme: 'deb', stream })]);
  assert.deepEqual(told([owner, inside], [pypi, debian('12')]), []);
  assert.deepEqual(told([owner, inside], [pypi, debian('11')]), [['PYSEC-1', 'affected', '1.1']]);
});
