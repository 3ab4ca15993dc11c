import fc from 'fast-check';
import { instant } from './literals.ts';
import { policyWith, type Told } from './promise-story.ts';

/** Random months of two lines, two upstreams and three records, for what must hold whatever happened. */

const START = instant('2026-03-01T00:00:00Z');
const ADOPTED: Told = {
  type: 'policy-adopted',
  at: '2026-01-01T00:00:00Z',
  from: '2026-01-01T00:00:00Z',
  policy: policyWith({}),
};

const DECLARED: readonly Told[] = ['web:1', 'web:2'].map((name) => ({
  type: 'line-declared',
  at: '2026-01-01T00:00:00Z',
  line: name,
  arches: ['amd64', 'arm64'],
}));

/** Without the fields that place a fact in time. */
type Happening = Told extends infer T ? (T extends Told ? Omit<T, 'at' | 'recordedAt' | 'note'> : never) : never;

const version = fc.constantFrom('1.0.0', '1.0.1', '1.0.2');
const severity = fc.constantFrom('critical' as const, 'medium' as const, 'low' as const, null);
const until = fc.integer({ min: 0, max: 30 }).map((days) => later(days * 24));

const aboutNames = fc.oneof(
  fc.record({
    type: fc.constant('advisory-recorded' as const),
    id: fc.constant('GHSA-aaaa'),
    severity,
    aliases: fc.subarray(['CVE-2026-0001']),
    affected: fc.constant([{ upstream: 'lib', stream: '1', fixed: '1.0.1' }]),
  }),
  fc.record({
    type: fc.constant('aliases-corrected' as const),
    unrelated: fc.constant([['CVE-2026-0001', 'GHSA-aaaa'] as const]),
  }),
);
const correction = fc.record({ of: fc.integer({ min: 0, max: 12 }), hours: fc.integer({ min: 0, max: 400 }) });
const betterEvidence = correction.map(({ of, hours }) => ({
  type: 'evidence-corrected' as const,
  corrects: `note-${of}`,
  from: later(hours),
  to: later(hours),
}));
/** Also dated back: what was promised before it was recorded stays as it was promised. */
const adoption = fc
  .record({ start: fc.constantFrom('release' as const, 'release-and-known' as const), from: until })
  .map(({ start, from }) => ({
    type: 'policy-adopted' as const,
    from,
    policy: policyWith({ start, promise: { critical: 20 * 86_400 } }),
  }));
/** What may happen to some of everything. */
function happeningsIn({ ids, lines, upstreams, architectures }: Cast): Happenings {
  const id = fc.constantFrom(...ids);
  const line = fc.constantFrom(...lines);
  const upstream = fc.constantFrom(...upstreams);
  const architecture = fc.constantFrom(...architectures);
  const advisory = fc.record({
    type: fc.constant('advisory-recorded' as const),
    id,
    source: fc.constantFrom('osv', 'nvd'),
    severity,
    exploited: fc.boolean(),
    rejected: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
    affected: fc.array(
      fc.record({ upstream, stream: fc.constant('1'), fixed: fc.constantFrom('1.0.1', '1.0.2', null) }),
      { minLength: 1, maxLength: 2 },
    ),
  });
  const confirmation = fc.record({
    type: fc.constant('image-confirmed' as const),
    line,
    arch: architecture,
    contains: fc.dictionary(upstream, fc.record({ stream: fc.constant('1'), version }), { maxKeys: 2 }),
  });
  const look = fc.record({
    type: fc.constant('looked' as const),
    upstream,
    stream: fc.constantFrom('1', '2'),
    versions: fc.subarray(['1.0.0', '1.0.1', '1.0.2', '1.0.3-rc.1']),
  });
  const aboutReleases = fc.oneof(
    look,
    fc.record({ type: fc.constant('release-withdrawn' as const), upstream, version }),
    fc.record({ type: fc.constant('stream-ended' as const), upstream, stream: fc.constant('1'), until }),
  );
  const aboutFixes = fc.record({
    type: fc.constant('fix-verified' as const),
    upstream,
    version,
    id,
    result: fc.constantFrom('contains' as const, 'lacks' as const),
  });
  const decision = fc.oneof(
    fc.record({ type: fc.constantFrom('statement-made' as const, 'statement-withdrawn' as const), id, line }),
    fc.record({
      type: fc.constant('exception-granted' as const),
      kind: fc.constant('waiver' as const),
      id,
      line,
      until,
    }),
    fc.record({ type: fc.constant('exception-ended' as const), kind: fc.constant('waiver' as const), id, line }),
    fc.record({
      type: fc.constant('line-declared' as const),
      line,
      arches: fc.subarray(['amd64' as const, 'arm64' as const]),
      supportUntil: until,
    }),
  );
  const ordinary = fc.oneof({ arbitrary: confirmation, weight: 4 }, { arbitrary: advisory, weight: 3 }, decision);
  const anything = fc.oneof(
    { arbitrary: ordinary, weight: 5 },
    { arbitrary: aboutReleases, weight: 3 },
    aboutFixes,
    aboutNames,
    betterEvidence,
    adoption,
  );
  return { ordinary, aboutReleases, anything };
}

