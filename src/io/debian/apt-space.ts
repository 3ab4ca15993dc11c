import { downloadPackages, downloadTarball } from './apt-downloads.ts';
import type { ExpectedFile, PackageDownloads, TarballDownload, WantedPackage } from './apt-downloads.ts';
import { readIndexes } from './apt-indexes.ts';
import type { SuiteFiles } from './apt-indexes.ts';
import { prepareAptPlace } from './apt-place.ts';
import type { SuiteSource } from './apt-derive.ts';
import { updateLists } from './apt-update.ts';
import { ETC_APT, readUserSources, sourcesOfSuites } from './user-sources.ts';
import type { UserSourcesPlace } from './user-sources.ts';

export interface AptSpaceSettings extends UserSourcesPlace {
  /** A folder for this list of suites; it needs no root. */
  readonly folder: string;
  readonly suites: readonly string[];
  /** What is wanted of a suite; packages and sources where nothing else is said. */
  readonly kinds?: (suite: string) => readonly ('deb' | 'deb-src')[];
  /** Debian's word for it: `amd64`, `arm64`. */
  readonly architecture: string;
  /** Only to tell which indexes are past their date. */
  readonly now?: () => Temporal.Instant;
}

/** Suites of Debian, fetched and verified by apt from where the machine's user lets it, apart from the machine itself. */
export interface AptSpace {
  /** Fetches the indexes. E0203 (a suite is out of reach) and E0301 (not what was signed) leave the former ones as they were. */
  update(): Promise<{ readonly notes: readonly string[] }>;
  /** The indexes of the last update, one entry for each suite that has been fetched, in the order that they were asked for. No network. */
  indexes(): Promise<readonly SuiteFiles[]>;
  /** What is there already is taken from the cache. */
  downloadPackages(wanted: readonly WantedPackage[]): Promise<PackageDownloads>;
  downloadTarball(source: string, version: string, expected: ExpectedFile): Promise<TarballDownload>;
}

/** Reads where the user's own apt fetches from, and makes the folder. No network. */
export async function openAptSpace(settings: AptSpaceSettings): Promise<AptSpace> {
  const user = await readUserSources(settings);
  const place = await prepareAptPlace({
    folder: settings.folder,
    architecture: settings.architecture,
    etcApt: settings.etcApt ?? ETC_APT,
    sources: sourcesOfSuites(user, [...new Set(settings.suites)]).map((each) => ofKinds(each, settings.kinds)),
  });
  const now = settings.now ?? (() => Temporal.Now.instant());
  return {
    update: async () => ({ notes: await updateLists(place, now()) }),
    indexes: () => readIndexes(place),
    downloadPackages: (wanted) => downloadPackages(place, wanted),
    downloadTarball: (name, version, expected) => downloadTarball(place, { name, version }, expected),
  };
}

function ofKinds(suite: SuiteSource, kinds: AptSpaceSettings['kinds']): SuiteSource {
  return kinds === undefined ? suite : { ...suite, source: { ...suite.source, types: kinds(suite.suite) } };
}
