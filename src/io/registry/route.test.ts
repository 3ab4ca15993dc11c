import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestOf } from '../../core/digest.ts';
import { httpDate, parseHttpDate } from '../../formats/http/http-date.ts';
import { isName, isTag, routeOf } from './route.ts';

const digest = digestOf('x');

test('routeOf() knows each address of the specification', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['/v2/', 'base'],
    ['/v2/_catalog', 'catalog'],
    ['/v2/a/tags/list', 'tags'],
    ['/v2/a/b/c/manifests/1.0', 'manifest'],
    [`/v2/a/manifests/${digest}`, 'manifest'],
    [`/v2/a/blobs/${digest}`, 'blob'],
    ['/v2/a/blobs/uploads/', 'uploads'],
    ['/v2/a/blobs/uploads/01234567-89ab-cdef-0123-456789abcdef', 'upload'],
    [`/v2/a/referrers/${digest}`, 'referrers'],
    // A repository may be called like a resource.
    ['/v2/tags/list/tags/list', 'tags'],
    ['/v2/manifests/manifests/manifests', 'manifest'],
    ['/v1/a/tags/list', 'none'],
    ['/v2/a/tags/others', 'none'],
    ['/v2/a/blobs/uploads', 'refused'],
    ['/v2/a/manifests/sha256:abc', 'refused'],
    ['/v2/a/manifests/.hidden', 'refused'],
  ];
  for (const [path, kind] of cases) assert.equal(routeOf(path).kind, kind, path);
});

test('routeOf() lets no name, tag or digest through that is a path of its own', () => {
  const part = fc.oneof(
    fc.constantFrom('..', '.', '/', '%2e', '\\', '\0', '_tags', 'a', 'sha256:', '~', '-'),
    fc.string(),
  );
  const path = fc.array(part, { maxLength: 6 }).map((parts) => `/v2/${parts.join('')}/manifests/1`);
  fc.assert(
    fc.property(path, (one) => {
      const route = routeOf(one);
      if (route.kind !== 'manifest') return true;
      const parts = route.name.split('/');
      return parts.every((name) => /^[a-z0-9]/.test(name) && !/[^a-z0-9._-]/.test(name) && !name.includes('..'));
    }),
    { numRuns: 500 },
  );
});

test('isName() and isTag() hold the bounds of the specification', () => {
  assert.deepEqual([isName('a'.repeat(255)), isName('a'.repeat(256))], [true, false]);
  assert.deepEqual([isTag('a'.repeat(128)), isTag('a'.repeat(129))], [true, false]);
  for (const bad of ['', '-a', 'a-', 'a..b', 'a.-b', 'A', 'a/', '/a', 'a//b', 'a___b'])
    assert.equal(isName(bad), false, bad);
  for (const good of ['a', 'a.b', 'a__b', 'a--b', 'a/b-c/d_e']) assert.equal(isName(good), true, good);
  for (const bad of ['', '.a', '-a', 'a/b', 'a:b']) assert.equal(isTag(bad), false, bad);
});

test('parseHttpDate() reads what httpDate() writes, and nothing that is no such date', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
      const instant = Temporal.Instant.fromEpochMilliseconds(seconds * 1000);
      return parseHttpDate(httpDate(instant))?.equals(instant) === true;
    }),
  );
  for (const bad of [
    '',
    'now',
    '2026-08-02T11:40:13Z',
    'Sun, 31 Feb 2026 00:00:00 GMT',
    'Mon, 02 Aug 2026 11:40:13 GMT',
  ]) {
    assert.equal(parseHttpDate(bad), undefined, bad);
  }
});
