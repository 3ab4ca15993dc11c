import type { Catalog } from '../core/catalog/catalog.ts';
import type { Failure } from '../core/failure.ts';
import type { Offers } from '../core/plan/offers.ts';
import type { WantedImport } from '../core/plan/step.ts';
import type { DebPackage } from '../formats/deb/read-deb.ts';
import type { WatchedSuites } from './watch-groups.ts';

/** Packages and sources of a distribution, by whatever reaches its archives. */
export interface SuiteArchive extends WatchedSuites {
  /** Reads the indexes of the suites that a catalog names; what could not be read stays as it was, and is told. */
  refresh(catalog: Catalog): Promise<readonly Failure[]>;
  /** What the indexes offer as they were read last, in this process or an earlier one. */
  pools(catalog: Catalog): Promise<Pick<Offers, 'pool'>>;
  /** Grows with each index that is read: what was made of them before may be out of date. */
  readings(): number;
  /** The distribution's release that a suite belongs to (`12`), its codename before it has a number. */
  releaseOf(suite: string): string | undefined;
  /** Fetches packages; what no mirror has is told, the others come all the same. E0203 when none can be reached. */
  fetchPackages(wanted: readonly WantedImport[]): Promise<FetchedPackages>;
}

export interface FetchedPackages {
  /** By SHA-256, hex. */
  readonly files: ReadonlyMap<string, () => Promise<Uint8Array>>;
  /** By SHA-256, hex: why it cannot be had. */
  readonly absent: ReadonlyMap<string, string>;
}

/** Takes a .deb apart; its members may be packed in ways that only the distribution's own tools unpack. */
export type DebReader = (bytes: Uint8Array, archive: string) => Promise<DebPackage>;
