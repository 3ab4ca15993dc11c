import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RecipeRoot } from '../../core/catalog/catalog.ts';
import { type Digest, digestOf } from '../../core/digest.ts';
import type { Architecture } from '../../core/fact.ts';
import { Failure } from '../../core/failure.ts';
import type { AvailablePackage, PackagePool } from '../../core/resolve/available-package.ts';
import { resolve } from '../../core/resolve/resolve.ts';
import { parseWanted } from '../../formats/catalog/package-wanted.ts';
import { rootTree } from '../../formats/deb/root-tree.ts';
import type { DebPackage } from '../../formats/deb/read-deb.ts';
import { parseShlibs, type SharedLibraryOwner } from '../../formats/deb/shlibs.ts';
import { crashPoint } from '../crash-point.ts';
import { writeFileDurably } from '../files/write-file-durably.ts';
import { writeTree } from '../sandbox/write-tree.ts';
import type { AptSpace } from './apt-space.ts';
import { openDebFile } from './open-deb.ts';

export interface DebianRoot {
  readonly folder: string;
  /** Of the lock: equal locks are equal roots. */
  readonly digest: Digest;
  /** A line for each package: name, version, architecture, SHA-256, suite. */
  readonly lock: string;
  readonly shlibs: readonly SharedLibraryOwner[];
  /** Packages that no mirror has, with what was taken in their place. */
  readonly notes: readonly string[];
}

export interface DebianRootDeps {
  readonly pool: PackagePool;
  readonly space: Pick<AptSpace, 'downloadPackages'>;
  /** Roots lie here, by the digest of their lock; may be removed at any time. */
  readonly folder: string;
}

/** Another number when a root of the same packages would look different. */
const ROOT_FORM = 1;

/** What every package may count on without saying so (Debian Policy 3.8), as far as builds use it. */
const ALWAYS_THERE =
  'base-files base-passwd bash coreutils dash debianutils diffutils findutils grep gzip hostname libc-bin perl-base sed tar'.split(
    ' ',
  );

/**
 * A folder to build in, made of Debian packages and all that they depend on. Made once for each set of packages, whole or
 * not at all. E0401 when the suites cannot fulfil what is asked for, E0203 when a file cannot be had.
 */
export async function debianRoot(
  wanted: RecipeRoot,
  architecture: Architecture,
  deps: DebianRootDeps,
): Promise<DebianRoot> {
  const { packages, files, notes } = await obtain(wanted, architecture, deps);
  const lock = packages.map(lockLine).join('');
  const digest = digestOf(`form ${ROOT_FORM}\n${lock}`);
  const folder = join(deps.folder, digest.slice('sha256:'.length, 'sha256:'.length + 24));
  if (!(await exists(folder))) await make(folder, { packages, files, lock });
  return { folder, digest, lock, shlibs: await shlibsOf(`${folder}.shlibs`), notes };
}

interface Obtained {
  readonly packages: readonly AvailablePackage[];
  /** Path of each .deb, by its SHA-256. */
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

const ATTEMPTS_MAX = 10;

/** Mirrors are uneven: what one does not have is left out of the next attempt, which takes an older version then. */
async function obtain(wanted: RecipeRoot, architecture: Architecture, deps: DebianRootDeps): Promise<Obtained> {
  const absent = new Set<string>();
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const resolution = resolve(wishes(wanted, deps.pool), deps.pool, {
      architecture,
      excluded: ({ file }) => absent.has(file.sha256),
    });
    if (resolution.kind === 'impossible') throw impossible(wanted, resolution.reasons, absent.size > 0);
    const { files, missing } = await deps.space.downloadPackages(resolution.packages);
    const notes = resolution.passedOver.map(
      ({ package: each, by }) => `${each.name} ${each.version} cannot be had: ${by?.version ?? 'nothing'} is taken`,
    );
    if (missing.length === 0) return { packages: resolution.packages, files, notes };
    for (const { file } of resolution.packages) if (!files.has(file.sha256)) absent.add(file.sha256);
  }
  throw impossible(wanted, ['too many files are missing on the mirror'], true);
}

function wishes(wanted: RecipeRoot, pool: PackagePool) {
  const always = ALWAYS_THERE.filter((name) => pool.named(name).length > 0);
  return [...wanted.packages, ...always].map((text) => {
    const read = parseWanted(text);
    if (read.kind === 'not-understood') throw new Failure('E0101', read.what, { at: text });
    return { name: read.name, bound: read.bound };
  });
}

function impossible({ suites }: RecipeRoot, reasons: readonly string[], filesMissing: boolean): Failure {
  return new Failure(
    filesMissing ? 'E0203' : 'E0401',
    `No build root can be made of ${suites.join(', ')}: ${reasons.slice(0, 3).join('; ')}`,
    { kept: 'nothing was built', hint: 'see environment.contents of the recipe', retryable: filesMissing },
  );
}

function lockLine({ name, version, architecture, file, suite }: AvailablePackage): string {
  return `${name} ${version} ${architecture} ${file.sha256} ${suite}\n`;
}

/** Unpacking keeps a processor busy for each. */
const AT_ONCE = 3;

async function make(
  folder: string,
  { packages, files, lock }: { readonly lock: string } & Pick<Obtained, 'packages' | 'files'>,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  try {
    const debs: DebPackage[] = [];
    for (let first = 0; first < packages.length; first += AT_ONCE) {
      const some = packages.slice(first, first + AT_ONCE);
      debs.push(
        ...(await Promise.all(
          some.map(({ name, version, file }) => openDebFile(files.get(file.sha256) ?? '', `${name}_${version}.deb`)),
        )),
      );
    }
    await writeTree(fresh, rootTree(debs));
    await writeFileDurably(`${folder}.lock`, lock);
    await writeFileDurably(`${folder}.shlibs`, debs.map(({ shlibs }) => shlibs).join('\n'));
    await rename(fresh, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error; // another process made it meanwhile
    });
    crashPoint('build root made of packages');
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function shlibsOf(path: string): Promise<readonly SharedLibraryOwner[]> {
  return parseShlibs(await readFile(path, 'utf8'), 'shlibs of the build root');
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
