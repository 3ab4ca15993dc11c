import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Failure } from '../../src/core/failure.ts';
import type { AvailablePackage, PackagePool } from '../../src/core/resolve/available-package.ts';
import { combinePools } from '../../src/core/resolve/combine-pools.ts';
import { resolve } from '../../src/core/resolve/resolve.ts';
import { packagesIndex } from '../../src/formats/deb/packages-index.ts';
import { type AptSpace, openAptSpace } from '../../src/io/debian/apt-space.ts';
import { aptOr } from './apt.ts';
import { toolPath } from './tool.ts';

/** Debian's packages as the factory gets them, fetched into a folder that tests share. */
export interface DebianPackages {
  readonly suites: readonly string[];
  readonly pool: PackagePool;
  /** What a set of names comes to. */
  resolved(names: readonly string[]): readonly AvailablePackage[];
  readonly downloadPackages: AptSpace['downloadPackages'];
}

const suites = ['bookworm', 'bookworm-security'];
const FOLDER = join(import.meta.dirname, '../../.cache/test-apt');

/**
 * Undefined, and the test skipped, where apt, dpkg or the archives are missing; a failure where SUTURE_REQUIRE names apt.
 * The indexes are fetched once; remove `.cache/test-apt` for newer ones.
 */
export async function debianPackages(t: TestContext): Promise<DebianPackages | undefined> {
  if (process.arch !== 'x64') return notHere(t, 'the sets are those of amd64');
  if (!(await aptOr(t)) || toolPath(t, 'dpkg-deb') === undefined) return undefined;
  try {
    const space = await openAptSpace({ folder: FOLDER, suites, architecture: 'amd64' });
    const known = await space.indexes().catch(() => []);
    if (known.length < suites.length) await space.update();
    const fetched = await space.indexes();
    const indexes = fetched.flatMap(({ suite, packages }) => packages.map((path) => ({ suite, path })));
    const read = async ({ suite, path }: (typeof indexes)[number]) =>
      packagesIndex(await readFile(path), { suite, at: suite });
    const pool = combinePools(await Promise.all(indexes.map(read)));
    return {
      suites,
      pool,
      resolved: (names) => resolved(names, pool),
      downloadPackages: (wanted) => space.downloadPackages(wanted),
    };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'E0203') throw error;
    return notHere(t, error.message);
  }
}

function notHere(t: TestContext, why: string): undefined {
  const required = (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('apt');
  assert.ok(!required, `SUTURE_REQUIRE asks for apt: ${why}`);
  t.skip(`skipped: ${why}`);
  return undefined;
}

function resolved(names: readonly string[], pool: PackagePool): readonly AvailablePackage[] {
  const wanted = names.map((name) => ({ name, bound: null }));
  const resolution = resolve(wanted, pool, { architecture: 'amd64' });
  assert.ok(resolution.kind === 'resolved', `${names.join(' ')}: ${JSON.stringify(resolution)}`);
  return resolution.packages;
}