interface Cast {
  readonly ids: readonly string[];
  readonly lines: readonly string[];
  readonly upstreams: readonly string[];
  readonly architectures: readonly ('amd64' | 'arm64')[];
}

interface Happenings {
  /** What may not take a miss back (promise rule 7). */
  readonly ordinary: fc.Arbitrary<Happening>;
  readonly aboutReleases: fc.Arbitrary<Happening>;
  readonly anything: fc.Arbitrary<Happening>;
}

export const { ordinary, aboutReleases, anything } = happeningsIn({
  ids: ['CVE-2026-0001', 'CVE-2026-0002', 'GHSA-aaaa'],
  lines: ['web:1', 'web:2'],
  upstreams: ['lib', 'go'],
  architectures: ['amd64', 'arm64'],
});

/** One flaw in one image, due two days after the start, and whatever happens to it then. */
export const plot = storyOf(
  happeningsIn({ ids: ['CVE-2026-0001'], lines: ['web:1'], upstreams: ['lib'], architectures: ['amd64'] }).anything,
  true,
  [
    {
      type: 'image-confirmed',
      at: later(-2),
      line: 'web:1',
      arch: 'amd64',
      contains: { lib: { stream: '1', version: '1.0.0' } },
    },
    {
      type: 'advisory-recorded',
      at: later(-2),
      id: 'CVE-2026-0001',
      severity: 'critical',
      affected: [{ upstream: 'lib', stream: '1', fixed: '1.0.1' }],
    },
    { type: 'looked', at: later(-1), upstream: 'lib', stream: '1', versions: [] },
    {
      type: 'looked',
      at: later(0),
      upstream: 'lib',
      stream: '1',
      versions: ['1.0.1'],
      publishedAt: { '1.0.1': later(0) },
    },
  ],
);

/** Happenings in order, some hours apart; with `late`, some are recorded only later. */
export function storyOf(
  happening: fc.Arbitrary<Happening>,
  late: boolean,
  opening: readonly Told[] = [],
): fc.Arbitrary<readonly Told[]> {
  const timed = fc.record({
    happening,
    hours: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(24, 48)),
    lateHours: late ? fc.constantFrom(0, 0, 0, 30) : fc.constant(0),
  });
  return fc.array(timed, { minLength: 5, maxLength: 24 }).map((all) => {
    let hours = 0;
    const told = all.map(({ happening: each, hours: passed, lateHours }, index) => {
      hours += passed;
      const at = later(hours);
      // Nothing is known to have happened later than it was recorded, so nothing is corrected to a later time.
      const known =
        each.type === 'evidence-corrected' ? { from: earliest(each.from, at), to: earliest(each.to, at) } : {};
      return { ...each, ...known, at, recordedAt: later(hours + lateHours), note: `note-${index}` } as Told;
    });
    return [ADOPTED, ...DECLARED, ...opening, ...told];
  });
}

export function later(hours: number): string {
  return START.add({ hours }).toString();
}

function earliest(a: string, b: string): string {
  return Temporal.Instant.compare(a, b) < 0 ? a : b;
}
