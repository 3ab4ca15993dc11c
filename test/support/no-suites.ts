import { Failure } from '../../src/core/failure.ts';
import { noOffers } from '../../src/core/plan/offers.ts';
import type { DebReader, SuiteArchive } from '../../src/factory/suites.ts';

/** A world without distributions: nothing is based on one, and nobody may ask. */
export const noSuites: SuiteArchive = {
  refresh: () => Promise.resolve([]),
  pools: () => Promise.resolve(noOffers),
  readings: () => 0,
  releaseOf: () => undefined,
  fetchPackages: () => Promise.reject(new Failure('E0203', 'There is no distribution here')),
  archives: () => Promise.reject(new Failure('E0203', 'There is no distribution here')),
  offered: () => Promise.reject(new Failure('E0203', 'There is no distribution here')),
};

/** Nothing here is a deb. */
export const noDebs: DebReader = (_bytes, archive) =>
  Promise.reject(new Failure('E0404', `${archive} should not have been opened`));
