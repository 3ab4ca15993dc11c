import type { SeverityLevel } from '../../core/match/advisory.ts';

/** One finding as code scanning wants to have it. */
export interface SarifFinding {
  readonly vulnerability: string;
  readonly level: SeverityLevel;
  readonly purl: string;
  readonly package: string;
  readonly version: string;
  /** Path of the file that tells of it; without one the scanned thing itself is named. */
  readonly location: string | null;
  readonly fixedIn: string | null;
  readonly because: string;
  /** Why it does not count; null: it does. */
  readonly suppressedBecause: string | null;
}

/**
 * A SARIF 2.1.0 log (OASIS, errata 01) with one rule for each vulnerability. `security-severity` is the number by which
 * GitHub sorts: the lowest score of each level, for which one counts is said in the message.
 */
export function encodeSarif(
  findings: readonly SarifFinding[],
  about: { readonly target: string; readonly version: string },
) {
  const rules = [...Map.groupBy(findings, ({ vulnerability }) => vulnerability)].map(([id, some]) => ruleOf(id, some));
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Suture', version: about.version, rules } },
        results: findings.map((finding) => resultOf(finding, indexes.get(finding.vulnerability) ?? 0, about.target)),
        columnKind: 'utf16CodeUnits',
      },
    ],
  };
}

const SCORES: Readonly<Record<SeverityLevel, string>> = { critical: '9.0', high: '7.0', medium: '4.0', low: '0.1' };
const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;

function ruleOf(id: string, findings: readonly SarifFinding[]) {
  const level = (Object.keys(SCORES) as SeverityLevel[]).find((each) =>
    findings.some((finding) => finding.level === each),
  );
  const packages = [...new Set(findings.map((finding) => finding.package))].join(', ');
  return {
    id,
    shortDescription: { text: `${id} in ${packages}` },
    defaultConfiguration: { level: LEVELS[level ?? 'low'] },
    properties: { tags: ['security', 'vulnerability', level ?? 'low'], 'security-severity': SCORES[level ?? 'low'] },
  };
}

function resultOf(finding: SarifFinding, ruleIndex: number, target: string) {
  const { vulnerability, level, purl, version, fixedIn, because, location, suppressedBecause } = finding;
  const mend = fixedIn === null ? 'there is no fix that can be had' : `fixed in ${fixedIn}`;
  const uri = (location ?? target).split('/').map(encodeURIComponent).join('/');
  return {
    ruleId: vulnerability,
    ruleIndex,
    level: LEVELS[level],
    message: { text: `${finding.package} ${version} has ${vulnerability} (${level}), ${mend}: ${because}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: purl, kind: 'module' }],
      },
    ],
    // Stable for the same flaw in the same package, whatever else is found.
    partialFingerprints: { 'suture/1': `${vulnerability} ${purl} ${location ?? ''}` },
    ...(suppressedBecause === null
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: suppressedBecause }] }),
  };
}
