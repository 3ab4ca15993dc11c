import type { Fact, FactPayloads, FactType } from '../../src/core/fact.ts';
import { digestOf } from '../../src/core/digest.ts';
import { defaultPolicy } from '../../src/core/promise/policy.ts';
import type { Inventory } from '../../src/core/match/inventory.ts';
import type { Obligation } from '../../src/core/promise/standing.ts';
import type { PagesDeps } from '../../src/serve/http/pages.ts';
import type { AccountDeps } from '../../src/serve/look-up-account.ts';
import type { Why } from '../../src/views/row.ts';
import type { Pulse } from '../../src/core/forecast/pulse.ts';
import type { PastRun } from '../../src/core/forecast/stage-durations.ts';
import type { LinePackage } from '../../src/core/catalog/catalog.ts';
import { bySubject } from './by-subject.ts';
import { catalog, line, recipe } from './literals.ts';
import { NOW, obligation } from './obligation.ts';
import { literalReport } from './report-story.ts';

/** Markup that must arrive as text. */
export const HOSTILE = `<script>alert(1)</script><img src=x onerror="alert(2)"> ' " & </title>`;

/** A small factory on one afternoon: something overdue, at risk, on track, waiting and ended. */
export const obligations: readonly Obligation[] = [
  obligation({
    vulnerability: 'CVE-2026-0815',
    line: 'postgres:16',
    standing: 'overdue',
    component: 'libxml2',
    version: '2.14.4',
    fix: '2.14.5',
    t0: '2026-07-31T09:25:00Z',
    level: 'high',
    exploited: true,
    summary: 'A crafted document makes the parser read after free',
  }),
  obligation({
    vulnerability: 'CVE-2026-1234',
    line: 'node:20',
    standing: 'on-track',
    level: 'critical',
    score: 9.1,
    t0: '2026-07-31T14:42:00Z',
    aliases: ['GHSA-9v2q-6r3m-4x7h'],
    summary: 'A record longer than its buffer is copied before its length is checked',
  }),
  obligation({
    vulnerability: 'CVE-2026-1301',
    line: 'nginx:1.28',
    standing: 'on-track',
    component: 'curl',
    version: '8.15.0',
    fix: '8.15.1',
    t0: '2026-08-01T18:35:00Z',
  }),
  obligation({
    vulnerability: 'CVE-2026-1301',
    line: 'node:24',
    standing: 'on-track',
    component: 'curl',
    version: '8.15.0',
    fix: '8.15.1',
    t0: '2026-08-01T18:35:00Z',
  }),
  obligation({
    vulnerability: 'CVE-2026-0977',
    line: 'python:3.13',
    standing: 'on-track',
    level: 'medium',
    score: 5.4,
    component: 'sqlite',
    version: '3.50.2',
    fix: '3.50.3',
    t0: '2026-07-30T13:30:00Z',
    hours: 336,
  }),
  obligation({
    vulnerability: 'CVE-2026-1188',
    line: 'nginx:1.28',
    standing: 'waiting',
    level: 'medium',
    score: 6.5,
    component: 'zlib',
    version: '1.3.1',
    summary: HOSTILE,
  }),
  obligation({
    vulnerability: 'CVE-2026-1401',
    line: 'go-tools:1',
    standing: 'waiting',
    level: 'low',
    score: 3.1,
    component: 'golang.org/x/net',
    version: '0.41.0',
  }),
  obligation({
    vulnerability: 'CVE-2026-1234',
    line: 'nginx:1.28',
    standing: 'met',
    level: 'critical',
    score: 9.1,
    t0: '2026-07-31T14:42:00Z',
    t1: '2026-07-31T15:50:02Z',
    aliases: ['GHSA-9v2q-6r3m-4x7h'],
    summary: 'A record longer than its buffer is copied before its length is checked',
  }),
  obligation({
    vulnerability: 'CVE-2026-0288',
    line: 'nginx:1.28',
    standing: 'missed',
    component: 'curl',
    fix: '8.14.2',
    t0: '2026-07-10T08:00:00Z',
    t1: '2026-07-12T10:05:01Z',
  }),
  obligation({
    vulnerability: 'CVE-2026-0911',
    line: 'python:3.13',
    standing: 'fixed-early',
    level: 'medium',
    component: 'sqlite',
    fix: '3.50.2',
  }),
  obligation({
    vulnerability: 'CVE-2026-0620',
    line: 'redis:8',
    standing: 'excluded',
    level: 'medium',
    score: 5.9,
    component: 'lua',
    version: '5.4.7',
    t0: '2026-07-12T11:00:00Z',
    hours: 336,
    waiver: {
      approver: 'Ada Lovelace, security',
      reason: 'scripting is switched off in every deployment; replaced in September',
      until: NOW.add({ hours: 84, minutes: 30 }),
    },
  }),
];

