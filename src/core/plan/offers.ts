import type { Architecture } from '../fact.ts';
import type { PackagePool } from '../resolve/available-package.ts';

/** What distributions offer to be taken over, as their indexes said when they were read last. */
export interface Offers {
  /** The packages of some suites together; the same object while they are the same. Undefined before they were read. */
  pool(suites: readonly string[], architecture: Architecture): PackagePool | undefined;
  /** SHA-256 of files that an index names and no mirror had; the same set while it says the same. */
  readonly absent: ReadonlySet<string>;
}

export const noOffers: Offers = { pool: () => undefined, absent: new Set() };
