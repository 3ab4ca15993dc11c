import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, line, recipe } from '../../../test/support/literals.ts';
import type { Recipe } from '../catalog/catalog.ts';
import { fullVersion } from '../catalog/full-version.ts';
import { digestOf } from '../digest.ts';
import type { PackageBuilt, PackageImported } from '../fact.ts';
import type { AvailablePackage, PackagePool } from '../resolve/available-package.ts';
import { packageShelf } from './composition.ts';
import { debianComposition } from './debian-composition.ts';
import type { Offers } from './offers.ts';
import { emptyStock, type Stock } from './stock.ts';
import { stepKey } from './step-key.ts';

const web = line({
  format: 'deb',
  suites: ['bookworm', 'bookworm-security'],
  packages: [{ name: 'web', bound: null, note: null, at: 'lines/web.yaml:4:5' }],
});

test('debianComposition() wants what it names and all that this depends on', () => {
  const found = compose({
    pool: [deb('web', '1.0-1', { needs: ['libssl'] }), deb('libssl', '3.0-1'), deb('other', '1-1')],
  });
  assert.deepEqual(found, { kind: 'import', wanted: ['libssl 3.0-1', 'web 1.0-1'] });
});

test('debianComposition() is ready once everything is here', () => {
  const pool = [deb('web', '1.0-1', { needs: ['libssl'] }), deb('libssl', '3.0-1')];
  assert.deepEqual(compose({ pool, imported: pool }), {
    kind: 'ready',
    packages: ['libssl 3.0-1', 'web 1.0-1'],
    notes: [],
  });
});

test('debianComposition() takes the newest version of all suites', () => {
  const pool = [deb('web', '1.0-1'), deb('web', '1.0-1+deb12u1', { suite: 'bookworm-security' })];
  assert.deepEqual(compose({ pool }), { kind: 'import', wanted: ['web 1.0-1+deb12u1'] });
});

test('debianComposition() falls back one version where no mirror has the file, and says so', () => {
  const newest = deb('web', '1.0-1+deb12u1', { suite: 'bookworm-security' });
  const pool = [deb('web', '1.0-1'), newest];
  assert.deepEqual(compose({ pool, imported: pool.slice(0, 1), absent: [newest] }), {
    kind: 'ready',
    packages: ['web 1.0-1'],
    notes: ['web 1.0-1+deb12u1 is announced in bookworm-security, and no mirror has it: 1.0-1 is taken'],
  });
});

test('debianComposition() does not go back below what it took before, and needs no mirror for that', () => {
  const [oldest, held, newest] = [deb('web', '1.0-1'), deb('web', '1.0-1+deb12u1'), deb('web', '1.0-1+deb12u2')];
  assert.deepEqual(compose({ pool: [oldest, newest], imported: [held], absent: [newest] }), {
    kind: 'missing',
    missing: ['the file of web 1.0-1+deb12u2, which no mirror has yet, and 1.0-1 is older than 1.0-1+deb12u1 before'],
  });
  assert.deepEqual(compose({ pool: [oldest, newest], imported: [newest], absent: [newest] }), {
    kind: 'ready',
    packages: ['web 1.0-1+deb12u2'],
    notes: [],
  });
});

test('debianComposition() is impossible where nothing is left, with the reason', () => {
  const only = deb('web', '1.0-1');
  const found = compose({ pool: [only], absent: [only] });
  assert.ok(found.kind === 'impossible' && /web/.test(found.reasons.join()), JSON.stringify(found));
});

test('debianComposition() waits for indexes that nobody read yet', () => {
  const offers: Offers = { pool: () => undefined, absent: new Set() };
  const found = debianComposition(web, { shelf: packageShelf(catalog(), emptyStock()), offers, imported: new Map() });
  assert.deepEqual(found, { kind: 'missing', missing: ['the indexes of bookworm, bookworm-security'] });
});

