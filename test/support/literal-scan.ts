import type { AdvisoryRecord, AffectedPackage } from '../../src/core/match/advisory.ts';
import type { Component, Inventory } from '../../src/core/match/inventory.ts';
import { defaultPolicy } from '../../src/core/promise/policy.ts';
import { findingsIn } from '../../src/core/scan/findings-in.ts';
import { ecosystemOf, type RecordSource } from '../../src/core/scan/record-source.ts';
import { scanView, type ScanView } from '../../src/views/scan.ts';

/** Records in memory, asked as kept ones are. */
export function recordSource(
  records: readonly AdvisoryRecord[],
  scores: Readonly<Record<string, number>> = {},
): RecordSource {
  const about = (upstream: string) =>
    records.filter(({ affected }) => affected.some((each) => each.package === upstream));
  return {
    on: ({ upstream }) => about(upstream),
    about: ({ upstream }) => about(upstream),
    named: (id) => records.filter((record) => record.id === id || record.aliases.includes(id)),
    epss: (id) => scores[id],
    ecosystems: new Set(
      records.flatMap(({ affected }) =>
        affected.map(({ package: upstream, stream }) => ecosystemOf({ upstream, stream })),
      ),
    ),
  };
}

export function advisory(
  id: string,
  affected: readonly AffectedPackage[],
  over: Partial<AdvisoryRecord> = {},
): AdvisoryRecord {
  return {
    id,
    source: 'osv',
    aliases: [],
    summary: '',
    published: null,
    modified: '2026-03-01T00:00:00Z',
    withdrawn: null,
    severities: [],
    affected,
    exploitedSince: null,
    epss: null,
    malicious: false,
    ...over,
  };
}

export function affectedBelow(
  name: string,
  fixed: string | null,
  over: Partial<AffectedPackage> = {},
): AffectedPackage {
  return {
    package: name,
    stream: null,
    scheme: 'semver',
    ranges: [{ introduced: '0', fixed, lastAffected: null }],
    versions: [],
    ...over,
  };
}

export function component(purl: string, over: Partial<Component> = {}): Component {
  const [upstream = '', version = ''] = purl.split(/@(?=[^@]*$)/);
  return { purl, version, scheme: 'semver', upstream, stream: '1', edge: 'is', package: '', patched: [], ...over };
}

const severity = (source: string, level: 'critical' | 'high' | 'medium', score: number) =>
  ({ source, type: 'CVSS_V3.1', vector: null, score, level }) as const;

const inventory: Inventory = {
  packages: [],
  components: [
    component('pkg:npm/left-pad@1.2.0', { location: 'app/node_modules/left-pad/package.json' }),
    component('pkg:npm/%40scope/parser@2.0.0'),
    component('pkg:golang/example.com/tool@main', { scheme: 'go' }),
    component('pkg:deb/debian/openssl@3.0.11-1', { scheme: 'deb', stream: '12', package: 'openssl' }),
  ],
};

const records: readonly AdvisoryRecord[] = [
  advisory('GHSA-aaaa', [affectedBelow('pkg:npm/left-pad', '1.3.0')], {
    aliases: ['CVE-2026-1111'],
    severities: [severity('ghsa', 'critical', 9.8)],
  }),
  advisory('CVE-2026-1111', [], { source: 'kev', exploitedSince: '2026-02-01T00:00:00Z' }),
  advisory('GHSA-bbbb', [affectedBelow('pkg:npm/%40scope/parser', null)], {
    severities: [severity('ghsa', 'medium', 5.3)],
  }),
  advisory('GHSA-cccc', [affectedBelow('pkg:npm/left-pad', '1.2.1')]),
  advisory('GO-2026-1', [affectedBelow('pkg:golang/example.com/tool', '1.0.0', { scheme: 'go' })]),
];

/** A scan as people see it: rated, unrated, suppressed, undecided, and one package that nobody speaks of. */
export function literalScan(): ScanView {
  const { flaws, notCovered } = findingsIn(inventory, recordSource(records, { 'CVE-2026-1111': 0.42 }), {
    policy: defaultPolicy,
    options: {},
  });
  const outcomes = flaws.map((finding) => {
    const isStated = finding.vulnerability === 'GHSA-cccc';
    const by = {
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      note: '',
      author: 'example',
      statedAt: '2026-03-02T00:00:00Z',
      document: 'left-pad.openvex.json',
      tier: 'supplier',
    } as const;
    return { finding, state: isStated ? 'suppressed' : 'open', by: isStated ? by : null, contradiction: null } as const;
  });
  return scanView({
    target: {
      name: 'bom.cdx.json',
      kind: 'sbom',
      detail: 'CycloneDX 1.6',
      components: 4,
      unread: ['nameless 1.0'],
      unreadDatabases: [],
    },
    feeds: {
      records: 5,
      broken: 0,
      problems: [],
      newestModified: '2026-03-01T00:00:00Z',
      statements: 0,
      passedOver: { links: 0, versionless: 2 },
      notKeptIn: null,
      parts: [{ path: 'feeds/osv', records: 5, newestModified: '2026-03-01T00:00:00Z' }],
    },
    flaws,
    outcomes,
    notCovered,
    layerOf: ({ location }) => (location === undefined ? null : { index: 2, digest: `sha256:${'ab'.repeat(32)}` }),
  });
}
