/** What a replay takes to be true of the factory whose decisions it runs. */
export interface Assumptions {
  /** Upstreams and feeds are looked at this often; each at its own minute, drawn by the seed. */
  readonly lookMinutes: number;
  /** One build of a release, or of a line that holds it. */
  readonly buildMinutes: number;
  /** How much shorter or longer than that a build may be, drawn by the seed, in percent. */
  readonly spreadPercent: number;
  /** Verification of one line: its gates, and a run of its program. */
  readonly testMinutes: number;
  /** Push, pull back and judge. */
  readonly publishMinutes: number;
  /** Builds and verifications at the same time. */
  readonly workers: number;
  /** A change of a recipe waits so long for a person before it is merged. */
  readonly reviewHours: number;
  /** Share of attempts to build that fail, in percent; they are tried again as the factory would. */
  readonly failPercent: number;
  readonly start: 'release' | 'release-and-known';
  readonly seed: number;
}

export const defaultAssumptions: Assumptions = {
  lookMinutes: 60,
  buildMinutes: 20,
  spreadPercent: 50,
  testMinutes: 5,
  publishMinutes: 2,
  workers: 8,
  reviewHours: 0,
  failPercent: 0,
  start: 'release',
  seed: 1,
};
