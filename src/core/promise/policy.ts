import type { SeverityLevel } from '../match/advisory.ts';

/** The conditions under which deadlines are promised. Adopted by a fact; in force at a claim's T0 it binds that claim. */
export interface Policy {
  readonly name: string;
  /** Seconds from T0; `exploited` counts beside the severity, the smaller of both wins. */
  readonly promise: Readonly<Record<SeverityLevel | 'exploited', number>>;
  readonly clock: { readonly start: 'release' | 'release-and-known' };
  readonly severity: { readonly sources: readonly string[]; readonly unscored: SeverityLevel };
  readonly highProfile: { readonly any: readonly HighProfileCondition[]; readonly targetSeconds: number };
  readonly compilerUpdates: 'only-if-it-patches' | 'scanner-clean' | 'any-release';
  readonly backport: {
    readonly all: readonly BackportCondition[];
    readonly automatic: { readonly linesChangedMax: number; readonly gates: 'all' };
    readonly approvals: number;
    readonly approvalsIf: readonly {
      readonly severity: SeverityLevel;
      readonly diffOfDiffs: 'not-empty';
      readonly approvals: number;
    }[];
  };
  readonly cherryPick: {
    readonly all: readonly CherryPickCondition[];
    readonly approvals: number;
    readonly reviewEverySeconds: number;
  };
  readonly compatibility: { readonly refuse: readonly CompatibilityBreak[] };
}

export type HighProfileCondition =
  | { readonly kind: 'severity'; readonly levels: readonly SeverityLevel[]; readonly linesShare: number }
  | { readonly kind: 'exploited'; readonly linesShare: number }
  | { readonly kind: 'declared' };

export type BackportCondition = { readonly kind: 'line-supported' } | { readonly kind: 'no-upstream-release-for-line' };

export type CherryPickCondition =
  | { readonly kind: 'no-upstream-release' }
  | { readonly kind: 'severity'; readonly levels: readonly SeverityLevel[] }
  | { readonly kind: 'exploited' }
  | { readonly kind: 'epss-min'; readonly score: number }
  | { readonly kind: 'source'; readonly sources: readonly CherryPickSource[] }
  | { readonly kind: 'any'; readonly of: readonly CherryPickCondition[] };

export type CherryPickSource = 'upstream-merged' | 'upstream-posted' | 'distro-consensus';

/** Every way in which an image can differ from the one before it that a policy can refuse. */
export const compatibilityBreaks = [
  'soname-removed',
  'symbol-removed',
  'file-removed',
  'config-changed',
  'entrypoint-changed',
  'user-changed',
  'setuid-added',
  'size-grew',
] as const;

export type CompatibilityBreak = (typeof compatibilityBreaks)[number];

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The policy of a catalog without a policy file (docs/reference/policy.md is generated from the schema). */
export const defaultPolicy: Policy = {
  name: 'default',
  promise: { critical: 48 * HOUR, high: 48 * HOUR, medium: 14 * DAY, low: 14 * DAY, exploited: 48 * HOUR },
  clock: { start: 'release' },
  severity: { sources: ['vendor', 'cna', 'ghsa', 'nvd', 'cisa-adp'], unscored: 'high' },
  highProfile: {
    any: [
      { kind: 'severity', levels: ['critical', 'high'], linesShare: 0.25 },
      { kind: 'exploited', linesShare: 0.1 },
      { kind: 'declared' },
    ],
    targetSeconds: 24 * HOUR,
  },
  compilerUpdates: 'only-if-it-patches',
  backport: {
    all: [{ kind: 'line-supported' }, { kind: 'no-upstream-release-for-line' }],
    automatic: { linesChangedMax: 20, gates: 'all' },
    approvals: 1,
    approvalsIf: [{ severity: 'critical', diffOfDiffs: 'not-empty', approvals: 2 }],
  },
  cherryPick: {
    all: [
      { kind: 'no-upstream-release' },
      {
        kind: 'any',
        of: [
          { kind: 'severity', levels: ['critical', 'high'] },
          { kind: 'exploited' },
          { kind: 'epss-min', score: 0.6 },
        ],
      },
      { kind: 'source', sources: ['upstream-merged', 'upstream-posted', 'distro-consensus'] },
    ],
    approvals: 2,
    reviewEverySeconds: 30 * DAY,
  },
  compatibility: {
    refuse: [
      'soname-removed',
      'symbol-removed',
      'file-removed',
      'config-changed',
      'entrypoint-changed',
      'user-changed',
      'setuid-added',
    ],
  },
};
