import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../../core/catalog/catalog.ts';
import { digestOf } from '../../core/digest.ts';
import type { Architecture, Interval } from '../../core/fact.ts';
import { Failure } from '../../core/failure.ts';
import type { WantedImport } from '../../core/plan/step.ts';
import type { PackagePool } from '../../core/resolve/available-package.ts';
import { combinePools } from '../../core/resolve/combine-pools.ts';
import type { FetchedPackages, SuiteArchive } from '../../factory/suites.ts';
import { type PackagesIndex, packagesIndex } from '../../formats/deb/packages-index.ts';
import { parseRelease } from '../../formats/deb/release-file.ts';
import { type SourcePackage, type SourcesIndex, sourcesIndex } from '../../formats/deb/sources-index.ts';
import type { SuiteFiles } from './apt-indexes.ts';
import { type AptSpace, openAptSpace } from './apt-space.ts';
import { archivesIn, versionsIn } from './shown-by-suites.ts';
import { type NamedSuites, suitesNamed } from './suites-named.ts';

/** Debian's archives by the user's own apt, with the indexes of every suite that a catalog names. */
export interface DebianArchive extends SuiteArchive {
  /** The packages of suites together; E0203 when one of them was not read yet. */
  pool(suites: readonly string[], architecture: Architecture): Promise<PackagePool>;
  /** The source packages of that name, suite by suite, the newest of each first; E0203 as above. */
  sources(source: string, suites: readonly string[]): Promise<readonly SourcePackage[]>;
  downloadTarball: AptSpace['downloadTarball'];
  /** Apt's own folder for an architecture, to download by. */
  space(architecture: Architecture): Promise<AptSpace>;
}

/** Nothing is fetched before somebody asks; what was fetched by an earlier process is used until the next refresh. */
export function debianArchive(settings: {
  readonly folder: string;
  readonly now: () => Temporal.Instant;
}): DebianArchive {
  const state = new ArchiveState(settings);
  return {
    refresh: (catalog) => state.refresh(catalog),
    async pools(catalog) {
      await state.load(catalog).catch(unlessNothingRead);
      return { pool: (suites, architecture) => state.poolIfRead(suites, architecture) };
    },
    readings: () => state.readings,
    releaseOf: (suite) => state.releaseOf(suite),
    fetchPackages: (wanted) => fetchPackages(wanted, state),
    async archives(source, suites) {
      const asked = state.asked(suites);
      const answers = () => state.releaseFiles(suites);
      return asked && { tags: archivesIn(await state.sources(source, suites)), asked, answers };
    },
    async offered(binaries, suites) {
      const asked = state.asked(suites);
      const answers = () => state.releaseFiles(suites);
      return asked && { tags: versionsIn(state.poolOfAll(suites), binaries), asked, answers };
    },
    pool: (suites, architecture) => state.pool(suites, architecture),
    sources: (source, suites) => state.sources(source, suites),
    space: (architecture) => state.space(architecture),
    downloadTarball: async (...asked) => (await state.anySpace()).downloadTarball(...asked),
  };
}

function unlessNothingRead(error: unknown): void {
  if (!(error instanceof Failure) || error.code !== 'E0203') throw error;
}

interface ReadSuite {
  readonly files: SuiteFiles;
  /** Of its InRelease: while it is the same, so is everything that it names. */
  readonly stamp: string;
  readonly release: string;
  readonly packages: PackagePool;
}

interface FoundSources {
  /** Of the suite that it was found in. */
  readonly stamp: string;
  readonly named: Map<string, readonly SourcePackage[]>;
}

class ArchiveState {
  readonly #settings: { readonly folder: string; readonly now: () => Temporal.Instant };
  readonly #spaces = new Map<string, { readonly suites: string; readonly space: AptSpace }>();
  readonly #read = new Map<string, ReadSuite>();
  /** Fifty megabytes a suite: kept only as long as memory is not wanted for something else. */
  readonly #sources = new Map<string, WeakRef<SourcesIndex>>();
  /** What was found in them, by suite. */
  readonly #found = new Map<string, FoundSources>();
  readonly #pools = new Map<string, { readonly from: readonly PackagePool[]; readonly pool: PackagePool }>();
  /** When this process asked the archives last, by suite and architecture. */
  readonly #asked = new Map<string, Interval>();
  readings = 0;
  #named: NamedSuites = { suites: [], packagesFrom: new Set(), sourcesFrom: new Set(), architectures: [] };

