import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recipe } from '../../../test/support/literals.ts';
import type { ReleaseForm } from '../fact.ts';
import { recipeFollower, suiteFollower, type Follower } from './follower.ts';
import type { KnownUpstream } from './known-releases.ts';
import { releaseNews, type ReleaseNews } from './release-news.ts';

const ended = Temporal.Instant.from('2026-03-01T10:00:00Z');

function news(form: ReleaseForm, followers: readonly Follower[], seen: readonly string[], held: readonly string[]) {
  const known: KnownUpstream = {
    places: new Map(),
    releases: new Map(
      held.map((version) => [
        `${followers[0]?.stream} ${version}`,
        {
          stream: followers[0]?.stream ?? '',
          version,
          where: '',
          ref: version,
          objectId: null,
          commit: `archive of ${version}`,
          withdrawn: false,
          withdrawals: 0,
        },
      ]),
    ),
  };
  const tags = seen.map((name) => ({ name, objectId: '', commit: `archive of ${name}` }));
  return believed(
    releaseNews({
      upstream: 'pkg:generic/expat',
      followers,
      form,
      where: '',
      tags,
      known,
      lastLook: null,
      ended,
      isApproved: () => false,
    }),
  );
}

function believed(found: ReleaseNews) {
  assert.ok(found.kind === 'believed', JSON.stringify(found));
  return {
    appeared: found.appeared.map(({ version }) => version),
    vanished: found.vanished.map(({ version }) => version),
  };
}

const expat = recipeFollower(
  recipe({
    source: { kind: 'debian', source: 'expat', version: '2.5.0', suites: ['sid'], expectedSha256: null },
    update: { enabled: true, stripPrefix: '', versionPrefix: '2.', ignore: [] },
  }),
);

test('releaseNews(): an archive that a newer one took the place of is superseded, not withdrawn', () => {
  assert.deepEqual(news('tarball', [expat], ['2.8.3'], ['2.8.2']), { appeared: ['2.8.3'], vanished: [] });
});

test('releaseNews(): the newest archive that is gone is withdrawn', () => {
  assert.deepEqual(news('tarball', [expat], ['2.8.2'], ['2.8.2', '2.8.3']), { appeared: [], vanished: ['2.8.3'] });
});

test('releaseNews(): a tag that is gone is withdrawn, whatever is newer', () => {
  const git = recipeFollower(recipe());
  assert.deepEqual(
    news(
      'git-tag',
      [git],
      ['v1.0.1'],
      ['v1.0.0'].map((tag) => tag.slice(1)),
    ),
    {
      appeared: ['1.0.1'],
      vanished: ['1.0.0'],
    },
  );
});

test('releaseNews(): versions of a suite are those of the distribution, revisions and all', () => {
  const suite = suiteFollower('12');
  const found = news('registry', [suite], ['2.5.0-1+deb12u2', '2.5.0-1+deb12u5', 'not a version'], ['2.5.0-1+deb12u1']);
  assert.deepEqual(found, { appeared: ['2.5.0-1+deb12u2', '2.5.0-1+deb12u5'], vanished: [] });
});

test('releaseNews(): a version of a suite that nobody names any more was not taken back', () => {
  const found = news('registry', [suiteFollower('12')], ['2.5.0-1+deb12u2'], ['2.5.0-1+deb12u5']);
  assert.deepEqual(found, { appeared: ['2.5.0-1+deb12u2'], vanished: [] });
});

test('releaseNews(): a candidate in a suite is no release', () => {
  const tags = [{ name: '8.23.0~rc3', objectId: 'a', commit: 'a' }];
  const curl = recipeFollower(
    recipe({
      upstream: { purl: 'pkg:generic/curl', stream: '8', scheme: 'generic' },
      source: { kind: 'debian', source: 'curl', version: '8.14.1', suites: ['sid'], expectedSha256: null },
      update: { enabled: true, stripPrefix: '', versionPrefix: '', ignore: [] },
    }),
  );
  const found = releaseNews({
    upstream: 'pkg:generic/curl',
    followers: [curl],
    form: 'tarball',
    where: '',
    tags,
    known: undefined,
    lastLook: null,
    ended,
    isApproved: () => false,
  });
  assert.ok(found.kind === 'believed');
  assert.deepEqual(
    found.appeared.map(({ version, prerelease }) => ({ version, prerelease })),
    [{ version: '8.23.0_rc3', prerelease: true }],
  );
});
