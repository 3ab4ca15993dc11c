import type { SeverityLevel } from '../../core/match/advisory.ts';

/** One finding as code scanning wants to have it. */
export interface SarifFinding {
  readonly vulnerability: string;
  readonly level: SeverityLevel;
  /** Of the rating that counts, 0 to 10; null where that is a word, or nobody rates. */
  readonly score: number | null;
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
 * code scanning sorts: the highest score of what counts, or the lowest of its level where there is no score.
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

const SCORES: Readonly<Record<SeverityLevel, number>> = { critical: 9, high: 7, medium: 4, low: 0.1 };
const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;

function ruleOf(id: string, findings: readonly SarifFinding[]) {
  const level = (Object.keys(SCORES) as SeverityLevel[]).find((each) =>
    findings.some((finding) => finding.level === each),
  );
  const severity = Math.max(...findings.map(securitySeverity));
  const packages = [...new Set(findings.map((finding) => finding.package))].join(', ');
  return {
    id,
    shortDescription: { text: plainMessage(`${id} in ${packages}`) },
    defaultConfiguration: { level: LEVELS[level ?? 'low'] },
    properties: { tags: ['security', 'vulnerability', level ?? 'low'], 'security-severity': severity.toFixed(1) },
  };
}

/** Zero would hide what somebody calls a flaw. */
function securitySeverity({ score, level }: SarifFinding): number {
  return score === null ? SCORES[level] : Math.min(10, Math.max(SCORES.low, score));
}

function resultOf(finding: SarifFinding, ruleIndex: number, target: string) {
  const { vulnerability, level, purl, version, fixedIn, because, location, suppressedBecause } = finding;
  const mend = fixedIn === null ? 'there is no fix that can be had' : `fixed in ${fixedIn}`;
  return {
    ruleId: vulnerability,
    ruleIndex,
    level: LEVELS[level],
    message: {
      text: plainMessage(`${finding.package} ${version} has ${vulnerability} (${level}), ${mend}: ${because}`),
    },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(location ?? target) }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: purl, kind: 'module' }],
      },
    ],
    // Stable for the same flaw in the same package, whatever else is found.
    partialFingerprints: { 'vulnerabilityInPackage/v1': `${vulnerability} ${purl} ${location ?? ''}` },
    // All results have it or none (section 3.27.23): empty says that it was looked at and counts.
    suppressions:
      suppressedBecause === null
        ? []
        : [{ kind: 'external', status: 'accepted', justification: plainMessage(suppressedBecause) }],
  };
}

/** Names come from files of others: braces would be placeholders (section 3.11.5), `[text](address)` a link (3.11.6). */
function plainMessage(text: string): string {
  return text
    .toWellFormed()
    .replace(/[{}]/g, '$&$&')
    .replaceAll('](', '] (')
    .replace(/\p{Cc}/gu, ' ');
}

function uriOf(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/');
}