test('debianComposition() takes a build of ours before a newer one of the suites, also for a dependency', () => {
  const own = ownRecipe('libssl', '3.0.1');
  const pool = [deb('web', '1.0-1', { needs: ['libssl'] }), deb('libssl', '3.0.9-1')];
  const found = compose({ pool, imported: pool, recipes: [own], built: [own] });
  assert.deepEqual(found, { kind: 'ready', packages: ['libssl 3.0.1-1suture1', 'web 1.0-1'], notes: [] });
});

test('debianComposition() waits for a build of ours instead of taking the one of the suites', () => {
  const own = ownRecipe('libssl', '3.0.1');
  const pool = [deb('web', '1.0-1', { needs: ['libssl'] }), deb('libssl', '3.0.9-1')];
  assert.deepEqual(compose({ pool, recipes: [own] }), {
    kind: 'missing',
    missing: ['the build of libssl for amd64'],
  });
  const wanted = ownRecipe('web', '2.0');
  assert.deepEqual(compose({ pool, recipes: [wanted] }), { kind: 'missing', missing: ['web 2.0-1suture1 for amd64'] });
});

interface World {
  readonly pool: readonly AvailablePackage[];
  readonly imported?: readonly AvailablePackage[];
  readonly absent?: readonly AvailablePackage[];
  readonly recipes?: readonly Recipe[];
  readonly built?: readonly Recipe[];
}

function compose({ pool, imported = [], absent = [], recipes = [], built = [] }: World) {
  const stock: Stock = emptyStock();
  for (const each of built) {
    const fact = packageOf(each);
    stock.packages.set(fact.stepKey, fact);
  }
  const known = new Map(imported.map((each) => [`amd64 sha256:${each.file.sha256}`, importOf(each)]));
  const found = debianComposition(web, {
    shelf: packageShelf(catalog({ recipes, lines: [web] }), stock),
    offers: { pool: () => poolOf(pool), absent: new Set(absent.map(({ file }) => file.sha256)) },
    imported: known,
  });
  switch (found.kind) {
    case 'import':
      return { kind: found.kind, wanted: found.packages.map((each) => `${each.package.name} ${each.package.version}`) };
    case 'ready':
      return {
        kind: found.kind,
        packages: found.composition.packages.map(({ name, version }) => `${name} ${version}`),
        notes: found.notes,
      };
    case 'missing':
    case 'impossible':
      return found;
  }
}

function poolOf(packages: readonly AvailablePackage[]): PackagePool {
  return { named: (name) => packages.filter((each) => each.name === name), providing: () => [] };
}

function deb(
  name: string,
  version: string,
  { needs = [], suite = 'bookworm' }: { readonly needs?: readonly string[]; readonly suite?: string } = {},
): AvailablePackage {
  return {
    name,
    version,
    architecture: 'amd64',
    multiArch: null,
    source: { name, version },
    essential: false,
    priority: 'optional',
    dependencies: needs.map((each) => [{ name: each, qualifier: null, operator: null, version: '' }]),
    conflicts: [],
    provides: [],
    replaces: [],
    suite,
    file: { path: `pool/${name}`, sizeBytes: 1, sha256: digestOf(`${name} ${version}`).slice(7) },
  };
}

function importOf({ name, version, source, suite, file }: AvailablePackage): PackageImported {
  const digest = digestOf(`${name} ${version}`);
  return {
    name,
    version,
    architecture: 'amd64',
    digest,
    sizeBytes: file.sizeBytes,
    suite,
    release: '12',
    source,
    sourceEpoch: 1,
  };
}

function ownRecipe(name: string, version: string): Recipe {
  return recipe({ name, recipe: name, version, format: 'deb', root: { suites: ['bookworm'], packages: ['gcc'] } });
}

function packageOf(of: Recipe): PackageBuilt {
  return {
    recipe: of.recipe,
    name: of.name,
    version: fullVersion(of),
    architecture: 'amd64',
    digest: digestOf(`own ${of.name}`),
    sizeBytes: 1,
    stepKey: stepKey(of, 'amd64'),
    upstream: of.upstream.purl,
    upstreamVersion: of.version,
    sourceDigest: digestOf('source'),
    isolation: 'bubblewrap',
    sourceEpoch: 1,
    relations: { dependencies: [], conflicts: [], provides: [], replaces: [] },
  };
}
