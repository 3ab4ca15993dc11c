import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, recipe } from '../../../test/support/literals.ts';
import type { Recipe } from '../catalog/catalog.ts';
import type { ReleaseObserved } from '../fact.ts';
import { ObligationBook } from './obligation-book.ts';
import { noOffers } from './offers.ts';
import { plan, proposalKey } from './plan.ts';
import type { StepOutcome } from './step.ts';
import { emptyStock } from './stock.ts';

const now = Temporal.Instant.from('2026-03-01T10:00:00Z');
const later = now.add({ minutes: 5 });
const expat: Recipe = recipe({
  name: 'expat',
  recipe: 'expat',
  version: '2.5.0',
  upstream: { purl: 'pkg:generic/expat', stream: '2', scheme: 'semver' },
  source: { kind: 'debian', source: 'expat', version: '2.5.0', suites: ['sid'], expectedSha256: null },
  update: { enabled: true, stripPrefix: '', versionPrefix: '2.', ignore: [] },
});

/** What the plan proposes, and what it says of the recipe, when some releases could not be had. */
function planned(releases: readonly string[], unobtainable: Readonly<Record<string, Temporal.Instant | null>>) {
  const stock = emptyStock();
  stock.releases.set('pkg:generic/expat', releases.map(releaseOf));
  const outcomes = new Map(
    Object.entries(unobtainable).map(([version, retryAt]): [string, StepOutcome] => [
      proposalKey(expat, releaseOf(version)),
      { kind: 'failed', at: now, attempt: 1, code: 'E0203', message: 'no mirror has it', retryAt },
    ]),
  );
  const { steps, reasons } = plan({
    catalog: catalog({ recipes: [expat], lines: [] }),
    commit: 'c1',
    proposals: [],
    stock,
    obligations: new ObligationBook(),
    fixesKnown: 0,
    outcomes,
    now,
    offers: noOffers,
    cherryPick: () => undefined,
  });
  return {
    proposed: steps.flatMap((step) => (step.kind === 'propose-change' ? [step.release.version] : [])),
    said: reasons.filter(({ subject }) => subject.kind === 'recipe').map(({ who, text }) => `${who}: ${text}`),
  };
}

function releaseOf(version: string): ReleaseObserved {
  return {
    upstream: 'pkg:generic/expat',
    stream: '2',
    version,
    form: 'tarball',
    ref: version,
    sha256: `archive of ${version}`,
    prerelease: false,
    verified: null,
  };
}

test('plan() proposes the newest release', () => {
  assert.deepEqual(planned(['2.8.2', '2.9.0', '2.8.3'], {}), { proposed: ['2.9.0'], said: [] });
});

test('plan() falls back one version where no mirror has the newest, and says so', () => {
  assert.deepEqual(planned(['2.8.2', '2.8.3', '2.9.0'], { '2.9.0': later }), {
    proposed: ['2.8.3'],
    said: ['nobody: expat 2.9.0 is announced, and its files cannot be had (no mirror has it): 2.8.3 is taken'],
  });
});

test('plan() asks for it again once the pause is over', () => {
  assert.deepEqual(planned(['2.8.3', '2.9.0'], { '2.9.0': now }), { proposed: ['2.9.0'], said: [] });
});

test('plan() stays where it is when nothing is left and nobody waits for it', () => {
  const { proposed, said } = planned(['2.8.3', '2.9.0'], { '2.9.0': later, '2.8.3': later });
  assert.deepEqual(proposed, []);
  assert.match(said.join(), /^nobody: expat 2\.9\.0 .*; 2\.8\.3 .*: it stays at 2\.5\.0$/);
});
