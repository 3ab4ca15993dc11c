import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { versionSchemes } from '../version/schemes.ts';
import type { AffectedPackage, AffectedRange } from './advisory.ts';
import { onLinux } from './component-verdict.ts';
import { judgeStatements } from './judge-statements.ts';
import { type DistinctComponent, ReverseIndex } from './reverse-index.ts';

const openssl = (version: string): DistinctComponent => {
  return { upstream: 'pkg:generic/openssl', stream: '3', scheme: 'semver', version };
};
const before = (fixed: string): AffectedPackage => ({
  package: 'pkg:generic/openssl',
  stream: null,
  scheme: 'semver',
  ranges: [{ introduced: '3.0.0', fixed, lastAffected: null }],
  versions: [],
});

test('affectedBy() gives the components and the lines that hold them, each once', () => {
  const index = new ReverseIndex();
  index.put('nginx:1.28', [openssl('3.0.1'), openssl('3.0.2')]);
  index.put('redis:8', [openssl('3.0.2'), openssl('3.0.3'), openssl('3.0.3')]);
  index.put('busybox:1', []);
  const { components, lines } = index.affectedBy({ withdrawn: null, affected: [before('3.0.3'), before('3.0.2')] });
  assert.deepEqual(components, [openssl('3.0.1'), openssl('3.0.2')]);
  assert.deepEqual(lines.toSorted(), ['nginx:1.28', 'redis:8']);
  assert.deepEqual(index.affectedBy({ withdrawn: '2026-03-01T00:00:00Z', affected: [before('9.0.0')] }).lines, []);
});

test('put() replaces what a line held before, and remove() ends it', () => {
  const index = new ReverseIndex();
  index.put('nginx:1.28', [openssl('3.0.1')]);
  index.put('nginx:1.28', [openssl('3.0.3')]);
  const news = { withdrawn: null, affected: [before('3.0.3')] };
  assert.deepEqual(index.affectedBy(news), { components: [], lines: [] });
  index.put('nginx:1.28', [openssl('3.0.2')]);
  assert.deepEqual(index.affectedBy(news).lines, ['nginx:1.28']);
  index.remove('nginx:1.28');
  assert.deepEqual(index.affectedBy(news), { components: [], lines: [] });
});

const version = fc.oneof(
  fc.tuple(fc.nat(2), fc.nat(3), fc.constantFrom('', '-rc.1', 'a')).map(([a, b, tail]) => `${a}.${b}.0${tail}`),
  fc.nat(9).map((day) => `v0.0.0-2024010${day}000000-abcdefabcdef`),
  fc.constantFrom('0', '0~', '1', 'v1.0.0', '1.0', 'main', '', '1:1-1'),
);
const bound = fc.option(version, { nil: null });
const range: fc.Arbitrary<AffectedRange> = fc.record({
  introduced: fc.oneof(fc.constant('0'), version),
  fixed: bound,
  lastAffected: bound,
});
const upstream = fc.constantFrom('pkg:generic/hello', 'pkg:golang/a');
const stream = fc.constantFrom('0.0', '1');
const scheme = fc.constantFrom(...versionSchemes);
const component: fc.Arbitrary<DistinctComponent> = fc.record({ upstream, stream, scheme, version });
const windows = { path: 'a', symbols: [], os: ['windows'], architectures: [] };
const affected: fc.Arbitrary<AffectedPackage> = fc.record(
  {
    package: upstream,
    stream: fc.option(stream, { nil: null }),
    scheme,
    ranges: fc.array(range, { maxLength: 3 }),
    versions: fc.array(version, { maxLength: 2 }),
    customRanges: fc.array(range, { maxLength: 2 }),
    imports: fc.array(fc.constantFrom(windows, { ...windows, os: [] }), { maxLength: 2 }),
  },
  { requiredKeys: ['package', 'stream', 'scheme', 'ranges', 'versions'] },
);
const image = fc.tuple(fc.constantFrom('a:1', 'b:1', 'c:1'), fc.array(component, { maxLength: 6 }));
const news = fc.array(affected, { minLength: 1, maxLength: 3 });

test('affectedBy() and judgeStatements() agree, whatever came in which order', () => {
  fc.assert(
    fc.property(fc.array(image, { maxLength: 6 }), news, fc.array(image, { maxLength: 2 }), (first, record, more) => {
      const index = new ReverseIndex();
      const held = new Map<string, readonly DistinctComponent[]>();
      for (const images of [first, more]) {
        for (const [line, components] of images) {
          index.put(line, components);
          held.set(line, components);
        }
        const covers = (each: DistinctComponent): boolean =>
          judgeStatements(each, record, onLinux)?.verdict === 'affected';
        const found = index.affectedBy({ withdrawn: null, affected: record });
        const expected = [...held].filter(([, components]) => components.some(covers)).map(([line]) => line);
        assert.deepEqual(found.lines.toSorted(), expected.toSorted());
        const texts = (components: readonly DistinctComponent[]) =>
          new Set(components.map((each) => JSON.stringify(each)));
        const distinct = [...held.values()].flat().filter(covers);
        const ordered = ({ upstream: name, stream: of, scheme: by, version: at }: DistinctComponent) => ({
          upstream: name,
          stream: of,
          scheme: by,
          version: at,
        });
        assert.deepEqual(texts(found.components.map(ordered)), texts(distinct.map(ordered)));
        assert.equal(found.components.length, texts(distinct.map(ordered)).size);
      }
    }),
    { numRuns: process.env['SUTURE_LONG'] === '1' ? 50_000 : 2_000 },
  );
});

test('affectedBy() stays right when images are put away and those that are gone leave', () => {
  const index = new ReverseIndex();
  const library = (of: number): DistinctComponent => ({ ...openssl('3.0.1'), upstream: `pkg:generic/library-${of}` });
  const libraries = Array.from({ length: 2_000 }, (_, of) => library(of));
  for (let turn = 0; turn < 3; turn += 1) {
    for (let line = 0; line < 150; line += 1) index.put(`line:${line}`, line % 3 === turn ? [] : libraries);
  }
  const { lines, components } = index.affectedBy({
    withdrawn: null,
    affected: [{ ...before('3.0.3'), package: 'pkg:generic/library-1999' }],
  });
  assert.equal(components.length, 1);
  assert.deepEqual(
    new Set(lines),
    new Set(Array.from({ length: 150 }, (_, line) => `line:${line}`).filter((_, line) => line % 3 !== 2)),
  );
  assert.equal(lines.length, 100);
});