const reasons = new Map<string, Why>(
  obligations
    .filter(({ standing }) => standing === 'on-track' || standing === 'overdue' || standing === 'missed')
    .map((each) => [each.id, reasonFor(each)]),
);

function reasonFor({ line, standing }: Obligation): Why {
  if (standing === 'missed') return { who: 'machine', text: 'curl 8.14.2 did not build: the mirror was down (E0203)' };
  if (line === 'node:20') {
    return {
      who: 'person',
      text: 'node:20 holds openssl<3.0.18 at lines/node-20.yaml:9:5 ("ABI freeze") and 3.0.18 is outside: lift the bound, or have the fix backported',
    };
  }
  if (line === 'postgres:16')
    return {
      who: 'machine',
      text: 'libxml2 2.14.5 does not build: test testapi fails (E0402); attempt 3, tried again at 2026-08-02T12:00Z',
    };
  return { who: 'machine', text: 'next: build-package (upstream released it)' };
}

let seq = 0;

function fact<T extends FactType>(type: T, at: string, id: string, payload: FactPayloads[T], lagSeconds = 0): Fact {
  seq += 1;
  const from = Temporal.Instant.from(at);
  const made = {
    v: 1,
    seq,
    id,
    type,
    at: { from, to: from.add({ seconds: type === 'release-observed' ? 60 : 1 }) },
    recordedAt: from.add({ seconds: lagSeconds }),
    by: 'suture',
    payload,
    payloadDigest: digestOf(id),
    evidence: [digestOf(`evidence of ${id}`)],
    prev: '0'.repeat(64),
    hash: digestOf(`fact ${seq}`).slice(7),
  };
  return made as unknown as Fact;
}

export const digests = {
  old: digestOf('nginx old'),
  newer: digestOf('nginx new'),
  oldIndex: digestOf('old index'),
  newerIndex: digestOf('new index'),
};

