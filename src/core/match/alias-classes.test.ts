import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aliasClasses } from './alias-classes.ts';

const record = (id: string, ...aliases: string[]) => ({ id, aliases });

test('aliasClasses() joins both ways and onwards: records that share one alias are one vulnerability', () => {
  // V1 knows only b and V3 only a and c; V2 is the bridge between them.
  const classOf = aliasClasses(
    [record('V0', 'a'), record('V1', 'b'), record('V2', 'b', 'c'), record('V3', 'a', 'c')],
    [],
  );
  assert.deepEqual(classOf('V1').ids, ['V0', 'V1', 'V2', 'V3', 'a', 'b', 'c']);
});

test('aliasClasses() takes the smallest id by code units as the address', () => {
  const classOf = aliasClasses([record('GHSA-aaaa', 'CVE-2026-0001'), record('GO-2026-1', 'GHSA-aaaa')], []);
  assert.equal(classOf('GO-2026-1').smallest, 'CVE-2026-0001');
  assert.deepEqual(classOf('unheard-of'), { smallest: 'unheard-of', ids: ['unheard-of'] });
});

test("aliasClasses() never fuses flaws by way of a distribution's notice", () => {
  const classOf = aliasClasses(
    [record('DSA-1-1', 'CVE-2026-0001', 'CVE-2026-0002', 'GHSA-b'), record('GHSA-a', 'DSA-1-1')],
    [],
  );
  for (const id of ['CVE-2026-0001', 'CVE-2026-0002', 'GHSA-a', 'GHSA-b', 'DSA-1-1']) {
    assert.deepEqual(classOf(id).ids, [id]);
  }
});

test('aliasClasses() joins what a chain of aliases holds together, wherever it begins', () => {
  // A pairwise merge leaves V1 alone: V0{a} V1{b} V2{b,c} V3{a,c}.
  const records = [record('V0', 'a'), record('V1', 'b'), record('V2', 'b', 'c'), record('V3', 'a', 'c')];
  assert.deepEqual(aliasClasses(records, [])('V1').ids, ['V0', 'V1', 'V2', 'V3', 'a', 'b', 'c']);
});

test('aliasClasses() fuses nothing by ids of distributions, whatever their form', () => {
  for (const notice of [
    'DLA-3380-1',
    'USN-5614-1',
    'RHSA-2024:4546',
    'ALAS2023-2026-1',
    'CGA-aaaa-bbbb-cccc',
    'SUSE-SU-2026:1-1',
  ]) {
    const classOf = aliasClasses(
      [record(notice, 'CVE-2026-0001', 'GO-2026-1'), record('GHSA-a', notice), record('CVE-2026-0002', notice)],
      [],
    );
    assert.deepEqual(classOf(notice).ids, [notice]);
    assert.deepEqual(classOf('CVE-2026-0002').ids, ['CVE-2026-0002']);
    assert.deepEqual(classOf('GHSA-a').ids, ['GHSA-a']);
  }
});

test('aliasClasses() keeps two CVE ids apart that a chain of other ids would hold together', () => {
  const records = [
    record('GHSA-a', 'CVE-2026-0001'),
    record('GO-1', 'CVE-2026-0002'),
    record('PYSEC-1', 'GHSA-a', 'GO-1'),
  ];
  const classOf = aliasClasses(records, []);
  assert.notDeepEqual(classOf('CVE-2026-0001'), classOf('CVE-2026-0002'));
});

test("aliasClasses() lets a distribution's id that names one flaw be another name of it", () => {
  const classOf = aliasClasses([record('ALPINE-CVE-2026-0001', 'CVE-2026-0001')], []);
  assert.equal(classOf('CVE-2026-0001').smallest, 'ALPINE-CVE-2026-0001');
});

test('aliasClasses() keeps two CVE ids apart that only a third id holds together', () => {
  const classOf = aliasClasses([record('GHSA-x', 'CVE-2026-0002', 'CVE-2026-0001')], []);
  assert.deepEqual(classOf('GHSA-x').ids, ['CVE-2026-0001', 'GHSA-x']);
  assert.deepEqual(classOf('CVE-2026-0002').ids, ['CVE-2026-0002']);
});

test('aliasClasses() joins two CVE ids when the record of one names the other', () => {
  const classOf = aliasClasses([record('CVE-2026-0002', 'CVE-2026-0001'), record('GHSA-x', 'CVE-2026-0002')], []);
  assert.deepEqual(classOf('GHSA-x').ids, ['CVE-2026-0001', 'CVE-2026-0002', 'GHSA-x']);
});

test('aliasClasses() keeps a pair apart that was declared unrelated, also by a detour', () => {
  const records = [record('GHSA-a', 'GO-1'), record('GO-1', 'PYSEC-1')];
  const classOf = aliasClasses(records, [['PYSEC-1', 'GHSA-a']]);
  assert.notDeepEqual(classOf('GHSA-a'), classOf('PYSEC-1'));
});

test('aliasClasses() does not depend on the order of records and puts every id into exactly one class', () => {
  const id = fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3', 'GHSA-a', 'GHSA-b', 'GO-1', 'DSA-1', 'ALPINE-1', 'x');
  const records = fc.array(fc.record({ id, aliases: fc.array(id, { maxLength: 3 }) }), { maxLength: 8 });
  const shuffled = records.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(shuffled, fc.array(fc.tuple(id, id), { maxLength: 2 }), ([all, other], unrelated) => {
      const [one, two] = [aliasClasses(all, unrelated), aliasClasses(other, unrelated)];
      for (const { id: member } of all) {
        assert.deepEqual(one(member), two(member));
        for (const peer of one(member).ids) assert.deepEqual(one(peer), one(member));
        for (const [a, b] of unrelated)
          if (a !== b) assert.ok(!(one(member).ids.includes(a) && one(member).ids.includes(b)));
      }
    }),
  );
});
