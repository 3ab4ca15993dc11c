import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AdvisoryRecord, AffectedPackage, AffectedRange } from '../match/advisory.ts';
import type { Component } from '../match/inventory.ts';
import { versionSchemes } from '../version/schemes.ts';
import { coveredComponents } from './covered-components.ts';
import { emptyHistory, recordIn, upstreamIn, type KnownComponent, type UpstreamHistory } from './history.ts';
import { covers, readingsOf, type Reading } from './readings.ts';

const version = fc.oneof(
  fc.tuple(fc.nat(2), fc.nat(3), fc.constantFrom('', '-rc.1', 'a')).map(([a, b, tail]) => `${a}.${b}.0${tail}`),
  fc.nat(9).map((day) => `v0.0.0-2024010${day}000000-abcdefabcdef`),
  fc.constantFrom('0', '0~', '1', 'v1.0.0', '1.0', 'main', '', '1:1-1', '1:1.0.0'),
);
const bound = fc.option(version, { nil: null });
const range: fc.Arbitrary<AffectedRange> = fc.record({
  introduced: fc.oneof(fc.constant('0'), version),
  fixed: bound,
  lastAffected: bound,
});
const stream = fc.constantFrom('0.0', '1');
const scheme = fc.constantFrom(...versionSchemes);
const windows = { path: 'a', symbols: [], os: ['windows'], architectures: [] };
const linked = fc.constantFrom({ packages: ['a'], symbols: null }, { packages: [], symbols: [] });
const component: fc.Arbitrary<Component> = fc
  .record(
    { stream, scheme, version, linked, isEpochUnknown: fc.constant(true as const) },
    { requiredKeys: ['stream', 'scheme', 'version'] },
  )
  .map((some) => {
    const upstream = 'pkg:golang/a';
    return { purl: upstream, upstream, edge: 'contains', package: 'a', patched: [], ...some };
  });
const affected: fc.Arbitrary<AffectedPackage> = fc.record(
  {
    package: fc.constantFrom('pkg:golang/a', 'pkg:golang/a', 'pkg:golang/b'),
    stream: fc.option(stream, { nil: null }),
    scheme,
    ranges: fc.array(range, { maxLength: 3 }),
    versions: fc.array(version, { maxLength: 2 }),
    customRanges: fc.array(range, { maxLength: 2 }),
    imports: fc.array(fc.constantFrom(windows, { ...windows, os: [] }), { maxLength: 2 }),
    verdict: fc.constantFrom('not-affected' as const, 'undetermined' as const),
    unreadRanges: fc.nat(1),
  },
  { requiredKeys: ['package', 'stream', 'scheme', 'ranges', 'versions'] },
);
const statements = fc.array(affected, { minLength: 1, maxLength: 3 });

test('coveredComponents() and covers() agree, of components that were there before and of those that came since', () => {
  fc.assert(
    fc.property(
      fc.array(component, { maxLength: 12 }),
      fc.array(component, { maxLength: 3 }),
      statements,
      (...world) => {
        const [first, since, says] = world;
        const upstream = upstreamIn(emptyHistory(noInventory), 'pkg:golang/a');
        for (const components of [first, since]) {
          for (const each of components) hold(upstream, each);
          const [found, judged] = [readingOf(says), readingOf(says)];
          const expected = upstream.components.filter((known) => covers(judged, known));
          const ordinals = [...coveredComponents(found, upstream)].map(({ ordinal }) => ordinal);
          assert.deepEqual(
            ordinals.toSorted((a, b) => a - b),
            expected.map(({ ordinal }) => ordinal),
          );
        }
      },
    ),
    { numRuns: process.env['SUTURE_LONG'] === '1' ? 50_000 : 3_000 },
  );
});

function noInventory(): undefined {
  return undefined;
}

function hold(upstream: UpstreamHistory, component: Component): void {
  const known: KnownComponent = { ordinal: upstream.components.length, upstream, component };
  upstream.components.push(known);
}

function readingOf(affectedPackages: readonly AffectedPackage[]): Reading {
  const says: AdvisoryRecord = {
    id: 'CVE-2026-1000',
    source: 'made-up',
    aliases: [],
    summary: '',
    published: null,
    modified: '2026-03-01T00:00:00Z',
    withdrawn: null,
    severities: [],
    affected: affectedPackages,
    exploitedSince: null,
    epss: null,
    malicious: false,
  };
  const record = recordIn(emptyHistory(noInventory), says);
  record.versions.push({ fact: 'a', seq: 1, recordedAt: 0, says, from: 0, to: 0 });
  const [reading] = readingsOf(record);
  assert.ok(reading !== undefined);
  return reading;
}