export const facts: readonly Fact[] = [
  fact('image-published', '2026-07-12T10:00:00Z', 'published nginx old', {
    line: 'nginx:1.28',
    repository: 'nginx',
    tag: '1.28',
    digest: digests.oldIndex,
    manifests: { amd64: digests.old },
    packages: ['curl=8.14.2-r0', 'nginx=1.28.0-r3', 'openssl=3.0.17-r1', 'zlib=1.3.1-r0'],
    composition: digestOf('composition'),
    reason: 'curl 8.14.2 fixes CVE-2026-0288',
  }),
  fact('image-confirmed', '2026-07-12T10:05:00Z', 'confirmed nginx:1.28 first', {
    line: 'nginx:1.28',
    architecture: 'amd64',
    digest: digests.old,
    inventory: digestOf('inventory'),
    advisorySet: digestOf('advisories'),
  }),
  fact(
    'release-observed',
    '2026-07-31T14:42:00Z',
    'release openssl 3.0.18',
    {
      upstream: 'pkg:generic/openssl',
      stream: '3.0',
      version: '3.0.18',
      form: 'git-tag',
      ref: 'openssl-3.0.18',
      prerelease: false,
      verified: true,
    },
    971,
  ),
  fact(
    'advisory-recorded',
    '2026-07-31T15:00:00Z',
    'advisory CVE-2026-1234',
    {
      id: 'CVE-2026-1234',
      source: 'osv',
      aliases: ['GHSA-9v2q-6r3m-4x7h'],
      summary: HOSTILE,
      published: '2026-07-31T15:00:00Z',
      modified: '2026-07-31T15:00:00Z',
      withdrawn: null,
      severities: [],
      affected: [
        {
          package: 'pkg:generic/openssl',
          stream: null,
          scheme: 'semver',
          ranges: [{ introduced: '3.0.0', fixed: '3.0.18', lastAffected: null }],
          versions: [],
        },
      ],
      exploitedSince: null,
      epss: null,
      malicious: false,
    },
    280,
  ),
  fact('package-built', '2026-07-31T15:31:00Z', 'built openssl', {
    recipe: 'openssl-3.0',
    name: 'openssl',
    version: '3.0.18-r0',
    architecture: 'amd64',
    digest: digestOf('openssl apk'),
    sizeBytes: 1,
    stepKey: 'k',
    upstream: 'pkg:generic/openssl',
    upstreamVersion: '3.0.18',
    sourceDigest: digestOf('source'),
    isolation: 'bubblewrap',
    sourceEpoch: 1_785_000_000,
  }),
  fact('image-published', '2026-07-31T15:48:00Z', 'published nginx new', {
    line: 'nginx:1.28',
    repository: 'nginx',
    tag: '1.28',
    digest: digests.newerIndex,
    manifests: { amd64: digests.newer },
    packages: ['curl=8.15.0-r0', 'nginx=1.28.0-r3', 'openssl=3.0.18-r0', 'zlib=1.3.1-r0'],
    composition: digestOf('composition'),
    reason: 'openssl 3.0.18 fixes CVE-2026-1234',
  }),
  fact('image-confirmed', '2026-07-31T15:50:01Z', 'confirmed nginx:1.28 2026-07-31T15:50:02Z', {
    line: 'nginx:1.28',
    architecture: 'amd64',
    digest: digests.newer,
    inventory: digestOf('inventory'),
    advisorySet: digestOf('advisories'),
  }),
  fact('advisory-recorded', '2026-08-01T08:00:00Z', 'advisory CVE-2026-2001', {
    id: 'CVE-2026-2001',
    source: 'osv',
    aliases: [],
    summary: 'A redirect is followed with the password of the first host',
    published: '2026-08-01T08:00:00Z',
    modified: '2026-08-01T08:00:00Z',
    withdrawn: null,
    severities: [{ source: 'cna', type: 'CVSS_V3.1', vector: null, score: 5.3, level: 'medium' }],
    affected: [
      {
        package: 'pkg:generic/curl',
        stream: null,
        scheme: 'semver',
        ranges: [],
        versions: [],
        verdict: 'undetermined',
      },
    ],
    exploitedSince: null,
    epss: null,
    malicious: false,
  }),
];

/** What `nginx:1.28` serves. */
const inside: Inventory = {
  packages: [],
  components: (['curl=8.15.0', 'openssl=3.0.18'] as const).map((text) => {
    const [name = '', version = ''] = text.split('=');
    return {
      purl: `pkg:generic/${name}@${version}`,
      version,
      scheme: 'semver',
      upstream: `pkg:generic/${name}`,
      stream: version.replace(/\.[0-9]+$/, ''),
      edge: 'is',
      package: name,
      patched: [],
    };
  }),
};

export const MADE_UP = 'This world is made up: its upstream and its clock are invented.';

/** What pages and commands read, answered from the literals above; `as-of` shows what was discovered by then. */
const recipeOf = (name: string, version: string) =>
  recipe({
    name,
    recipe: name,
    file: `recipes/${name}.yaml`,
    version,
    upstream: { purl: `pkg:generic/${name}`, stream: '3.0', scheme: 'semver' },
  });
const lineOf = (name: string, file: string, bound: LinePackage['bound'] = null) =>
  line({
    line: name,
    file,
    packages: ['openssl', 'curl', 'zlib'].map((each, index) => ({
      name: each,
      bound: each === 'openssl' ? bound : null,
      note: each === 'openssl' && bound !== null ? 'ABI freeze' : null,
      at: `${file}:${9 + index}:5`,
    })),
  });

