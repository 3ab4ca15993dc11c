import { mkdir, mkdtemp, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RecipeRoot } from '../../core/catalog/catalog.ts';
import { type Digest, digestOf } from '../../core/digest.ts';
import type { Architecture } from '../../core/fact.ts';
import { Failure } from '../../core/failure.ts';
import type { AvailablePackage, PackagePool } from '../../core/resolve/available-package.ts';
import { resolve } from '../../core/resolve/resolve.ts';
import { parseWanted } from '../../formats/catalog/package-wanted.ts';
import { parseShlibs, type SharedLibraryOwner } from '../../formats/deb/shlibs.ts';
import { crashPoint } from '../crash-point.ts';
import { writeFileDurably } from '../files/write-file-durably.ts';
import type { PackageDownloads } from './apt-downloads.ts';
import type { AptSpace } from './apt-space.ts';
import { unpackRoot } from './unpack-root.ts';

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
const ROOT_FORM = 2;

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
  const absent = new Set<string>();
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const resolved = resolveRoot(wanted, { architecture, absent, deps });
    const { folder, digest, lock, notes } = resolved;
    if (await exists(folder)) await touch(folder);
    else {
      const { files, missing } = await deps.space.downloadPackages(resolved.packages);
      if (missing.length > 0) {
        for (const { file } of resolved.packages) if (!files.has(file.sha256)) absent.add(file.sha256);
        continue;
      }
      await make(folder, { ...resolved, files });
    }
    return { folder, digest, lock, shlibs: await shlibsOf(`${folder}.shlibs`), notes };
  }
  throw impossible(wanted, ['too many files are missing on the mirror'], true);
}

/** Mirrors are uneven: what one does not have is left out of the next attempt, which takes an older version then. */
const ATTEMPTS_MAX = 10;

/** Path of each .deb, by its SHA-256. */
type Downloaded = Pick<PackageDownloads, 'files'>;

interface ResolvedRoot {
  readonly packages: readonly AvailablePackage[];
  readonly folder: string;
  readonly digest: Digest;
  readonly lock: string;
  readonly notes: readonly string[];
}

function resolveRoot(
  wanted: RecipeRoot,
  {
    architecture,
    absent,
    deps,
  }: {
    readonly architecture: Architecture;
    readonly absent: ReadonlySet<string>;
    readonly deps: DebianRootDeps;
  },
): ResolvedRoot {
  const resolution = resolve(wishes(wanted, deps.pool), deps.pool, {
    architecture,
    excluded: ({ file }) => absent.has(file.sha256),
  });
  if (resolution.kind === 'impossible') throw impossible(wanted, resolution.reasons, absent.size > 0);
  const lock = resolution.packages.map(lockLine).join('');
  const digest = digestOf(`form ${ROOT_FORM}\n${lock}`);
  return {
    packages: resolution.packages,
    folder: join(deps.folder, digest.slice('sha256:'.length, 'sha256:'.length + 24)),
    digest,
    lock,
    notes: resolution.passedOver.map(
      ({ package: each, by }) => `${each.name} ${each.version} cannot be had: ${by?.version ?? 'nothing'} is taken`,
    ),
  };
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

async function make(folder: string, { packages, files, lock }: ResolvedRoot & Downloaded): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const fresh = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  try {
    const shlibs = await unpackRoot(fresh, packages, files);
    await writeFileDurably(`${folder}.lock`, lock);
    await writeFileDurably(`${folder}.shlibs`, shlibs);
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

/** Roots that nobody uses go after a while; one that another user's process made is not ours to date. */
async function touch(folder: string): Promise<void> {
  const now = Date.now() / 1000;
  await utimes(folder, now, now).catch(() => {});
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