  constructor(settings: { readonly folder: string; readonly now: () => Temporal.Instant }) {
    this.#settings = settings;
  }

  async refresh(catalog: Catalog): Promise<readonly Failure[]> {
    this.#named = suitesNamed(catalog);
    const problems: Failure[] = [];
    for (const architecture of this.#named.architectures) {
      try {
        const from = this.#settings.now();
        await (await this.space(architecture)).update();
        await this.#readAll(architecture);
        const to = this.#settings.now();
        for (const suite of this.#named.suites) this.#asked.set(`${suite} ${architecture}`, { from, to });
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        problems.push(error);
      }
    }
    return problems;
  }

  /** What an earlier process fetched. */
  async load(catalog: Catalog): Promise<void> {
    this.#named = suitesNamed(catalog);
    const { suites, architectures } = this.#named;
    for (const architecture of architectures) {
      if (suites.some((suite) => !this.#read.has(`${suite} ${architecture}`))) await this.#readAll(architecture);
    }
  }

  async space(architecture: Architecture): Promise<AptSpace> {
    const { packagesFrom, sourcesFrom } = this.#named;
    const suites = `${[...packagesFrom].join(' ')} / ${[...sourcesFrom].join(' ')}`;
    const known = this.#spaces.get(architecture);
    if (known?.suites === suites) return known.space;
    const space = await openAptSpace({
      folder: join(this.#settings.folder, architecture),
      suites: this.#named.suites,
      kinds: (suite) => [
        ...(packagesFrom.has(suite) ? ['deb' as const] : []),
        ...(sourcesFrom.has(suite) ? ['deb-src' as const] : []),
      ],
      architecture,
      now: this.#settings.now,
    });
    this.#spaces.set(architecture, { suites, space });
    return space;
  }

  /** Sources are the same for every architecture. */
  anySpace(): Promise<AptSpace> {
    return this.space(this.#named.architectures[0] ?? 'amd64');
  }

  poolIfRead(suites: readonly string[], architecture: Architecture): PackagePool | undefined {
    const from = suites.map((suite) => this.#read.get(`${suite} ${architecture}`)?.packages);
    if (!from.every((pool) => pool !== undefined)) return undefined;
    const key = `${suites.join(' ')}/${architecture}`;
    const known = this.#pools.get(key);
    if (known !== undefined && known.from.every((pool, index) => pool === from[index])) return known.pool;
    const pool = combinePools(from);
    this.#pools.set(key, { from, pool });
    return pool;
  }

  async pool(suites: readonly string[], architecture: Architecture): Promise<PackagePool> {
    return this.poolIfRead(suites, architecture) ?? notRead(suites);
  }

  /** Of every architecture: some packages exist for one of them only. */
  poolOfAll(suites: readonly string[]): PackagePool {
    const pools = this.#named.architectures.flatMap((each) => this.poolIfRead(suites, each) ?? []);
    const [first] = pools;
    if (first === undefined) return notRead(suites);
    return pools.length === 1 ? first : combinePools(pools);
  }

  /** Undefined where one of them was not asked for in any process but an earlier one. */
  asked(suites: readonly string[]): Interval | undefined {
    const askings = suites.flatMap((suite) =>
      this.#named.architectures.map((each) => this.#asked.get(`${suite} ${each}`)),
    );
    const [first, ...others] = askings;
    if (first === undefined) return undefined;
    let { from, to } = first;
    for (const each of others) {
      if (each === undefined) return undefined;
      if (Temporal.Instant.compare(each.from, from) < 0) from = each.from;
      if (Temporal.Instant.compare(each.to, to) > 0) to = each.to;
    }
    return { from, to };
  }

  /** Every build asks again for what its recipe is made from; the answer is small, and the same until the suite changes. */
  async sources(source: string, suites: readonly string[]): Promise<readonly SourcePackage[]> {
    const [architecture] = this.#named.architectures;
    const all: SourcePackage[] = [];
    for (const suite of suites) {
      const { files, stamp } = this.#read.get(`${suite} ${architecture}`) ?? notRead([suite]);
      const before = this.#found.get(suite);
      const found: FoundSources = before?.stamp === stamp ? before : { stamp, named: new Map() };
      this.#found.set(suite, found);
      const named = found.named.get(source) ?? (await this.#lookUp(source, files));
      found.named.set(source, named);
      all.push(...named);
    }
    return all;
  }

  async #lookUp(source: string, { suite, sources }: SuiteFiles): Promise<readonly SourcePackage[]> {
    const found: SourcePackage[] = [];
    for (const path of sources) {
      const index = this.#sources.get(path)?.deref() ?? (await openSources(path, suite));
      this.#sources.set(path, new WeakRef(index));
      found.push(...index.named(source));
    }
    return found;
  }

  releaseOf(suite: string): string | undefined {
    const [architecture] = this.#named.architectures;
    return this.#read.get(`${suite} ${architecture}`)?.release;
  }

  /** The InRelease files as they were read; one that was replaced since is left out. */
  async releaseFiles(suites: readonly string[]): Promise<readonly Uint8Array[]> {
    const files = new Map<string, Uint8Array>();
    for (const suite of suites) {
      for (const architecture of this.#named.architectures) {
        const read = this.#read.get(`${suite} ${architecture}`);
        if (read === undefined || files.has(read.stamp)) continue;
        const bytes = await readFile(read.files.release).catch(() => undefined);
        if (bytes !== undefined && digestOf(bytes) === read.stamp) files.set(read.stamp, bytes);
      }
    }
    return [...files.values()];
  }

  async #readAll(architecture: Architecture): Promise<void> {
    for (const files of await (await this.space(architecture)).indexes()) {
      const key = `${files.suite} ${architecture}`;
      const inRelease = await readFile(files.release);
      const stamp = digestOf(inRelease);
      const known = this.#read.get(key);
      this.readings += known?.stamp === stamp ? 0 : 1;
      if (known?.stamp === stamp) {
        // The same indexes in another folder: the former one goes after a while.
        this.#read.set(key, { ...known, files });
        continue;
      }
      const { version, codename } = parseRelease(inRelease, files.suite);
      this.#read.set(key, {
        files,
        stamp,
        release: /^[0-9]+/.exec(version ?? '')?.[0] ?? codename,
        packages: combinePools(await Promise.all(files.packages.map((path) => openPackages(path, files.suite)))),
      });
    }
  }
}

async function openPackages(path: string, suite: string): Promise<PackagesIndex> {
  return packagesIndex(await readFile(path), { suite, at: `Packages of ${suite}` });
}

async function openSources(path: string, suite: string): Promise<SourcesIndex> {
  return sourcesIndex(await readFile(path), { suite, at: `Sources of ${suite}` });
}

function notRead(suites: readonly string[]): never {
  throw new Failure('E0203', `The indexes of ${suites.join(', ')} were not read yet`, {
    hint: 'suture run reads them; suture doctor says whether apt works here',
    retryable: true,
  });
}

async function fetchPackages(wanted: readonly WantedImport[], state: ArchiveState): Promise<FetchedPackages> {
  const files = new Map<string, () => Promise<Uint8Array>>();
  const absent = new Map<string, string>();
  for (const [architecture, group] of Map.groupBy(wanted, (each) => each.architecture)) {
    const packages = group.map((each) => each.package);
    const found = await (await state.space(architecture)).downloadPackages(packages);
    for (const [sha256, path] of found.files) files.set(sha256, () => readFile(path));
    for (const { name, version, why } of found.missing) {
      const missing = packages.find((each) => each.name === name && each.version === version);
      if (missing !== undefined) absent.set(missing.file.sha256, why);
    }
  }
  return { files, absent };
}