/** What the catalog of this factory declares, as far as pages ask. */
const declared = catalog({
  name: 'acme images',
  recipes: [recipeOf('openssl', '3.0.18'), recipeOf('curl', '8.15.0'), recipeOf('zlib', '1.3.1')],
  lines: [
    lineOf('nginx:1.28', 'lines/nginx.yaml'),
    lineOf('node:20', 'lines/node-20.yaml', { operator: '<', version: '3.0.18' }),
    lineOf('node:24', 'lines/node-24.yaml'),
  ],
});

/** The factory turned a minute ago; curl is built next, then what follows from it. */
const pulse: Pulse = {
  at: NOW.subtract({ minutes: 1 }),
  lookEverySeconds: 300,
  sources: {
    watched: 31,
    late: [{ kind: 'feed', name: 'kev feeds/kev.json', lookedAt: NOW.subtract({ minutes: 40 }), failures: 3 }],
  },
  queue: {
    steps: [
      { kind: 'build-package', target: 'zlib', stream: 'pkg:generic/zlib 2.0', lines: 1 },
      { kind: 'build-package', target: 'curl', stream: 'pkg:generic/curl 3.0', lines: 2 },
    ],
    beyond: {},
    held: [
      {
        kind: 'build-package',
        target: 'libxml2',
        stream: 'pkg:generic/libxml2 3.0',
        lines: 1,
        until: NOW.add({ minutes: 30 }),
      },
    ],
    workers: 1,
  },
};

const runs: readonly PastRun[] = [
  ...[340, 350, 355, 360, 360, 360, 360, 370, 380, 390, 400, 420, 600, 1900].map((seconds) => ({
    kind: 'build-package' as const,
    target: 'curl',
    seconds,
  })),
  { kind: 'compose-image', target: 'node:24', seconds: 4 },
  { kind: 'publish-image', target: 'node:24', seconds: 3 },
];

export function literalWorld(notice: string | null = MADE_UP): AccountDeps & Pick<PagesDeps, 'reports'> {
  const known = (asOf: Temporal.Instant | null): readonly Obligation[] =>
    obligations.filter((each) => asOf === null || Temporal.Instant.compare(each.discoveredAt, asOf) <= 0);
  return {
    now: () => NOW,
    inventory: async () => inside,
    notice,
    catalog: async () => declared,
    reports: {
      ...literalReport(),
      program: async () => ({ script: '// the program', style: '/* the style */' }),
      publicKey: async () => null,
      trustedKeys: async () => new Map(),
      signer: async () => null,
      version: '0.0.0',
    },
    summary: async () => ({ name: 'acme images', lines: 12, policy: defaultPolicy }),
    reasonHistory: async () => [],
    runsOf: async () => [],
    looksAt: async (upstream) =>
      upstream.endsWith('/curl') ? [{ form: 'git-tag', at: NOW.subtract({ minutes: 4 }) }] : [],
    pulse: async () => pulse,
    lastRuns: async () => runs,
    dataAsOf: async () => NOW.subtract({ minutes: 4 }),
    reasons: async (wanted) =>
      new Map(wanted.flatMap(({ obligation: id }) => [...reasons].filter(([key]) => key === id))),
    board: async ({ asOf, standings }) => ({
      obligations: known(asOf).filter(({ standing }) => standings?.includes(standing) ?? true),
      counts: { ...countsOf(known(asOf)), met: 411, missed: 1, excluded: 3 },
      worstMarginSeconds: -7500,
    }),
    obligations: async (by, asOf) =>
      known(asOf).filter(
        (each) =>
          (by.id === undefined || each.id === by.id) &&
          (by.line === undefined || each.line === by.line) &&
          (by.vulnerability === undefined || [each.vulnerability, ...each.aliases].includes(by.vulnerability)),
      ),
    facts: factsBy,
    ...bySubject((until) => factsBy(0, until)),
    fact: async (id) => facts.find((each) => each.id === id),
  };
}

async function* factsBy(after = 0, until?: Temporal.Instant) {
  for (const each of facts) {
    if (each.seq > after && (until === undefined || Temporal.Instant.compare(each.recordedAt, until) <= 0)) yield each;
  }
}

function countsOf(all: readonly Obligation[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { standing } of all) counts[standing] = (counts[standing] ?? 0) + 1;
  return counts;
}
