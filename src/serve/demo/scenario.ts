/** The made-up world's calendar. Every page that shows it says so. */
export const worldNotice =
  'This world is made up: its upstream and its clock are invented. Builds, images, registry and signatures are real.';

export interface Moment {
  readonly at: Temporal.Instant;
  /** What the newcomer reads when it happens. */
  readonly told: string;
  readonly happens: MomentKind;
}

export type MomentKind =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'advisory'; readonly id: string; readonly record: Readonly<Record<string, unknown>> }
  | { readonly kind: 'release'; readonly version: string }
  | { readonly kind: 'merged-fix'; readonly vulnerability: string }
  | { readonly kind: 'builders'; readonly working: boolean };

export const flaw = 'CVE-2099-0001';
export const smallFlaw = 'CVE-2099-0002';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(`2026-03-${text}:00Z`);

/** Nobody at the factory notices these when they happen: the next look finds them. */
export function isUnseen(moment: Moment): boolean {
  return moment.happens.kind === 'release' || (moment.happens.kind === 'builders' && !moment.happens.working);
}

/** What happens in the world, in order. With `miss` the builders stand still while the clock runs. */
export function scenario(options: { readonly miss: boolean }): readonly Moment[] {
  return [
    {
      at: at('02T08:00'),
      told: 'upstream has hello 1.0.0; the catalog declares two image lines',
      happens: { kind: 'nothing' },
    },
    {
      at: at('02T09:00'),
      told: `${flaw} is announced: critical, no fix`,
      happens: { kind: 'advisory', id: flaw, record: criticalAdvisory(null, '2026-03-02T09:00:00Z') },
    },
    {
      at: at('02T10:30'),
      told: `${smallFlaw} is announced: medium, no fix`,
      happens: { kind: 'advisory', id: smallFlaw, record: mediumAdvisory() },
    },
    {
      at: at('02T11:00'),
      told: `upstream merges a fix for ${smallFlaw}, without a release`,
      happens: { kind: 'merged-fix', vulnerability: smallFlaw },
    },
    { at: at('02T13:58'), told: 'a look at upstream: nothing new', happens: { kind: 'nothing' } },
    ...(options.miss
      ? [
          {
            at: at('02T13:59'),
            told: 'the builders lose their disk',
            happens: { kind: 'builders' as const, working: false },
          },
        ]
      : []),
    {
      at: at('02T14:00'),
      told: 'upstream releases hello 1.0.1 with the fix',
      happens: { kind: 'release', version: '1.0.1' },
    },
    {
      at: at('02T14:08'),
      told: `the advisory for ${flaw} names 1.0.1`,
      happens: { kind: 'advisory', id: flaw, record: criticalAdvisory('1.0.1', '2026-03-02T14:08:00Z') },
    },
    ...(options.miss
      ? [
          { at: at('03T14:00'), told: 'a day later: nothing could be built', happens: { kind: 'nothing' as const } },
          {
            at: at('04T18:00'),
            told: 'the builders work again',
            happens: { kind: 'builders' as const, working: true },
          },
          { at: at('04T20:00'), told: 'two hours later', happens: { kind: 'nothing' as const } },
        ]
      : [{ at: at('02T18:00'), told: 'the evening of the same day', happens: { kind: 'nothing' as const } }]),
  ];
}

function criticalAdvisory(fixed: string | null, modified: string): Readonly<Record<string, unknown>> {
  return {
    schema_version: '1.7.0',
    id: flaw,
    published: '2026-03-02T09:00:00Z',
    modified,
    summary: 'hello writes past the end of its buffer when the name is long',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [affectedFrom('0', fixed)],
  };
}

function mediumAdvisory(): Readonly<Record<string, unknown>> {
  return {
    schema_version: '1.7.0',
    id: smallFlaw,
    published: '2026-03-02T10:30:00Z',
    modified: '2026-03-02T10:30:00Z',
    summary: 'hello repeats control characters of a name to the terminal',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:N/I:L/A:L' }],
    affected: [affectedFrom('0', null)],
  };
}

/** By purl alone: the toy project is in no registry, and an invented ecosystem name would not be OSV. */
function affectedFrom(introduced: string, fixed: string | null): Readonly<Record<string, unknown>> {
  const events = fixed === null ? [{ introduced }] : [{ introduced }, { fixed }];
  return {
    package: { ecosystem: 'OSS-Fuzz', name: 'hello', purl: 'pkg:generic/hello' },
    ranges: [{ type: 'ECOSYSTEM', events }],
  };
}
